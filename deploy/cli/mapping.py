"""A mapping says which column goes to which field of a report, in the operator's words; nothing is added (DOMAIN 4).

``constants`` is what the operator states of every record; ``fields`` are moves. ``*`` stands for each item of a list,
in a JSON record's name as in a report's. A value that a table does not have is left out and counted.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from itertools import combinations, product
from pathlib import Path
from typing import Any

import msgspec
import yaml

from deploy.cli.failure import CommandError
from deploy.cli.import_files import must_be_regular
from deploy.cli.mapped import Mapped

_PLACE = re.compile(r"(/([a-z_]+|\*|\d+))+")
_COMPACT = re.compile(r"(\d{4})(\d{2})?(\d{2})?")
_EACH = "*"


class Move(msgspec.Struct, frozen=True, kw_only=True, rename={"source": "from"}, forbid_unknown_fields=True):
    """One move, and how its value is written.

    ``source`` is a column, or a JSON pointer into a record of an .ndjson file; ``to`` a pointer into the report.
    """

    source: str
    to: str
    values: dict[str, Any] | None = None  # what each code says; null: nothing
    date: str | None = None  # a format of strptime, or "compact": YYYY, YYYYMM or YYYYMMDD
    number: bool = False
    split: str | None = None  # between the items of one cell


class ReportMapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mapping file."""

    fields: tuple[Move, ...]
    constants: dict[str, Any] = {}
    ignore: tuple[str, ...] = ()  # columns that are known to say nothing of the case


class _EachKeyOnce(yaml.SafeLoader):
    """YAML lets the last of two equal keys win; here neither does."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return an object. Raises YAMLError."""
        names = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        for name in (name for name, count in names.items() if count > 1):
            raise yaml.YAMLError(f"the key {name!r} is written more than once")
        return super().construct_mapping(node, deep)


def load(file: Path, schema: Mapping[str, Any]) -> ReportMapping:
    """Read a mapping (YAML) and hold it to the report's JSON Schema. Raises CommandError or OSError."""
    try:
        mapping = _read(file)
    except (yaml.YAMLError, ValueError, TypeError, msgspec.ValidationError) as error:
        raise CommandError(f"{file} is no mapping: {error}") from error
    except RecursionError as error:
        raise CommandError(f"{file} is no mapping: it is nested too deeply, or holds itself") from error
    for move in mapping.fields:
        if not _PLACE.fullmatch(move.to) or not _is_field(schema, schema, _steps(move.to)):
            raise CommandError(f"{file}: {move.to!r} is no field of a report; see: dayzero schema report")
        if move.to.count(_EACH) > 1 or (_EACH in _steps(move.to)) is not (_EACH in move.source or bool(move.split)):
            raise CommandError(f"{file}: {move.to!r}: one * for the items that {move.source!r} gives, by * or split")
    for one, other in _clashes(mapping):
        raise CommandError(f"{file}: {one!r} and {other!r} write one place; keep one of them")
    return mapping


def columns(mapping: ReportMapping) -> dict[str, None]:
    """Return the columns (of a JSON record: the fields at its top) that the moves read, in their order."""
    sources = (move.source for move in mapping.fields)
    return {source.split("/")[1] if source.startswith("/") else source: None for source in sources}


def body_of(record: object, mapping: ReportMapping, sponsor: str | None) -> Mapped:
    """Map one record: a row of a table, or a JSON object."""
    left_out: Counter[str] = Counter()
    body: dict[str, Any] = deepcopy(mapping.constants)
    lengths: dict[str, int] = {}
    for move in mapping.fields:
        values = _values(record, move)
        if _EACH in move.to and values and len(values) != lengths.setdefault(move.to.split(_EACH)[0], len(values)):
            left_out[f"{move.source} of another length"] += 1  # which item is meant cannot be told
            continue
        for place, value in enumerate(values):
            said = _said(value, move, left_out)
            if said is not None:
                _put(body, _steps(move.to), place, said)
    if sponsor:
        body["sponsor"] = sponsor
    names = record if isinstance(record, Mapping) else {}
    known = {*columns(mapping), *mapping.ignore}
    no_place = Counter(name for name, value in names.items() if value and name not in known)
    return Mapped(body=_without_gaps(body), left_out=left_out, no_place=no_place)


