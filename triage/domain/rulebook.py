"""A rulebook is rules as data, in versions; a case version is held to the one recorded with it (DOMAIN 9).

A rule that was not read in its source is active only once a named regulatory owner has signed it off; until then it
dismisses nothing and its clock is held.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated

import msgspec
import rfc8785

from shared.ids import sha256
from triage.domain.determination import Confidence

Words = Annotated[str, msgspec.Meta(min_length=1)]
Days = Annotated[int, msgspec.Meta(ge=1, le=366)]
IN_FORCE = "in_force"


class Kind(StrEnum):
    """What is decided for a destination, the weightiest first."""

    EXPEDITED = "expedited"
    UNDETERMINED = "undetermined"
    PERIODIC = "periodic"
    NONE = "none"


class Pathway(StrEnum):
    """By which of an authority's duties a destination is told."""

    POSTMARKETING = "postmarketing"
    TRIAL = "trial"


class DayType(StrEnum):
    """How days are counted."""

    CALENDAR = "calendar"
    BUSINESS = "business"


class ClockStart(StrEnum):
    """What starts a clock: knowledge of the facts, or the determination that they qualify (21 CFR 312.32(c)(1))."""

    AWARENESS = "awareness"
    QUALIFIED = "qualified"


class Destination(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An authority with a pathway."""

    id: Words
    name: Words
    authority: Words
    document: Words  # against which expectedness is judged
    territories: tuple[str, ...]  # where an authorisation, a trial site and an event count as its own
    pathway: Pathway = Pathway.POSTMARKETING
    same_active_moiety: bool = False  # FDA: another product with the same active moiety counts as well
    holidays: str | None = None  # the country whose public holidays are no business days
    dormant: bool = False  # without a rule that is signed off it takes no part
    in_force_until: date | None = None  # the last day of awareness on which anything was told there

    @property
    def always(self) -> bool:
        """Say whether every case has a decision for it."""
        return not self.dormant and self.in_force_until is None


class SignOff(msgspec.Struct, frozen=True, kw_only=True):
    """A named regulatory owner's word that a rule, as it is, may be used."""

    rule_id: str
    rule_version: int
    sha256: str
    owner: str
    at: datetime
    reason: str


class DestinationRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule: conditions over facts, each with the values that meet it, and what follows.

    On an undetermined outcome ``days`` are those of the shortest clock that could turn out to run. It is in force from
    and until days of awareness, both included.
    """

    id: Words
    version: Annotated[int, msgspec.Meta(ge=1)]
    destination: str
    paragraph: Words
    confidence: Confidence
    when: dict[str, tuple[str, ...]]
    outcome: Kind
    words: Words
    days: Days | None = None
    day_type: DayType = DayType.CALENDAR
    clock_start: ClockStart = ClockStart.AWARENESS
    follow_up_days: Days | None = None  # of new information; without, as of the first report
    complete_within: Days | None = None  # more days for what the first, incomplete report left out
    in_force_from: date | None = None
    in_force_until: date | None = None
    local_criteria_report_type: str | None = None  # FDA.C.1.7.1
    sign_off: SignOff | None = None

    def missed(self, facts: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of the conditions that these facts do not meet; none: the rule applies."""
        return tuple(name for name, values in self.when.items() if facts.get(name) not in values)

    def holds_on(self, day: date) -> bool:
        """Say whether the rule is in force for what became known on a day."""
        return (self.in_force_from or date.min) <= day <= (self.in_force_until or date.max)

    @property
    def sha256(self) -> str:
        """Return the hash of the rule as a regulatory owner signs it."""
        return sha256(rfc8785.dumps(msgspec.to_builtins(msgspec.structs.replace(self, sign_off=None))))


class Rulebook(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A version of all rules.

    ``edition`` 1 takes the weightiest outcome and lets every rule decide; 2 counts every clock that runs or may run,
    and wants a sign-off of what was not read in its source. A case is decided again as its rulebook's edition says.
    """

    version: str
    destinations: tuple[Destination, ...]
    rules: tuple[DestinationRule, ...]
    facts: tuple[str, ...] = ()  # that a decision records, in this order
    edition: int = 1
    adopted_on: date = date.min

    @property
    def counts_all_clocks(self) -> bool:
        """Say whether every clock counts, and only confirmed rules dismiss."""
        return self.edition > 1

    def taking_part(self, day: date) -> tuple[Destination, ...]:
        """Return the destinations that what became known on a day is decided for."""
        return tuple(each for each in self._awake if day <= (each.in_force_until or date.max))

    def signed(self, sign_offs: Iterable[SignOff]) -> "Rulebook":
        """Return the rulebook with these sign-offs, and no others, of its rules as they are."""
        given = {(each.rule_id, each.rule_version, each.sha256): each for each in sign_offs}
        rules = tuple(
            rule
            if rule.confidence is Confidence.VERIFIED
            else msgspec.structs.replace(rule, sign_off=given.get((rule.id, rule.version, rule.sha256)))
            for rule in self.rules
        )
        return msgspec.structs.replace(self, rules=rules)

    def confirmed(self, rule: DestinationRule) -> bool:
        """Say whether a rule may decide by itself."""
        return not self.counts_all_clocks or rule.confidence is Confidence.VERIFIED or rule.sign_off is not None

    def of(self, destination: str) -> tuple[DestinationRule, ...]:
        """Return the rules of a destination, in the order of the file."""
        return self._by_destination.get(destination, ())

    def asked(self, facts: Mapping[str, str]) -> tuple[str | None, ...]:
        """Return what any rule would ask of these facts: facts that agree in it meet and miss the same conditions."""
        return tuple(map(facts.get, self._names))

    def missed(self, destination: str, facts: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
        """Return for each rule of a destination the conditions that these facts miss.

        It is remembered: what rules ask for has few values, so that nearly every case has been seen before.
        """
        key = (destination, *self.asked(facts))
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = tuple(rule.missed(facts) for rule in self.of(destination))
        return found

    @cached_property
    def _awake(self) -> tuple[Destination, ...]:
        signed = {rule.destination for rule in self.rules if rule.sign_off}
        return tuple(each for each in self.destinations if not each.dormant or each.id in signed)

    @cached_property
    def _by_destination(self) -> dict[str, tuple[DestinationRule, ...]]:
        return {
            each.id: tuple(rule for rule in self.rules if rule.destination == each.id) for each in self.destinations
        }

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(sorted({name for rule in self.rules for name in rule.when}))

    @cached_property
    def _seen(self) -> dict[tuple[str | None, ...], tuple[tuple[str, ...], ...]]:
        return {}


def in_force(rulebooks: Sequence[Rulebook], day: date) -> Rulebook:
    """Return the last rulebook adopted by a day, before the first the first; they are in order of adoption."""
    return next((each for each in reversed(rulebooks) if each.adopted_on <= day), rulebooks[0])
