"""Cases on a real mongod decided again: proved against their records, previewed, and made anew where they change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from shared.clock import SetClock
from shared.contracts.code_lists import DrugRole
from tests.builders import RULEBOOKS, a_content, a_drug, a_report, with_reaction
from tests.unit.triage.fakes import InMemoryReference
from tests.unit.triage.signing import signing
from triage.administer import By, Denied
from triage.decide import Actor, Decide
from triage.domain.case import CauseKind
from triage.domain.pipeline import Reference
from triage.domain.redecision import Sameness
from triage.domain.rulebook import Kind, Rulebook, in_force
from triage.nullify import Nullify
from triage.open_case import OpenCase
from triage.redecide import Redecide
from triage.sign_off import SignRules
from triage.store.cases import MongoCaseStore
from triage.store.database import opened, prepare
from triage.store.sign_offs import MongoSignOffStore
from triage.store.walk import MongoCaseWalk

FIRST = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
BY = By(actor="r.owner", authentication="console", scopes=("installation",), reason="a new rulebook")
SPONSORS = ("helvion", "unassigned")


class ByDate(InMemoryReference):
    """The rulebook in force on the day, signed off as the store says."""

    def __init__(self, sign_offs: MongoSignOffStore) -> None:
        self._sign_offs = sign_offs

    @property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        return tuple(each.signed(self._sign_offs.all()) for each in RULEBOOKS)

    def rulebook(self, today: date) -> Rulebook:
        return in_force(self.rulebooks, today)

    def for_sponsor(self, scope: str, today: date) -> Reference:
        known = super().for_sponsor(scope, today)
        return Reference(
            sponsor=known.sponsor, rulebook=self.rulebook(today), terminology=known.terminology, today=today
        )


class Stored:
    """Everything over one database."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.clock = SetClock(FIRST)
        self.cases = MongoCaseStore(database, self.clock)
        self.sign_offs = MongoSignOffStore(database)
        self.reference = ByDate(self.sign_offs)
        self.open = OpenCase(self.cases, self.reference, self.clock)
        walk = MongoCaseWalk(database)
        self.redecide = Redecide(self.cases, walk, self.reference, self.sign_offs.all, self.clock)
        self.sign = SignRules(self.sign_offs, self.clock)


@pytest.fixture
def stored(suite_env: dict[str, str]) -> Iterator[Stored]:
    with opened(suite_env["DAYZERO_TRIAGE_MONGO_URI"]) as database:
        prepare(database)
        yield Stored(database)


def receive(stored: Stored) -> None:
    """Receive a serious case, one on placebo, and one of nobody's product."""
    stored.open(a_report("rep_1"))
    stored.open(a_report("rep_2", content=a_content(drugs=(a_drug(name="Saline", placebo=True),))))
    stored.open(a_report("rep_3", content=with_reaction(serious=False, criteria=(), country="US")))


def test_every_record_comes_out_byte_for_byte_by_its_own_rulebook(stored: Stored) -> None:
    receive(stored)
    stored.clock.advance(LATER - FIRST)
    receive_later(stored)
    proved = list(stored.redecide.prove(SPONSORS))
    assert {each.version.rulebook for each in proved} == {"2026.1", "2026.2"}
    assert [each.sameness for each in proved] == [Sameness.IDENTICAL] * 4
    assert stored.redecide.total(SPONSORS) == 4


def receive_later(stored: Stored) -> None:
    stored.open(a_report("rep_4", content=a_content(drugs=(a_drug(role=DrugRole.INTERACTING),))))


def test_a_preview_stores_nothing_and_says_what_would_change(stored: Stored) -> None:
    receive(stored)
    found = list(stored.redecide.preview(SPONSORS, LATER.date()))
    by_report = {each.version.cause.report_id: each for each in found}
    assert by_report["rep_1"].sameness is Sameness.SAME
    assert by_report["rep_2"].sameness is Sameness.CHANGED
    fda = by_report["rep_2"].changes[0]
    assert (fda.destination, fda.before, fda.after) == ("fda_postmarketing", Kind.NONE, Kind.UNDETERMINED)
    assert [each.sameness for each in stored.redecide.prove(SPONSORS)] == [Sameness.IDENTICAL] * 3


def test_applying_makes_versions_of_what_changes_and_starts_no_clock(stored: Stored) -> None:
    receive(stored)
    stored.clock.advance(LATER - FIRST)
    made = [each for each, is_made in stored.redecide.apply(BY, SPONSORS) if is_made]
    assert [each.version.cause.report_id for each in made] == ["rep_2"]
    case = stored.cases.get(made[0].case.id, SPONSORS)
    assert case is not None
    version = stored.cases.version(case, 2)
    assert (version.cause.kind, version.rulebook, version.cause.actor) == (CauseKind.REDECISION, "2026.2", "r.owner")
    assert version.clock_start == made[0].version.clock_start
    assert version.snapshot.latest_information_on == made[0].version.snapshot.latest_information_on
    assert stored.cases.version(case, 1).rulebook == "2026.1"
    assert not [each for each, is_made in stored.redecide.apply(BY, SPONSORS) if is_made]  # once is enough


def test_a_sign_off_makes_a_rule_decide_and_is_proved_as_of_its_day(stored: Stored) -> None:
    stored.clock.advance(LATER - FIRST)
    receive(stored)
    rulebook = stored.reference.rulebook(LATER.date())
    with pytest.raises(Denied, match="was read in the primary text"):
        stored.sign(BY, rulebook, ["FDA-PLACEBO", "FDA-314.80-15D"])
    assert stored.sign_offs.all() == []
    stored.clock.advance(timedelta(days=1))
    stored.sign(BY, rulebook, ["FDA-PLACEBO"])
    with pytest.raises(Denied, match="signed off already"):
        stored.sign(BY, rulebook, ["FDA-PLACEBO"])
    assert {each.sameness for each in stored.redecide.prove(SPONSORS)} == {Sameness.IDENTICAL}
    (changed,) = (each for each in stored.redecide.preview(SPONSORS, LATER.date()) if each.changes)
    decision = next(each for each in changed.found.decisions if each.destination == "fda_postmarketing")
    assert (decision.kind, decision.rule_id) == (Kind.NONE, "FDA-PLACEBO")
    assert decision.sign_off
    assert (decision.sign_off.owner, decision.sign_off.reason) == ("r.owner", "a new rulebook")


def test_a_nullified_case_is_decided_by_no_rulebook(stored: Stored) -> None:
    receive(stored)
    case = stored.cases.worklist(("helvion",), None, 10)[0]
    nullify = Nullify(Decide(stored.cases, stored.reference, stored.clock), stored.cases, stored.clock)
    first, second = (Actor(name=name, authentication="none", scopes=("helvion",)) for name in ("dr.one", "dr.two"))
    nullify.propose(case.id, case.revision, first, signing(first), "no such patient")
    nullify.confirm(case.id, case.revision + 1, second, signing(second), "agreed")
    assert case.id not in {each.case.id for each in stored.redecide.prove(SPONSORS)}
    stored.clock.advance(LATER - FIRST)
    assert case.id not in {each.case.id for each, _ in stored.redecide.apply(BY, SPONSORS)}
