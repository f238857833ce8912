"""What the case says is laid over what was received; the rest goes on as it came (ICH E2B(R3) guide, section C.1.8)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar
from uuid import NAMESPACE_OID, uuid5

from shared.contracts.carried import CASE_SAYS
from shared.icsr.model.dates import TS
from shared.icsr.model.null_flavor import NullFlavor

Record = TypeVar("Record")
_IDS = uuid5(NAMESPACE_OID, "DayZero, ids of a received report")
_PLACES = uuid5(NAMESPACE_OID, "DayZero, ids of the parts of a case")


def laid_over(received: Record | None, ours: Record) -> Record:
    """Return the received record with everything that the case says of it, also that it says nothing."""
    if received is None:
        return ours
    stated = {name: _stated(getattr(received, name), getattr(ours, name)) for name in CASE_SAYS[type(ours)]}
    return replace(received, **stated)  # type: ignore[type-var]


def received_as(received_id: str | None, known: Mapping[str, Record]) -> Record | None:
    """Return the received record that a part of the case is; a part that was added since is none."""
    return known.get(received_id) if received_id else None


def onward_id(received_id: str | None) -> str | None:
    """Return the id of a received record in our message, as it says nothing and may be of no form that XML takes."""
    return str(uuid5(_IDS, received_id)) if received_id else None


def placed_id(part: str, place: int) -> str:
    """Return the id of a part of the case that was not received, where another part of the message names it."""
    return str(uuid5(_PLACES, f"{part} {place}"))


def _stated(received: object, ours: object) -> object:
    """The case has no place for a nullFlavor, nor for an hour: where it doesn't say otherwise, they stay."""
    if ours is None or isinstance(ours, NullFlavor):
        return received if isinstance(received, NullFlavor) else ours
    if isinstance(ours, TS) and isinstance(received, TS) and received.digits.startswith(ours.digits):
        return received
    return received if received == ours else ours
