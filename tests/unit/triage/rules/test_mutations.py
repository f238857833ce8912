"""The tables notice every change of a rule: its days, how and from when they are counted, each condition, the outcome.

A rule of which a change goes unnoticed is a rule that no row judges. Each row is assessed once, for a changed rule
changes no fact; what its destination was asked is decided again by each mutant.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from tests.builders import RULES
from tests.unit.triage.rules.cases import BOOKS, Row, decided, differs
from tests.unit.triage.rules.test_rows import ROWS
from triage.domain import reportability
from triage.domain.decision import Decision
from triage.domain.facts import ANSWERS
from triage.domain.reportability import Clocks, Pairing
from triage.domain.rulebook import ClockStart, DayType, DestinationRule, Kind, Rulebook

DESTINATIONS = {each.id: each for each in RULES.destinations}
GRAVE = {"fatal", "life_threatening"}
# A condition whose loss no case can show, the condition of the same rule that implies it, and why. They stay in the
# rules: a regulatory owner reads them there, and they hold if a fact ever comes from elsewhere.
IMPLIED: Mapping[tuple[str, str], str] = {
    ("product", "application"): "only an authorisation, the product's own or of its active moiety, has a type",
    ("product", "expectedness"): "an event is compared with products authorised, or under trial, here",
    ("seriousness", "gravity"): "what is fatal or life-threatening is serious",
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a row's destination was asked to decide."""

    row: Row
    pairings: Sequence[Pairing]
    clock_start: date
    clocks: Clocks


@pytest.fixture(scope="module")
def asked() -> dict[str, list[Asked]]:
    """Return what was asked of each destination, row by row."""
    found: dict[str, list[Asked]] = {name: [] for name in DESTINATIONS}
    books = {name: with_rule(RULES.of(name)[0]) for name in DESTINATIONS}
    for row in ROWS:
        found[row.destination].append(_overheard(row, books[row.destination]))
    return found


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_a_change_of_a_rule_is_noticed_by_a_row(rule: DestinationRule, asked: dict[str, list[Asked]]) -> None:
    judged_by = sorted(asked[rule.destination], key=lambda each: each.row.rule != rule.id)
    unnoticed = [what for what, mutant in mutants(rule) if not is_noticed(judged_by, with_rule(mutant))]
    assert unnoticed == []


@pytest.mark.parametrize("destination", DESTINATIONS)
def test_without_a_change_nothing_is_noticed(destination: str, asked: dict[str, list[Asked]]) -> None:
    assert not is_noticed(asked[destination], with_rule(RULES.of(destination)[0]))


def test_what_may_go_unnoticed_is_still_there() -> None:
    assert set(IMPLIED) <= {(name, other) for rule in RULES.rules for name in rule.when for other in rule.when}


def mutants(rule: DestinationRule) -> Iterator[tuple[str, DestinationRule]]:
    """Yield everything that could be wrong in one place."""
    for field, value in (*_conditions(rule), *_outcomes(rule), *_days(rule), *_bounds(rule)):
        yield f"{field} {value}", msgspec.structs.replace(rule, **{field: value})


def _conditions(rule: DestinationRule) -> Iterator[tuple[str, Any]]:
    for name, values in rule.when.items():
        yield "when", rule.when | {name: tuple(each for each in ANSWERS[name] if each not in values)}
        if not any(_implies(rule, other, name) for other in rule.when):
            yield "when", {other: met for other, met in rule.when.items() if other != name}


def _implies(rule: DestinationRule, other: str, name: str) -> bool:
    return (name, other) in IMPLIED and (other != "gravity" or GRAVE.issuperset(rule.when[other]))


def _outcomes(rule: DestinationRule) -> Iterator[tuple[str, Any]]:
    yield from (("outcome", kind) for kind in Kind if kind is not rule.outcome)


def _days(rule: DestinationRule) -> Iterator[tuple[str, Any]]:
    for field in ("days", "follow_up_days", "complete_within"):
        days = getattr(rule, field)
        if days is not None:
            yield from ((field, days - 1), (field, days + 1))
    if rule.days is not None:
        yield from (("clock_start", each) for each in ClockStart if each is not rule.clock_start)
        if DESTINATIONS[rule.destination].holidays:
            yield from (("day_type", each) for each in DayType if each is not rule.day_type)


def _bounds(rule: DestinationRule) -> Iterator[tuple[str, Any]]:
    for field in ("in_force_from", "in_force_until"):
        day = getattr(rule, field)
        if day is not None:
            yield from ((field, each) for each in (None, day - timedelta(days=1), day + timedelta(days=1)))


def with_rule(mutant: DestinationRule) -> dict[str, Rulebook]:
    """Return the rulebook of one destination, with one rule changed: as it is, and signed off."""
    return {signed: _of(mutant.destination, book, mutant) for signed, book in BOOKS.items()}


def _of(destination: str, book: Rulebook, mutant: DestinationRule) -> Rulebook:
    rules = tuple(
        msgspec.structs.replace(mutant, sign_off=rule.sign_off) if rule.id == mutant.id else rule
        for rule in book.of(destination)
    )
    return msgspec.structs.replace(book, destinations=(DESTINATIONS[destination],), rules=rules)


def is_noticed(judged_by: Sequence[Asked], books: Mapping[str, Rulebook]) -> bool:
    return any(differs(each.row, _decided(each, books)) for each in judged_by)


def _decided(each: Asked, books: Mapping[str, Rulebook]) -> Decision:
    book = books[each.row.case.get("signed", "no")]
    return reportability.decide(book, each.row.destination, each.pairings, each.clock_start, each.clocks)


def _overheard(row: Row, books: Mapping[str, Rulebook]) -> Asked:
    """Assess a row, and listen to what its destination is asked."""
    told: dict[str, Asked] = {}
    decide = reportability.decide

    def listen(book: Rulebook, name: str, pairings: Sequence[Pairing], start: date, clocks: Clocks) -> Decision:
        told[name] = Asked(row=row, pairings=pairings, clock_start=start, clocks=clocks)
        return decide(book, name, pairings, start, clocks)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reportability, "decide", listen)
        decided(row, books)
    return told[row.destination]
