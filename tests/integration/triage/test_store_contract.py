"""The store contract: what use cases rely on holds for MongoDB and for the fake alike, so that neither drifts."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec
import pytest

from shared.clock import SetClock
from shared.contracts.report_received import Sender
from tests.builders import a_content, a_report
from tests.unit.triage.fakes import InMemoryCases, InMemoryParked, InMemoryReference
from triage.domain.case import Status
from triage.open_case import OpenCase
from triage.ports import AuditEntry, CaseStore, Conflict, NewVersion, ParkedItem, ParkedStore
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


def test_an_event_that_the_case_itself_applied_is_a_conflict(cases: CaseStore, open_case: OpenCase) -> None:
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
