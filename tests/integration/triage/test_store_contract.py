"""The store contract: what use cases rely on holds for MongoDB and for the fake alike, so that neither drifts."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from shared.clock import SetClock
from shared.contracts.parked_work import ParkedState
from shared.contracts.report_received import Sender
from shared.ids import derived_id
from shared.messaging.parked import By, NotWaiting
from tests.builders import RECEIVED_AT, a_content, a_drug, a_receipt, a_report, parked
from tests.unit.triage.fakes import InMemoryCases, InMemoryParked, InMemoryReference
from triage.domain.case import Case, Status
from triage.domain.inquiry import Inquiry, Means, Outcome
from triage.domain.trail import entry_for
from triage.domain.versions import NewVersion
from triage.open_case import OpenCase
from triage.ports import CaseStore, Conflict, ParkedStore, Place, Received
from triage.store.cases import MongoCaseStore
from triage.store.database import opened, prepare
from triage.store.parked import MongoParkedStore

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SCOPES = ("helvion", "unassigned")
AUDIT = entry_for("helvion", "case", "case.test", "a test", NOW, actor="a", authentication="none")
Stores = tuple[CaseStore, ParkedStore]


@pytest.fixture(params=["fake", "mongo"])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "fake":
        yield InMemoryCases(), InMemoryParked()
        return
    with opened(request.getfixturevalue("suite_env")["DAYZERO_TRIAGE_MONGO_URI"]) as database:
        prepare(database)
        yield MongoCaseStore(database, SetClock(NOW)), MongoParkedStore(database, SetClock(NOW), "test")


class Keeping(InMemoryCases):
    """Keeps what was to be stored together, and stores none of it."""

    def add_cases(self, opened: Sequence[NewVersion]) -> set[str]:
        self.opened = opened
        return set()


def a_new_case(number: str, like: str | None = None) -> NewVersion:
    """What a report makes where nothing is known; ``like`` is the number whose sender's case it is."""
    keeping = Keeping()
    sender = Sender(case_id=f"P-{like or number}")
    OpenCase(keeping, InMemoryReference(), SetClock(NOW)).together([a_report(f"rep_{number}", sender=sender)])
    return keeping.opened[0]


@pytest.fixture
def cases(stores: Stores) -> CaseStore:
    return stores[0]


@pytest.fixture
def open_case(cases: CaseStore) -> OpenCase:
    return OpenCase(cases, InMemoryReference(), SetClock(NOW))


def test_a_case_is_found_in_its_scope_only(cases: CaseStore, open_case: OpenCase) -> None:
    open_case(a_report())
    (case,) = cases.worklist(SCOPES, None, 10)
    assert cases.get(case.id, ("helvion",)) == case
    assert cases.get(case.id, ("unassigned",)) is None
    assert cases.get(case.id, ()) is None
    assert cases.worklist((), None, 10) == []


def test_an_event_is_applied_once(cases: CaseStore, open_case: OpenCase) -> None:
    assert not cases.is_applied("evt_rep_1")
    open_case(a_report())
    assert cases.is_applied("evt_rep_1")
    assert cases.answer_again("evt_rep_1")
    assert not cases.answer_again("evt_unknown")


def test_the_second_of_two_writers_meets_a_conflict(cases: CaseStore, open_case: OpenCase) -> None:
    open_case(a_report())
    (case,) = cases.worklist(SCOPES, None, 10)
    changed = msgspec.structs.replace(case, revision=2, status=Status.RETURNED)
    cases.update(changed, 1, [], AUDIT, None)
    with pytest.raises(Conflict):
        cases.update(changed, 1, [], AUDIT, None)
    assert cases.get(case.id, SCOPES) == changed


def test_an_event_that_another_case_applied_is_a_conflict(cases: CaseStore, open_case: OpenCase) -> None:
    open_case(a_report("rep_1"))
    open_case(a_report("rep_2"))
    second = next(c for c in cases.worklist(SCOPES, None, 10) if cases.version(c, 1).cause.report_id != "rep_1")
    with pytest.raises(Conflict):
        cases.update(msgspec.structs.replace(second, revision=2), 1, [], AUDIT, "evt_rep_1")


def test_an_event_that_this_case_applied_is_a_conflict_at_any_revision(cases: CaseStore, open_case: OpenCase) -> None:
    open_case(a_report())
    (case,) = cases.worklist(SCOPES, None, 10)
    with pytest.raises(Conflict):
        cases.update(msgspec.structs.replace(case, revision=2), 1, [], AUDIT, "evt_rep_1")


def test_new_cases_are_stored_together_and_those_that_exist_are_left(cases: CaseStore) -> None:
    opened = [a_new_case(number) for number in ("1", "2", "3")]
    assert cases.add_cases(opened[:2]) == {"evt_rep_1", "evt_rep_2"}
    assert cases.add_cases(opened[1:]) == {"evt_rep_3"}
    theirs = a_new_case("4", like="1")
    assert cases.add_cases([theirs]) == set()
    assert {case.id for case in cases.worklist(SCOPES, None, 10)} == {each.case.id for each in opened}
    assert all(cases.version(case, 1).snapshot.case_id == case.id for case in cases.worklist(SCOPES, None, 10))
    assert cases.known(["evt_rep_1", "evt_rep_4"], ["helvion\x1fpartner\x1fP-3", "nobody"]) == {
        "evt_rep_1",
        "helvion\x1fpartner\x1fP-3",
    }
    assert cases.known([], []) == set()


