"""Messages made from the declarations alone, with a value in every element and two of every group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from typing import cast

from shared.icsr.element import Element, Group, declarations
from shared.icsr.model.codes import MEDDRA_CODE, MEDDRA_VERSION
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Batch
from shared.icsr.model.values import Attachment

Make = Callable[[Element, int], object]

# Of two things that exclude each other in HL7, the first member of a group says one, the second the other.
_END = ("", "_unit", "_inclusive")
_NOT_IN_FIRST = {"phpid", "phpid_version", "eu_result"} | {
    f"result_{end}{what}" for end in ("above", "below") for what in _END
}
_NOT_IN_SECOND = {"mpid", "mpid_version", "result", "result_unit"}
_PLAIN: dict[str, str] = {MEDDRA_VERSION: "29.0", MEDDRA_CODE: "9900000{n}", r"[A-Z]{2}-.+-.+": "SE-ORBIS-{n}"}


def filled(make: Make | None = None, messages: int = 2) -> Batch:
    """A batch of messages in which `make` (or a plain rule) has given each element a value; None leaves one out."""
    return cast("Batch", _record(Batch, 0, make or value_for, messages))


def value_for(element: Element, n: int) -> object:
    """A value that the element's own declaration allows; `n` tells members apart."""
    if element.refers:
        return f"R{n}"
    if element.kind is Attachment:
        return Attachment("application/pdf", "B64", None, f"JVBERi0{n}")
    if element.kind is TS:
        return TS(f"202601{10 + n}120000+0100")
    if element.kind is Decimal:
        return Decimal(n + 1)
    if element.codes:
        code = list(element.codes.values)[n % len(element.codes.values)]
        return code == "true" if element.kind is bool else code
    if element.kind is bool:
        return n == 0
    if element.pattern:
        return _PLAIN[element.pattern].format(n=n)
    return f"{element.id}-{n}"[-(element.max_length or 20) :]


def _record(kind: type, n: int, make: Make, messages: int) -> object:
    values: dict[str, object] = {}
    for name, declared in declarations(kind):
        if isinstance(declared, Element):
            absent = name in (_NOT_IN_SECOND if n % 2 else _NOT_IN_FIRST)
            values[name] = None if absent else make(declared, n)
        else:
            values[name] = _members(declared, n, make, messages)
    if any(each.name == "id" for each in fields(kind)):
        values["id"] = f"{'R' if kind.__name__ == 'Reaction' else 'D'}{n}"
    return kind(**values)


def _members(group: Group, n: int, make: Make, messages: int) -> object:
    if not group.repeats:
        return _record(group.kind, n, make, messages)
    count = messages if group.names_ids else 2
    return tuple(_record(group.kind, index, make, messages) for index in range(count))
