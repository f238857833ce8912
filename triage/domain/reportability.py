"""What each authority must be told: all rules that apply count, not the first, and every rule tried is recorded.

The facts of each event with each suspect drug are held against the rulebook's conditions; the weightiest outcome is
the decision, and of several expedited ones the shortest clock (DOMAIN 9).
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from triage.domain.decision import Decision, RuleTried
from triage.domain.determination import Confidence
from triage.domain.rulebook import DestinationRule, Kind, Rulebook

NO_RULE = "NO-RULE"
_WEIGHT = {kind: weight for weight, kind in enumerate(Kind)}


class Pairing(msgspec.Struct, frozen=True, kw_only=True):
    """One event with one suspect drug at one destination: where they stand in the case, and the facts rules ask for."""

    subject: str
    facts: Mapping[str, str]


def decide(rulebook: Rulebook, destination: str, pairings: Sequence[Pairing]) -> Decision:
    """Hold every pairing against every rule of the destination. The due date is not decided here."""
    rules = rulebook.of(destination)
    held = [(pairing, rulebook.missed(destination, pairing.facts)) for pairing in _distinct(rulebook, pairings)]
    outcomes = [(pairing, rule) for pairing, missed in held for rule in _applying(rules, missed)]
    tried = tuple(_tried(rule, [missed[place] for _, missed in held]) for place, rule in enumerate(rules))
    pairing, rule = min(outcomes, key=lambda outcome: (_WEIGHT[outcome[1].outcome], outcome[1].days or 0))
    return Decision(
        destination=destination,
        kind=rule.outcome,
        rule_id=rule.id,
        rule_version=rule.version,
        rulebook=rulebook.version,
        paragraph=rule.paragraph,
        confidence=rule.confidence,
        subject=pairing.subject,
        facts=dict(pairing.facts),
        reason=rule.words,
        tried=tried,
        days=rule.days,
        local_criteria_report_type=rule.local_criteria_report_type,
    )


def _distinct(rulebook: Rulebook, pairings: Sequence[Pairing]) -> Iterable[Pairing]:
    """Return the first of the pairings that no rule can tell apart: forty drugs with twenty events are a handful."""
    first: dict[tuple[str | None, ...], Pairing] = {}
    for pairing in pairings:
        first.setdefault(rulebook.asked(pairing.facts), pairing)
    return first.values()


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
