"""A report is put together as it is read, and made into records when all of it is known (guide v5.03, section 3.4).

A draft is a record in the making: its fields by name, those of groups below it by the path to them (as
`report.sender.fax`), the members of a repeating group as a list of further drafts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from decimal import Decimal
from functools import cache
from typing import cast

from shared.icsr.e2b.source import Source
from shared.icsr.element import Element, Group, declarations
from shared.icsr.model.dates import TS
from shared.icsr.model.values import Unparsed

Draft = dict[str, object]
Value = str | bool | Decimal | TS | Unparsed


def put(draft: Draft, field: str, value: object) -> bool:
    """Put a value in its field, unless it has one already; say whether it was put."""
    if field in draft:
        return False
    draft[field] = value
    return True


def sequence(draft: Draft, field: str) -> list[Draft]:
    """The members of a repeating group."""
    return cast("list[Draft]", draft.setdefault(field, []))


def reader_of(element: Element) -> Callable[[str], Value] | None:
    """What makes a received value one of its element's kind, or keeps it as it is; None for what is text."""
    return _OF_KIND.get(element.kind)


def build(kind: type, draft: Draft) -> object:
    """Make the record, and those below it."""
    return _builder(kind)(draft)


@cache
def _builder(kind: type) -> Callable[[Draft], object]:
    source = Source({})
    return source.compiled(_function(source, kind), "a builder of records")


def _function(source: Source, kind: type) -> str:
    function = source.function(kind.__name__, "draft")
    function.line("get = draft.get")
    function.line(f"return {_record(source, kind, '')}")
    return source.add(function)


def _record(source: Source, kind: type, above: str) -> str:
    """The expression for a record whose fields have `above` before their names."""
    declared = dict(declarations(kind))
    said = (
        f"{each.name}={_field(source, declared.get(each.name), above + each.name, each.default)}"
        for each in fields(kind)
    )
    return f"{source.named(kind)}({', '.join(said)})"


def _field(source: Source, declared: Element | Group | None, field: str, default: object) -> str:
    if not isinstance(declared, Group):
        # The default of an element is for those who write; in a received message, what is not said is absent.
        absent = "" if declared or default in (None, MISSING) else f", {source.named(default)}"
        return f"get({field!r}{absent})"
    if declared.repeats:
        return f"tuple([{_function(source, declared.kind)}(each) for each in get({field!r}, ())])"
    return _record(source, declared.kind, f"{field}.")


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


_OF_KIND: dict[object, Callable[[str], Value]] = {bool: _flag, Decimal: _number, TS: _date}