def test_versions_stay_and_a_number_that_is_not_there_is_said(cases: CaseStore, open_case: OpenCase) -> None:
    sender = Sender(organisation="Partner", case_id="P-1")
    open_case(a_report("rep_1", sender=sender, content=a_content(narrative="first")))
    open_case(a_report("rep_2", sender=sender, content=a_content(narrative="second")))
    (case,) = cases.worklist(SCOPES, None, 10)
    assert cases.version(case, 1).snapshot.content.narrative == "first"
    assert cases.version(case, 2).snapshot.content.narrative == "first\n\nFollow-up: second"
    with pytest.raises(LookupError):
        cases.version(case, 3)
    assert cases.of_sender(case.sender_key or "", "helvion") == case
    assert cases.of_sender(case.sender_key or "", "boreal") is None


def test_the_queue_is_by_due_date_and_what_has_none_comes_last(cases: CaseStore, open_case: OpenCase) -> None:
    open_case(a_report("rep_1", content=a_content(patient=None)))
    open_case(a_report("rep_2"))
    assert [str(case.due) for case in cases.worklist(SCOPES, None, 10)] == ["2026-12-08", "None"]
    assert [case.status for case in cases.worklist(SCOPES, Status.REVIEW, 10)] == [Status.REVIEW]
    assert len(cases.worklist(SCOPES, None, 1)) == 1


def test_the_queue_is_read_page_by_page(cases: CaseStore, open_case: OpenCase) -> None:
    for number in range(5):
        open_case(a_report(f"rep_{number}", content=a_content() if number % 2 else a_content(patient=None)))
    pages, after = [], None
    while page := cases.worklist(SCOPES, None, 2, after):
        pages.append(page)
        after = Place(due=page[-1].due, id=page[-1].id)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [case for page in pages for case in page] == cases.worklist(SCOPES, None, 10)
    assert [cases.count(SCOPES, Status.REVIEW, limit) for limit in (1, 10)] == [1, 2]
    assert cases.count((), Status.REVIEW, 10) == 0


def test_cases_of_blinded_trials_are_listed_by_receipt_and_in_the_queue_of_who_is_unblinded(
    cases: CaseStore, open_case: OpenCase
) -> None:
    blinded = a_content(drugs=(a_drug(blinded=True),))
    for number in range(3):
        at = RECEIVED_AT - timedelta(hours=number)
        receipt = msgspec.structs.replace(a_receipt(), received_at=at)
        open_case(a_report(f"rep_{number}", content=blinded, receipt=receipt))
    open_case(a_report("rep_open"))
    (usual,) = cases.worklist(SCOPES, None, 10)
    assert not usual.blinded_trial
    everything = cases.worklist(SCOPES, None, 10, None, ("helvion",))
    assert len(everything) == 4
    after = Place(due=everything[1].due, id=everything[1].id)
    assert cases.worklist(SCOPES, None, 10, after, ("helvion",)) == everything[2:]
    assert [cases.count(SCOPES, Status.REVIEW, 10, seeing) for seeing in ((), ("boreal",), SCOPES)] == [1, 1, 4]
    first = cases.blinded(SCOPES, 2)
    second = cases.blinded(SCOPES, 2, Received(at=first[-1].opened_at, id=first[-1].id))
    times = [case.opened_at for case in first + second]
    assert len(times) == 3
    assert times == sorted(times)
    assert (cases.count_blinded(SCOPES, 10), cases.count_blinded(SCOPES, 2), cases.count_blinded((), 10)) == (3, 2, 0)


def test_what_is_to_be_asked_is_listed_by_the_day_to_ask_and_not_before(cases: CaseStore, open_case: OpenCase) -> None:
    for number in range(4):
        receipt = msgspec.structs.replace(a_receipt(), received_at=RECEIVED_AT - timedelta(days=number))
        open_case(a_report(f"rep_{number}", content=a_content(patient=None), receipt=receipt))
    open_case(a_report("rep_valid"))
    today = RECEIVED_AT.date()
    first = cases.worklist(SCOPES, None, 3, None, (), today)
    after = Place(due=asked_on(first[-1]), id=first[-1].id)
    (last,) = cases.worklist(SCOPES, None, 3, after, (), today)
    assert [asked_on(case) for case in (*first, last)] == [today - timedelta(days=days) for days in (3, 2, 1, 0)]
    later = Inquiry(
        means=Means.PHONE,
        outcome=Outcome.NO_ANSWER,
        reason="engaged",
        ask_again=today + timedelta(days=7),
        at=RECEIVED_AT.astimezone(UTC),
        actor="ann",
        version=1,
        missing=last.missing,
    )
    asked = msgspec.structs.replace(last, revision=2, inquiries=(later,))
    cases.update(asked, 1, [], AUDIT, None)
    assert cases.get(asked.id, SCOPES) == asked
    counted = [cases.count(SCOPES, None, 9, (), today + timedelta(days=days)) for days in (-9, 0, 6, 7)]
    assert counted == [0, 3, 3, 4]
    assert cases.count(SCOPES, None, 2, (), today) == 2
    assert cases.count((), None, 9, (), today) == cases.count(("boreal",), None, 9, (), today) == 0


