"""A report can be kept and handed on as JSON without losing anything (guide v5.03, section 3.4: the same elements, each
under its field's name).

A value is a JSON string, or true and false; an absent one is left out. What is neither is an object with one meaning:
`{"null": "UNK"}` a nullFlavor, `{"unparsed": "20251399"}` characters of another format, `{"code": ..., "system": ...}`
a code of another list, and an attachment its parts. Groups are objects and arrays. Numbers are strings, so that "48.0"
stays "48.0"; dates are strings with the digits and the offset they were reported with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from decimal import Decimal, InvalidOperation
from typing import cast

from shared.icsr.element import Element, Group, declarations, lexical
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Batch, Unread
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment, Coded, Unparsed

FORM = "dayzero-icsr-1"
Json = dict[str, object]


class NoCase(ValueError):
    """The JSON is no case of this form; the text is one line that names the place and the cure."""


def to_json(batch: Batch) -> Json:
    """Give a whole batch as what `json.dumps` takes."""
    told: Json = {"form": FORM, **_record(batch)}
    if batch.unknown:
        told["unknown"] = [asdict(each) for each in batch.unknown]
    return told


def from_json(data: object) -> Batch:
    """Make the batch that `to_json` gave.

    Raises:
        NoCase: a field is not known, or a value has another form.
    """
    if not isinstance(data, dict) or data.get("form") != FORM:
        raise NoCase(f'This is no case: "form" must be {FORM!r}; take one from `dayzero e2b read FILE --json`.')
    rest = {name: value for name, value in data.items() if name not in {"form", "unknown"}}
    unknown = tuple(_unread(each) for each in _list(data.get("unknown", []), "unknown"))
    return cast("Batch", _made(Batch, rest, "", {"unknown": unknown}))


def value_to_json(value: object) -> object:
    """Give one value as it stands in the JSON of a case."""
    if isinstance(value, bool):
        return value
    write = _OBJECTS.get(type(value))
    return write(value) if write else lexical(value)


def _record(record: object) -> Json:
    told: Json = {}
    if identity := getattr(record, "id", None):
        told["id"] = identity
    for name, declared in declarations(type(record)):
        value = getattr(record, name)
        if isinstance(declared, Element):
            if value is not None:
                told[name] = value_to_json(value)
        elif declared.repeats:
            if value:
                told[name] = [_record(each) for each in value]
        elif below := _record(value):
            told[name] = below
    return told


_OBJECTS: dict[type, Callable[..., Json]] = {
    NullFlavor: lambda value: {"null": value.value},
    Unparsed: lambda value: {"unparsed": value.text},
    Coded: lambda value: {"code": value.code, "system": value.system},
    Attachment: lambda value: {each.name: found for each in fields(value) if (found := getattr(value, each.name))},
}


def _made(kind: type, data: object, at: str, more: Mapping[str, object]) -> object:
    if not isinstance(data, dict):
        raise NoCase(f"{at or 'The case'} must be an object.")
    declared = dict(declarations(kind))
    identified = any(each.name == "id" for each in fields(kind))
    # A field that has a default for those who write is absent here, if the JSON leaves it out.
    values: dict[str, object] = {name: None for name, each in declared.items() if isinstance(each, Element)}
    values.update(more)
    for name, value in data.items():
        here = f"{at}.{name}" if at else name
        if name == "id" and identified:
            values["id"] = _string(value, here)
        elif name not in declared:
            raise NoCase(f"{here} is no field of a case; `dayzero e2b elements` lists them.")
        else:
            values[name] = _field(declared[name], value, here)
    return kind(**values)


def _field(declared: Element | Group, value: object, at: str) -> object:
    if isinstance(declared, Element):
        return _read(declared, value, at)
    if declared.repeats:
        return tuple(_made(declared.kind, each, f"{at}[{n}]", {}) for n, each in enumerate(_list(value, at)))
    return _made(declared.kind, value, at, {})


def _read(element: Element, value: object, at: str) -> object:
    if isinstance(value, dict):
        return _special(element, {str(name): _string(each, f"{at}.{name}") for name, each in value.items()}, at)
    if element.kind is bool:
        if not isinstance(value, bool):
            raise NoCase(f"{at} must be true or false, without quotes.")
        return value
    try:
        return _PLAIN[element.kind](_string(value, at))
    except (ValueError, InvalidOperation, KeyError):
        raise NoCase(
            f'{at} ({element.id}) is {value!r}, which has another format; {{"unparsed": ...}} keeps it as it is.'
        ) from None


def _special(element: Element, value: dict[str, str], at: str) -> object:
    if value.keys() == {"code", "system"} and not (element.takes_other_lists and any(value.values())):
        raise NoCase(f"{at} ({element.id}) takes no code of another list; write the value alone, as a string.")
    if element.kind is Attachment and value.keys() <= {each.name for each in fields(Attachment)}:
        return Attachment(**value)
    make = _SPECIAL.get(frozenset(value))
    if make is None:
        raise NoCase(f"{at} is an object of unknown form: {', '.join(sorted(value)) or 'empty'}.")
    try:
        return make(**value)
    except KeyError:
        raise NoCase(f"{at} names no nullFlavor: {value['null']!r}.") from None


_UNREAD = frozenset({"place", "content", "reason"})
_PLAIN: dict[object, Callable[[str], object]] = {str: str, Decimal: Decimal, TS: TS}
_SPECIAL: dict[frozenset[str], Callable[..., object]] = {
    frozenset({"null"}): lambda null: NullFlavor[null],
    frozenset({"unparsed"}): lambda unparsed: Unparsed(unparsed),
    frozenset({"code", "system"}): Coded,
}


def _unread(value: object) -> Unread:
    line = value.get("line", 0) if isinstance(value, dict) else None
    # A bool is an int too, and no line.
    if not isinstance(value, dict) or value.keys() - {"line"} != _UNREAD or type(line) is not int:
        raise NoCase("unknown: each entry has place, content and reason, which are strings, and line, a whole number.")
    return Unread(**{name: _string(value[name], f"unknown.{name}") for name in _UNREAD}, line=line)


def _list(value: object, at: str) -> list[object]:
    if not isinstance(value, list):
        raise NoCase(f"{at} must be an array.")
    return value


def _string(value: object, at: str) -> str:
    if not isinstance(value, str):
        raise NoCase(f"{at} must be a string.")
    return value
