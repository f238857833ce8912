"""A batch as a person reads it: in the guide's sections, codes and nullFlavors in words (ICH E2B(R3) v5.03, 3.4)."""

import textwrap
from collections.abc import Iterator, Mapping

from deploy.cli.e2b_files import brief
from deploy.cli.e2b_many import counted
from deploy.cli.e2b_words import said
from shared.icsr import api as icsr
from shared.icsr.element import Element, Group, declarations

_WIDTH = 116
_ID = 20
_INDENT = "  "


def lines_of(batch: icsr.Batch) -> Iterator[str]:
    """Yield the wrapper, each message, and what was not understood."""
    yield from _record(batch, 0, {})
    if batch.unknown:
        yield f"Not understood: {counted(len(batch.unknown), 'part')}, kept under `unknown`"
        for each in batch.unknown:
            yield f"{_INDENT}line {each.line or '?'}: {brief(each)}: {each.reason}"


def _record(record: object, depth: int, names: Mapping[str, str]) -> Iterator[str]:
    for field, declared in declarations(type(record)):
        value = getattr(record, field)
        if isinstance(declared, Element):
            if value is not None:
                yield from _element(declared, names.get(value, value) if declared.refers else value, depth)
        elif declared.repeats:
            for number, member in enumerate(value, 1):
                yield f"{_INDENT * depth}{_heading(declared)} ({number} of {len(value)})"
                yield from _record(member, depth + 1, names)
        else:
            yield from _section(declared, value, depth, names or _reactions(value))


def _section(group: Group, record: object, depth: int, names: Mapping[str, str]) -> Iterator[str]:
    if inside := list(_record(record, depth + 1, names)):
        yield f"{_INDENT * depth}{_heading(group)}"
        yield from inside


def _element(element: Element, value: object, depth: int) -> Iterator[str]:
    part = f", {element.part}" if element.part else ""
    start = f"{_INDENT * depth}{element.id:<{_ID - len(_INDENT) * depth}} "
    text = f"{element.name}{part}: {said(element, value)}"
    for number, line in enumerate(text.splitlines()):
        yield from textwrap.wrap(
            line or " ",
            _WIDTH,
            initial_indent=start if not number else " " * len(start),
            subsequent_indent=" " * (len(start) + 2 * (not number)),
            break_long_words=False,
            break_on_hyphens=False,
        )


def _heading(group: Group) -> str:
    return f"{group.id} {group.name}"


def _reactions(record: object) -> dict[str, str]:
    """What each reaction is called where a drug refers to it, if the record is a report."""
    found = getattr(record, "reactions", ())
    return {
        each.id: f"reaction {number}, {words}"
        for number, each in enumerate(found, 1)
        if each.id and (words := each.reported_text or each.translated_text or each.meddra_code or "without a name")
    }
