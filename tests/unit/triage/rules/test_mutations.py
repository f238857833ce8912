"""The tables notice every change of a rule: its days, how and from when they are counted, each condition, the outcome.

A rule of which a change goes unnoticed is a rule that no row judges.
"""

from collections.abc import Iterator

import msgspec
import pytest

from tests.builders import RULES
from tests.unit.triage.rules.cases import Row, decided, differs
from tests.unit.triage.rules.test_rows import ROWS
from triage.domain.facts import ANSWERS
from triage.domain.rulebook import ClockStart, DayType, DestinationRule, Kind, Rulebook

DESTINATIONS = {each.id: each for each in RULES.destinations}


def mutants(rule: DestinationRule) -> Iterator[tuple[str, DestinationRule]]:
    """Yield everything that could be wrong in one place."""
    for name, values in rule.when.items():
        others = tuple(set(ANSWERS[name]) - set(values))
        yield f"not {name}", msgspec.structs.replace(rule, when=rule.when | {name: others})
    for kind in set(Kind) - {rule.outcome}:
        yield f"outcome {kind}", msgspec.structs.replace(rule, outcome=kind)
    if rule.days is None:
        return
    for days in (rule.days - 1, rule.days + 1):
        yield f"{days} days", msgspec.structs.replace(rule, days=days, follow_up_days=days)
    flipped = ClockStart.QUALIFIED if rule.clock_start is ClockStart.AWARENESS else ClockStart.AWARENESS
    yield f"from {flipped}", msgspec.structs.replace(rule, clock_start=flipped)
    if DESTINATIONS[rule.destination].holidays:
        counted = DayType.BUSINESS if rule.day_type is DayType.CALENDAR else DayType.CALENDAR
        yield f"{counted} days", msgspec.structs.replace(rule, day_type=counted)
    for bound in ("in_force_from", "in_force_until"):
        if getattr(rule, bound) is not None:
            yield f"no {bound}", msgspec.structs.replace(rule, **{bound: None})


def judged_by(rule: DestinationRule) -> list[Row]:
    """Return the rows of its destination, those first that it decides."""
    rows = [row for row in ROWS if row.destination == rule.destination]
    return sorted(rows, key=lambda row: row.rule != rule.id)


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_a_change_of_a_rule_is_noticed_by_a_row(rule: DestinationRule) -> None:
    rows = judged_by(rule)
    unnoticed = [what for what, mutant in mutants(rule) if not is_noticed(rows, with_rule(mutant))]
    assert unnoticed == []


def is_noticed(rows: list[Row], rulebook: Rulebook) -> bool:
    return any(differs(row, decided(row, rulebook)) for row in rows)


def with_rule(mutant: DestinationRule) -> Rulebook:
    """Return the rulebook of one destination, with one rule changed."""
    rules = tuple(mutant if rule.id == mutant.id else rule for rule in RULES.of(mutant.destination))
    return msgspec.structs.replace(RULES, destinations=(DESTINATIONS[mutant.destination],), rules=rules)


def test_every_rule_decides_a_row() -> None:
    assert {rule.id for rule in RULES.rules} - {row.rule for row in ROWS} == set()
