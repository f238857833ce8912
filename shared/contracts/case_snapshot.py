"""A snapshot: one case version, frozen, with all that its message needs. What was sent is what was approved."""

from datetime import date, datetime

import msgspec

from shared.contracts.clinical import CaseContent


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """A value that a guideline lets us derive where none was reported; never shown as reported (DOMAIN 4)."""

    pointer: str  # RFC 6901, into the content
    value: str
    basis: str
    rule_id: str


class CaseSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a case."""

    case_id: str
    version: int
    sponsor: str
    content: CaseContent
    derived: tuple[Derived, ...]
    first_received_on: date  # C.1.4, never overwritten by a follow-up
    latest_information_on: date  # C.1.5, from a primary source, never goes back
    day_zero: date | None
    made_at: datetime | None = None  # the version: no message of it is created earlier

    def derived_value(self, pointer: str) -> str | None:
        """Return the derived value at a pointer into the content, if there is one."""
        return next((derived.value for derived in self.derived if derived.pointer == pointer), None)
