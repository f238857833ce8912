"""What each authority must be told: all rules that apply count, not the first, and every rule tried is recorded.

The facts of each event with each suspect drug are held against the rulebook's conditions; the weightiest outcome is
the decision, and of several clocks, even one that may only turn out to run, the earliest counts (DOMAIN 9).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import msgspec
from msgspec import UNSET

from triage.domain.decision import Clock, Decision, RuleTried
from triage.domain.determination import Confidence
from triage.domain.rulebook import IN_FORCE, DestinationRule, Kind, Rulebook

NO_RULE = "NO-RULE"
UNCONFIRMED = "It was not read in its source: a regulatory owner has to sign it off, until then a person decides."
_CLOCKED = {Kind.EXPEDITED, Kind.UNDETERMINED}  # one without a clock of its own is held to what else may run
_WEIGHT = {kind: weight for weight, kind in enumerate(Kind)}


class Pairing(msgspec.Struct, frozen=True, kw_only=True):
    """One event with one suspect drug at one destination: where they stand in the case, and the facts rules ask for."""

    subject: str
    facts: Mapping[str, str]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule makes of one pairing, with the clocks that it starts."""

    pairing: Pairing
    rule: DestinationRule
    kind: Kind
    clocks: tuple[Clock, ...]

    @property
    def weight(self) -> tuple[int, date]:
        """Weigh by kind, then by the earliest clock."""
        return _WEIGHT[self.kind], min((c.due for c in self.clocks if c.due), default=date.min)


Clocks = Callable[[DestinationRule, str, Kind], tuple[Clock, ...]]


def decide(
    rulebook: Rulebook, destination: str, pairings: Sequence[Pairing], clock_start: date, clocks: Clocks
) -> Decision:
    """Hold every pairing against every rule of the destination.

    ``clocks`` starts those of a rule that applies; ``clock_start`` is the day that a rule must be in force on.
    """
    rules = rulebook.of(destination)
    held = [
        (pairing, [_here(rule, clock_start, names) for rule, names in zip(rules, missed, strict=True)])
        for pairing in _distinct(rulebook, pairings)
        for missed in [rulebook.missed(destination, pairing.facts)]
    ]
    outcomes = [
        _outcome(rulebook, pairing, rule, clocks) for pairing, missed in held for rule in _applying(rules, missed)
    ]
    tried = tuple(_tried(rule, [missed[place] for _, missed in held]) for place, rule in enumerate(rules))
    decided = _decision(rulebook, destination, min(outcomes, key=lambda outcome: outcome.weight), tried)
    return _with_every_clock(decided, outcomes) if rulebook.counts_all_clocks else decided


def _outcome(rulebook: Rulebook, pairing: Pairing, rule: DestinationRule, clocks: Clocks) -> Outcome:
    kind = rule.outcome if rulebook.confirmed(rule) else Kind.UNDETERMINED
    return Outcome(pairing=pairing, rule=rule, kind=kind, clocks=clocks(rule, pairing.subject, kind))


def _decision(rulebook: Rulebook, destination: str, outcome: Outcome, tried: tuple[RuleTried, ...]) -> Decision:
    rule, first = outcome.rule, next(iter(outcome.clocks), None)
    return Decision(
        destination=destination,
        kind=outcome.kind,
        rule_id=rule.id,
        rule_version=rule.version,
        rulebook=rulebook.version,
        paragraph=rule.paragraph,
        confidence=rule.confidence,
        subject=outcome.pairing.subject,
        facts={name: value for name in rulebook.facts if (value := outcome.pairing.facts.get(name)) is not None},
        reason=rule.words if rulebook.confirmed(rule) else f"{rule.words} {UNCONFIRMED}",
        tried=tried,
        days=first.days if first else None,
        clock_start=first.start_on if first else None,
        due=first.due if first else None,
        arithmetic=first.arithmetic if first else None,
        local_criteria_report_type=rule.local_criteria_report_type,
    )


def _with_every_clock(decided: Decision, outcomes: Iterable[Outcome]) -> Decision:
    """Record each clock once, at its first place, and hold the decision to the earliest."""
    first: dict[tuple[str, str], Clock] = {}
    for outcome in outcomes:
        for clock in outcome.clocks:
            first.setdefault((clock.rule_id, clock.start), clock)
    clocks = sorted(first.values(), key=lambda clock: (clock.due or date.max, clock.rule_id))
    sign_off = next((o.rule.sign_off for o in outcomes if o.rule.id == decided.rule_id), None)
    recorded = msgspec.structs.replace(decided, clocks=tuple(clocks), sign_off=sign_off or UNSET)
    earliest = next((clock for clock in clocks if clock.due), None)
    if earliest is None or decided.kind not in _CLOCKED or decided.due == earliest.due:
        return recorded
    return msgspec.structs.replace(
        recorded,
        days=earliest.days,
        clock_start=earliest.start_on,
        due=earliest.due,
        arithmetic=f"{earliest.arithmetic}, by {earliest.rule_id}, which is open",
    )


def _distinct(rulebook: Rulebook, pairings: Sequence[Pairing]) -> Iterable[Pairing]:
    """Return the first of the pairings that no rule can tell apart: forty drugs with twenty events are a handful."""
    first: dict[tuple[str | None, ...], Pairing] = {}
    for pairing in pairings:
        first.setdefault(rulebook.asked(pairing.facts), pairing)
    return first.values()


def _here(rule: DestinationRule, day: date, missed: tuple[str, ...]) -> tuple[str, ...]:
    return missed if rule.holds_on(day) else (*missed, IN_FORCE)


def _applying(rules: Iterable[DestinationRule], missed: Iterable[tuple[str, ...]]) -> list[DestinationRule]:
    return [rule for rule, names in zip(rules, missed, strict=True) if not names] or [_SILENT]


def _tried(rule: DestinationRule, missed: Iterable[tuple[str, ...]]) -> RuleTried:
    nearest = min(missed, key=len)
    return RuleTried(rule_id=rule.id, applied=not nearest, missed=nearest)


# A pairing that no rule speaks of is not "not reportable": a person must look.
_SILENT = DestinationRule(
    id=NO_RULE,
    version=1,
    destination="",
    paragraph="DayZero: what no rule speaks of is decided by a person",
    confidence=Confidence.VERIFIED,
    when={},
    outcome=Kind.UNDETERMINED,
    words="No rule of this rulebook speaks of these facts; a person must decide.",
)
