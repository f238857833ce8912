"""A record without some of its values is otherwise the same (guide v5.03, section 3.4): walked by its declarations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from shared.icsr.element import Element, Group, declarations
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.rules.walk import Members, occurrences

Record = TypeVar("Record")


def without(record: Record, instead: Mapping[str, NullFlavor | None], location: str = "", gone: bool = False) -> Record:
    """The record without the values, or whole members, at some locations; `instead` is what stands there then."""
    values: dict[str, object] = {}
    for name, declared in declarations(type(record)):
        here = f"{location}.{name}" if location else name
        value, out = getattr(record, name), gone or here in instead
        if isinstance(declared, Element):
            values[name] = None if gone else instead.get(here) if out else value
        elif declared.repeats:
            members = [(f"{here}[{place}]", each) for place, each in enumerate(value)]
            values[name] = tuple(without(each, instead, at, out or at in instead) for at, each in members)
        else:
            values[name] = without(value, instead, here, out)
    return replace(record, **values)  # type: ignore[type-var]


def compacted(record: Record, keep: re.Pattern[str]) -> Record:
    """The record without members that say nothing, but for those of groups whose location `keep` matches."""
    empty = {
        f"{each.location}[{place}]"
        for each in occurrences(record)
        if isinstance(each, Members) and not keep.fullmatch(each.location)
        for place in each.empty
    }
    return _thinned(record, empty, "")


def _thinned(record: Record, empty: set[str], location: str) -> Record:
    values: dict[str, object] = {}
    for name, declared in declarations(type(record)):
        here = f"{location}.{name}" if location else name
        value = getattr(record, name)
        if isinstance(declared, Group) and declared.repeats:
            members = [(f"{here}[{place}]", each) for place, each in enumerate(value)]
            values[name] = tuple(_thinned(each, empty, at) for at, each in members if at not in empty)
        elif isinstance(declared, Group):
            values[name] = _thinned(value, empty, here)
    return replace(record, **values)  # type: ignore[type-var]
