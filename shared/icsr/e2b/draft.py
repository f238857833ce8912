"""A report is put together as it is read, and made into records when all of it is known (guide v5.03, section 3.4).

A draft is a record in the making: its fields by name, groups as further drafts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from functools import cache
from typing import cast

from shared.icsr.element import Element, Group, declarations
from shared.icsr.model.dates import TS
from shared.icsr.model.values import Unparsed

Draft = dict[str, object]
Path = tuple[str, ...]


def put(draft: Draft, path: Path, value: object) -> bool:
    """Put a value in its field, unless it has one already; say whether it was put."""
    holder = _below(draft, path[:-1])
    if path[-1] in holder:
        return False
    holder[path[-1]] = value
    return True


def sequence(draft: Draft, path: Path) -> list[Draft]:
    """The members of a repeating group."""
    return cast("list[Draft]", _below(draft, path[:-1]).setdefault(path[-1], []))


def value_of(element: Element, content: str) -> str | bool | Decimal | TS | Unparsed:
    """A received value as its element's kind; what is of another format is kept as it is."""
    return _OF_KIND[element.kind](content) if element.kind in _OF_KIND else content


def build(kind: type, draft: Draft) -> object:
    """Make the record, and those below it."""
    names, single, repeated = _shape(kind)
    values = {name: draft[name] for name in names if name in draft}
    for name, below in single:
        if name in draft:
            values[name] = build(below, cast("Draft", draft[name]))
    for name, below in repeated:
        if name in draft:
            values[name] = tuple([build(below, member) for member in cast("list[Draft]", draft[name])])
    for name in _without_default(kind):
        values.setdefault(name, None)
    return kind(**values)


@cache
def _shape(kind: type) -> tuple[tuple[str, ...], tuple[tuple[str, type], ...], tuple[tuple[str, type], ...]]:
    declared = dict(declarations(kind))
    groups = [(name, each) for name, each in declared.items() if isinstance(each, Group)]
    plain = tuple(each.name for each in fields(kind) if each.name not in dict(groups))
    single = tuple((name, each.kind) for name, each in groups if not each.repeats)
    return plain, single, tuple((name, each.kind) for name, each in groups if each.repeats)


@cache
def _without_default(kind: type) -> tuple[str, ...]:
    """Elements whose default is for those who write; in a received message, what is not said is absent."""
    declared = {name for name, each in declarations(kind) if isinstance(each, Element)}
    return tuple(each.name for each in fields(kind) if each.name in declared and each.default is not None)


def _below(draft: Draft, path: Path) -> Draft:
    for name in path:
        draft = cast("Draft", draft.setdefault(name, {}))
    return draft


def _flag(content: str) -> bool | Unparsed:
    return {"true": True, "false": False}.get(content, Unparsed(content))


def _number(content: str) -> Decimal | Unparsed:
    plain = content.isascii() and content.lstrip("-").replace(".", "", 1).isdecimal()
    value = Decimal(content) if plain else None
    # A number that would be written with other digits than it was received with is no plain number.
    return value if value is not None and format(value, "f") == content else Unparsed(content)


def _date(content: str) -> TS | Unparsed:
    try:
        return TS(content)
    except ValueError:
        return Unparsed(content)


_OF_KIND: dict[object, Callable[[str], bool | Decimal | TS | Unparsed]] = {bool: _flag, Decimal: _number, TS: _date}