def _read(file: Path) -> ReportMapping:
    must_be_regular(file)
    loaded = yaml.load(file.read_text(encoding="utf-8"), _EachKeyOnce)  # noqa: S506 - it is a SafeLoader
    return msgspec.convert(msgspec.json.decode(msgspec.json.encode(loaded)), ReportMapping)  # a date becomes its text


def _clashes(mapping: ReportMapping) -> Iterator[tuple[str, str]]:
    """Yield two pointers of which one would write over the other; a move may replace the very constant it names."""
    moves = [move.to for move in mapping.fields]
    for one, other in combinations(moves, 2):
        if _is_within(one, other) or _is_within(other, one):
            yield one, other
    for one, other in product(_pointers(mapping.constants, ""), moves):
        if one != other and (_is_within(one, other) or _is_within(other, one)):
            yield one, other


def _is_within(inner: str, outer: str) -> bool:
    """Say whether a pointer names a place or something in it; * may be any item."""
    pairs = zip(_steps(inner), _steps(outer), strict=False)
    same = all(a == b or (_EACH in (a, b) and (a + b).strip(_EACH).isdecimal()) for a, b in pairs)
    return same and len(_steps(inner)) >= len(_steps(outer))


def _pointers(value: Any, pointer: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield pointer
        return
    for name, part in value.items():
        yield from _pointers(part, f"{pointer}/{name}")


def _values(record: Any, move: Move) -> list[Any]:
    if not move.source.startswith("/"):
        cell = record.get(move.source, "") if isinstance(record, Mapping) else ""
        return [part.strip() for part in str(cell).split(move.split)] if move.split and cell else [cell]
    return list(_found(record, _steps(move.source)))


def _found(value: Any, steps: list[str]) -> Iterator[Any]:
    for at, step in enumerate(steps):
        if step == _EACH:
            for item in value if isinstance(value, list) else []:
                yield next(_found(item, steps[at + 1 :]), None)
            return
        try:
            value = value[int(step)] if isinstance(value, list) else value.get(step)
        except (ValueError, IndexError, AttributeError):
            value = None
    yield value


def _said(value: Any, move: Move, left_out: Counter[str]) -> Any:
    """Return what a value says in a report's words; None where it says nothing, or nothing that can be told."""
    if value in (None, "", []):
        return None
    try:
        return _converted(value, move)
    except (KeyError, ValueError, TypeError, OverflowError):
        left_out[f"{move.source}={value}"] += 1
        return None


def _converted(value: Any, move: Move) -> Any:
    if move.values is not None:
        return move.values[str(value)]
    if move.date == "compact":
        match = _COMPACT.fullmatch(str(value))
        return "-".join(filter(None, match.groups())) if match else _refuse(value)
    if move.date is not None:
        return datetime.strptime(str(value), move.date).date().isoformat()  # noqa: DTZ007 - a date has no zone
    return float(value) if move.number else value


def _refuse(value: Any) -> Any:
    raise ValueError(value)


def _put(body: dict[str, Any], steps: list[str], item: int, said: Any) -> None:
    """Put a value in its place; lists are kept as objects by number until every move is made."""
    here: Any = body
    for step in steps[:-1]:
        here = here.setdefault(str(item) if step == _EACH else step, {})
    here[str(item) if steps[-1] == _EACH else steps[-1]] = said


def _without_gaps(value: Any) -> Any:
    """Turn objects by number into lists: an item of which nothing was said leaves no gap."""
    if not isinstance(value, dict):
        return value
    parts = {name: _without_gaps(part) for name, part in value.items()}
    if parts and all(name.isdecimal() for name in parts):
        return [parts[name] for name in sorted(parts, key=int)]
    return parts


def _is_field(schema: Any, root: Any, steps: list[str]) -> bool:
    for step in steps:
        while "$ref" in schema:
            schema = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
        below = schema.get("items") if step == _EACH or step.isdecimal() else schema.get("properties", {}).get(step)
        if below is None:
            return False
        schema = below
    return True


def _steps(pointer: str) -> list[str]:
    return pointer.split("/")[1:]
