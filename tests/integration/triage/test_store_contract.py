"""The store contract: what use cases rely on holds for MongoDB and for the fake alike, so that neither drifts."""

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest

from shared.clock import SetClock
from shared.contracts.report_received import Sender
from tests.builders import a_content, a_report
from tests.unit.triage.fakes import InMemoryCases, InMemoryParked, InMemoryReference
from triage.domain.case import Status
from triage.open_case import OpenCase
from triage.ports import AuditEntry, CaseStore, Conflict, ParkedItem, ParkedStore, Place
from triage.store.cases import MongoCaseStore
from triage.store.database import opened
from triage.store.documents import ensure_indexes
from triage.store.parked import MongoParkedStore

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SCOPES = ("helvion", "unassigned")
AUDIT = AuditEntry(actor="a", authentication="none", action="case.test", reason="a test", subject="case")
Stores = tuple[CaseStore, ParkedStore]


@pytest.fixture(params=["fake", "mongo"])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "fake":
        yield InMemoryCases(), InMemoryParked()
        return
    with opened(request.getfixturevalue("suite_env")["DAYZERO_TRIAGE_MONGO_URI"]) as database:
        ensure_indexes(database)
        yield MongoCaseStore(database, SetClock(NOW), "test"), MongoParkedStore(database, SetClock(NOW), "test")


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


def test_numbers_count_on_for_each_sponsor(cases: CaseStore) -> None:
    assert [cases.next_number("helvion"), cases.next_number("helvion"), cases.next_number("boreal")] == [1, 2, 1]


def test_what_is_parked_twice_is_listed_once(stores: Stores) -> None:
    parked = stores[1]
    at = NOW.isoformat()
    item = ParkedItem(
        id="prk_1", sponsor="helvion", subject="rep_1", kind="message", reason="why", received_at=at, parked_at=at
    )
    for _ in range(2):
        parked.keep(item, b"content", a_report(), None)
    assert parked.waiting(("helvion",)) == [item]
    assert list(parked.waiting(("unassigned",))) == []
