"""Rules are about elements where they occur (guide v5.03, section 3.4): the model, walked by its declarations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from shared.icsr.element import Element, Group, Joined, declarations

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One element in one record; `value` is None where it is absent."""

    element: Element
    value: object
    location: str


@dataclass(frozen=True, slots=True)
class Members:
    """One repeating group in one record; `empty` counts off the members that hold no value at all."""

    group: Group
    count: int
    location: str
    empty: tuple[int, ...]


def occurrences(record: object, location: str = "") -> Iterator[Occurrence | Members]:
    """Yield every declared element and repeating group below a record, in the order of declaration."""
    for name, declared in declarations(type(record)):
        here = f"{location}.{name}" if location else name
        value = getattr(record, name)
        if isinstance(declared, Element):
            yield Occurrence(declared, value, here)
        elif declared.repeats:
            yield Members(
                declared,
                len(value),
                here,
                tuple(n for n, each in enumerate(value) if not _says_anything(each, declared.by is not None)),
            )
            for index, member in enumerate(value):
                yield from occurrences(member, f"{here}[{index}]")
        else:
            yield from occurrences(value, here)


def records(record: object, kind: type[Kind], location: str = "") -> Iterator[tuple[str, Kind]]:
    """Yield every record of one class at or below `record`, with its location."""
    if isinstance(record, kind):
        yield location, record
    for name, declared in declarations(type(record)):
        if isinstance(declared, Group):
            here = f"{location}.{name}" if location else name
            value = getattr(record, name)
            members = (
                [(f"{here}[{index}]", each) for index, each in enumerate(value)]
                if declared.repeats
                else [(here, value)]
            )
            for where, member in members:
                yield from records(member, kind, where)


def _says_anything(record: object, elsewhere: bool) -> bool:
    """Say whether anything is said in the record's own place; what is said elsewhere only refers to it.

    `elsewhere`: the record has no place of its own, so what is said elsewhere counts.
    """
    found = (each for each in occurrences(record) if isinstance(each, Occurrence) and not each.element.refers)
    return any(each.value is not None and (elsewhere or not isinstance(each.element.place, Joined)) for each in found)


def declared_element(kind: type, field: str) -> Element:
    """The element a field of a record's class declares."""
    found = dict(declarations(kind))[field]
    if not isinstance(found, Element):
        raise TypeError(f"{kind.__name__}.{field} is a group")
    return found


def named(element: Element) -> str:
    """How an element is called in messages: its id, and its name in words."""
    return f"{element.id} ({element.name})"
