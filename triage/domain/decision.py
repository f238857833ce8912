"""Every case version and destination has exactly one decision, with its record: rules tried, facts, clock."""

from datetime import date

import msgspec

from triage.domain.determination import Confidence
from triage.domain.rulebook import Kind


class RuleTried(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that was tried: whether it applied, and else the conditions that its nearest facts missed."""

    rule_id: str
    applied: bool
    missed: tuple[str, ...]

    @property
    def near_miss(self) -> bool:
        """One condition away from applying."""
        return len(self.missed) == 1


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided for one destination, and why.

    ``due`` is a calendar date; of an undetermined decision it is the day by which it would be due at the earliest.
    """

    destination: str
    kind: Kind
    rule_id: str
    rule_version: int
    rulebook: str
    paragraph: str
    confidence: Confidence
    subject: str  # the event and drug that weigh most
    facts: dict[str, str]
    reason: str
    tried: tuple[RuleTried, ...]
    days: int | None = None
    clock_start: date | None = None
    due: date | None = None
    arithmetic: str | None = None
    local_criteria_report_type: str | None = None  # FDA.C.1.7.1
