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
    outcomes = [(pairing, rule) for pairing in pairings for rule in _applying(rules, pairing)]
    tried = tuple(_tried(rule, pairings) for rule in rules)
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


def _applying(rules: Iterable[DestinationRule], pairing: Pairing) -> list[DestinationRule]:
    applying = [rule for rule in rules if not rule.missed(pairing.facts)]
    return applying or [_SILENT]


def _tried(rule: DestinationRule, pairings: Sequence[Pairing]) -> RuleTried:
    missed = min((rule.missed(pairing.facts) for pairing in pairings), key=len)
    return RuleTried(rule_id=rule.id, applied=not missed, missed=missed)


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
