"""The rulebook's files: a folder a version, a file an authority, checked when read and refused by file, line and cure.

``rulebook.yaml`` says what the version is; every other file declares an authority's destinations, each with its rules.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import msgspec
import yaml

from triage.domain import facts
from triage.domain.rulebook import DayType, Destination, DestinationRule, Kind, Rulebook, Words
from triage.reference.files import ReferenceFileError

RULEBOOKS = Path(__file__).parent / "rulebook"
HEAD = "rulebook.yaml"
_AT = re.compile(r" - at `\$(?P<path>[^`]*)`")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


class _Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: Words
    adopted_on: date
    edition: Annotated[int, msgspec.Meta(ge=1, le=2)]
    facts: tuple[Words, ...]
    authorities: tuple[Words, ...]  # a file each, in the order in which a case shows them


class _Destinations(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    destinations: tuple[dict[str, Any], ...]


class RuleFileError(ReferenceFileError):
    """A file of the rulebook is wrong; the message names file and line, the rule broken, and the cure."""


class RuleFile:
    """A YAML file that knows on which line each value stands."""

    def __init__(self, path: Path) -> None:
        """Read it. Raises RuleFileError."""
        self.path = path
        try:
            self._text = path.read_text(encoding="utf-8")
            self.content = yaml.safe_load(self._text)
        except OSError as error:
            raise RuleFileError(f"{path}: cannot be read ({error.strerror}); put it there") from error
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark else ""
            raise RuleFileError(f"{path}{line}: no YAML: {getattr(error, 'problem', None) or error}") from error

    def convert(self, value: Any, form: Any, path: str = "") -> Any:
        """Return a value, which stands at ``path`` in the file, in its form. Raises RuleFileError."""
        try:
            return msgspec.convert(value, form)
        except msgspec.ValidationError as error:
            found = _AT.search(str(error))
            raise self.error(path + (found["path"] if found else ""), _AT.sub("", str(error))) from error

    def error(self, path: str, words: str) -> RuleFileError:
        """Return the error of what stands at a path (``.destinations[0].rules[2].days``)."""
        return RuleFileError(f"{self.path}:{self._line(path)}: {path.lstrip('.') or 'file'}: {words}")

    def _line(self, path: str) -> int:
        """Return the line of the value, or of the nearest that holds it."""
        node = self._nodes
        for name, place in _STEP.findall(path):
            below = _below(node, name, place)
            if below is None:
                break
            node = below
        return node.start_mark.line + 1 if node else 1

    @cached_property
    def _nodes(self) -> yaml.Node | None:
        return yaml.compose(self._text, Loader=yaml.SafeLoader)


def load_rulebooks(folder: Path = RULEBOOKS) -> tuple[Rulebook, ...]:
    """Read every version, the earliest adopted first. Raises RuleFileError."""
    versions = sorted(path.parent for path in folder.glob(f"*/{HEAD}"))
    if not versions:
        raise RuleFileError(f"{folder}: no version of the rulebook (*/{HEAD})")
    books = sorted(map(load_rulebook, versions), key=lambda book: book.adopted_on)
    for name, count in Counter(book.version for book in books).items():
        if count > 1:
            raise RuleFileError(f"{folder}: version {name!r} is given {count} times; a version is one folder")
    return tuple(books)


def load_rulebook(folder: Path) -> Rulebook:
    """Read one version: its head, and a file of each authority. Raises RuleFileError."""
    head_file = RuleFile(folder / HEAD)
    head: _Head = head_file.convert(head_file.content, _Head)
    for place, name in enumerate(head.facts):
        if name not in (*facts.ANSWERS, *facts.RECORDED):
            raise head_file.error(f".facts[{place}]", f"there is no fact {name!r}; there are {_known()}")
    destinations: list[Destination] = []
    rules: list[DestinationRule] = []
    _refuse_unlisted(head_file, head)
    for name in head.authorities:
        for destination, its_rules in _authority(RuleFile(folder / f"{name}.yaml")):
            destinations.append(destination)
            rules += its_rules
    _refuse_repeated(folder, "destination", [each.id for each in destinations])
    _refuse_repeated(folder, "rule", [each.id for each in rules])
    return Rulebook(
        version=head.version,
        adopted_on=head.adopted_on,
        edition=head.edition,
        facts=head.facts,
        destinations=tuple(destinations),
        rules=tuple(rules),
    )


def _authority(file: RuleFile) -> Iterator[tuple[Destination, list[DestinationRule]]]:
    content: _Destinations = file.convert(file.content, _Destinations)
    for place, declared in enumerate(content.destinations):
        at = f".destinations[{place}]"
        stated = declared.get("rules")
        if not isinstance(stated, list) or not stated:
            raise file.error(at, "a destination has rules; without one nothing could be decided")
        destination = file.convert({n: v for n, v in declared.items() if n != "rules"}, Destination, at)
        yield destination, [_rule(file, f"{at}.rules[{i}]", rule, destination) for i, rule in enumerate(stated)]


def _rule(file: RuleFile, at: str, stated: Any, destination: Destination) -> DestinationRule:
    if not isinstance(stated, dict):
        raise file.error(at, "a rule is a mapping: id, version, paragraph, confidence, when, outcome, words")
    if "sign_off" in stated or "destination" in stated:
        raise file.error(at, "a rule stands in its destination, and is signed off by `dayzero rules sign`, not here")
    rule: DestinationRule = file.convert(stated | {"destination": destination.id}, DestinationRule, at)
    for path, words in _wrong(rule, destination):
        raise file.error(at + path, words)
    return rule


def _wrong(rule: DestinationRule, destination: Destination) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a rule that has the right form."""
    yield from _wrong_conditions(rule)
    if rule.outcome is Kind.EXPEDITED and rule.days is None:
        yield "", "what is expedited has days; add `days`"
    if rule.outcome in {Kind.PERIODIC, Kind.NONE} and rule.days is not None:
        yield ".days", f"what is {rule.outcome} has no clock; remove `days`"
    if rule.day_type is DayType.BUSINESS and destination.holidays is None:
        yield ".day_type", "business days need to know whose; add `holidays: <country>` to the destination"
    if (rule.in_force_from or date.min) > (rule.in_force_until or date.max):
        yield ".in_force_until", "it ends before it begins"


def _wrong_conditions(rule: DestinationRule) -> Iterator[tuple[str, str]]:
    for name, values in rule.when.items():
        answers = facts.ANSWERS.get(name)
        if answers is None:
            yield f".when.{name}", f"no rule can ask for {name!r}; the facts are {_known()}"
            continue
        for value in set(values) - set(answers):
            yield f".when.{name}", f"{name} is never {value!r}; it is {', '.join(answers)}"


def _refuse_unlisted(file: RuleFile, head: _Head) -> None:
    for path in sorted(file.path.parent.glob("*.yaml")):
        if path.name != HEAD and path.stem not in head.authorities:
            raise file.error(".authorities", f"{path.name} lies beside it; list {path.stem!r}, or take the file away")


def _refuse_repeated(folder: Path, what: str, names: list[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise RuleFileError(f"{folder}: {what} {name!r} is given {count} times; an id is one {what}'s")


def _known() -> str:
    return ", ".join(sorted(facts.ANSWERS))


def _below(node: yaml.Node | None, name: str, place: str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and place and int(place) < len(node.value):
        found: yaml.Node = node.value[int(place)]
        return found
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == name), None)
    return None