def asked_on(case: Case) -> date | None:
    assert case.task is not None
    return case.task.ask_on


def test_of_a_blinded_trial_is_asked_by_who_is_unblinded(cases: CaseStore, open_case: OpenCase) -> None:
    open_case(a_report("rep_1", content=a_content(patient=None, drugs=(a_drug(blinded=True),))))
    counted = [cases.count(SCOPES, None, 9, seeing, RECEIVED_AT.date()) for seeing in ((), ("boreal",), SCOPES)]
    assert counted == [0, 0, 1]
    assert cases.worklist(SCOPES, None, 9, None, (), RECEIVED_AT.date()) == []


def test_numbers_count_on_for_each_sponsor(cases: CaseStore) -> None:
    assert [cases.next_number("helvion"), cases.next_number("helvion"), cases.next_number("boreal")] == [1, 2, 1]


def test_an_event_says_on_which_case_it_had_its_effect_and_is_published_again(
    cases: CaseStore, open_case: OpenCase
) -> None:
    assert cases.applied_to("evt_rep_1") is None
    open_case(a_report())
    (case,) = cases.worklist(SCOPES, None, 10)
    assert cases.applied_to("evt_rep_1") == case.id
    assert cases.publish_again(derived_id("evt", "evt_rep_1", "opened"))
    assert not cases.publish_again("evt_unknown")


BY = By(actor="ann", authentication="none", reason="mended")


@pytest.fixture
def held(stores: Stores) -> ParkedStore:
    """A store in which one item waits."""
    assert stores[1].keep(parked(), b"content", None)
    return stores[1]


def trail(held: ParkedStore) -> list[tuple[str, str, str]]:
    work = held.find("prk_1")
    assert work is not None
    return [(step.actor, step.action, step.reason) for step in work.trail]


def test_what_is_parked_twice_is_listed_once_and_within_its_scope(held: ParkedStore) -> None:
    assert not held.keep(parked(reason="another"), b"other", None)
    (work,) = held.works(("helvion",))
    assert (work.id, work.reason, work.attempts) == ("prk_1", "ValueError", 1)
    assert held.works(("unassigned",)) == held.works(()) == []
    assert held.works(("helvion",), subject="rep_2") == []
    assert held.works(None, subject="rep_1") == [work]
    assert held.find("prk_1", ("helvion",)) == work
    assert held.find("prk_1", ()) is None
    assert held.content("prk_1", ("helvion",)) == b"content"
    with pytest.raises(LookupError):
        held.content("prk_1", ())
    assert trail(held) == [("triage", "message.parked", "ValueError")]


def test_items_are_listed_oldest_first(held: ParkedStore) -> None:
    held.keep(parked("prk_2", parked_at=RECEIVED_AT - timedelta(days=1)), b"", None)
    assert [work.id for work in held.works()] == ["prk_2", "prk_1"]


def test_a_replay_that_fails_is_one_more_attempt(held: ParkedStore) -> None:
    held.ask("prk_1", BY)
    assert held.again("prk_1", By(actor="triage", authentication="service", reason="KeyError"))
    (work,) = held.works()
    assert (work.attempts, work.reason) == (2, "KeyError")
    assert trail(held)[1:] == [("ann", "parked.replay_asked", "mended"), ("triage", "parked.again", "KeyError")]


def test_a_replay_that_works_is_settled_once(held: ParkedStore) -> None:
    assert [held.settle("prk_1", BY, "case case_1") for _ in range(2)] == [True, False]
    assert held.works() == []
    (work,) = held.works(None, (ParkedState.REPLAYED,))
    assert (work.state, work.outcome) == (ParkedState.REPLAYED, "case case_1")
    assert not held.again("prk_1", BY)
    for act in (held.ask, held.close):
        with pytest.raises(NotWaiting, match="replayed already: case case_1"):
            act("prk_1", BY)
    assert not held.settle("prk_none", BY, "nothing")


def test_what_is_closed_keeps_its_name_and_reason_and_its_bytes(held: ParkedStore) -> None:
    held.close("prk_1", BY)
    (work,) = held.works(None, tuple(ParkedState))
    assert (work.state, work.outcome) == (ParkedState.CLOSED, "ann: mended")
    assert held.content("prk_1") == b"content"
    assert not held.again("prk_1", BY)
    for act in (held.ask, held.close):
        with pytest.raises(NotWaiting):
            act("prk_1", BY)
        with pytest.raises(LookupError):
            act("prk_none", BY)


def test_an_effect_is_a_fact_even_where_the_item_was_closed_meanwhile(held: ParkedStore) -> None:
    held.close("prk_1", BY)
    assert held.settle("prk_1", BY, "case case_1")
    assert [work.state for work in held.works(None, tuple(ParkedState))] == [ParkedState.REPLAYED]
