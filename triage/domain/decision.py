"""Every case version and destination has exactly one decision, with its record: rules tried, facts, clocks."""

from datetime import date

import msgspec
from msgspec import UNSET, UnsetType

from triage.domain.determination import Confidence
from triage.domain.rulebook import ClockStart, DayType, Kind, SignOff


class RuleTried(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that was tried: whether it applied, and else the conditions that its nearest facts missed."""

    rule_id: str
    applied: bool
    missed: tuple[str, ...]

    @property
    def near_miss(self) -> bool:
        """One condition away from applying."""
        return len(self.missed) == 1


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """A clock that runs, or may turn out to run, by one rule.

    ``start_on`` is None, and so is ``due``, where what starts it has not happened.
    """

    rule_id: str
    kind: Kind
    paragraph: str
    confidence: Confidence
    subject: str
    days: int
    day_type: DayType
    start: ClockStart
    start_on: date | None
    due: date | None
    complete_by: date | None  # by which what an incomplete report left out must follow
    arithmetic: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided for one destination, and why.

    ``due`` is a calendar date; of an undetermined decision it is the day by which it would be due at the earliest.
    What later editions of the rulebook record is unset, and not written, in a decision by an earlier one.
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
    clocks: tuple[Clock, ...] | UnsetType = UNSET  # the earliest first
    sign_off: SignOff | UnsetType = UNSET  # of the deciding rule, where it was not read in its source
    period: "Period | UnsetType" = UNSET  # of a periodic decision

    @property
    def brief(self) -> "Decision":
        """Return it without facts, rules tried and clocks, as the head of a case keeps it; its version has them all."""
        return msgspec.structs.replace(self, facts={}, tried=(), clocks=UNSET)

    @property
    def complete_by(self) -> date | None:
        """Return the day by which what an incomplete report leaves out must follow, where a rule lets it be so."""
        clocks = () if self.clocks is UNSET else self.clocks
        stated = (clock.complete_by for clock in clocks if clock.kind is Kind.EXPEDITED and clock.complete_by)
        return min(stated, default=None)

    @property
    def verdict(self) -> tuple[Kind, date | None]:
        """Return what follows of it: whether to tell, and by when."""
        return self.kind, self.due


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """The periodic report that collects a case (21 CFR 314.80(c)(2), 600.80(c)(2)); both days included."""

    name: str  # quarterly, annual
    authorisation: str
    first: date
    last: date
    due: date
