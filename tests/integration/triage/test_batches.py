"""Reports that come together end as they would one by one: each once, in order, whatever breaks in between."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import AutoReconnect

from deploy.local.mongod import Mongod
from shared.clock import SetClock
from shared.contracts import topics
from shared.contracts.envelope import Event, encode
from shared.contracts.report_received import Sender
from shared.logs import configure
from shared.messaging.kafka import Broker
from shared.messaging.worker import Worker
from tests.builders import a_content, a_report
from tests.unit.triage.fakes import InMemoryParked, InMemoryReference
from triage.domain.case import Case
from triage.domain.versions import NewVersion
from triage.open_case import OpenCase
from triage.park import Park
from triage.store.cases import MongoCaseStore
from triage.store.database import TRANSIENT, connect, prepare

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SCOPES = ("helvion", "unassigned")


class Breaking(MongoCaseStore):
    """A store whose connection breaks at a write of new cases, before it or after it."""

    breaks: str = ""

    def add_cases(self, opened: Sequence[NewVersion]) -> set[str]:
        if self.breaks == "between":  # the versions are written, the cases are not
            self._versions.insert_many([self._version_document(each.case, each.version) for each in opened])
        if self.breaks == "after":
            super().add_cases(opened)
        if self.breaks:
            raise AutoReconnect("connection closed")
        return super().add_cases(opened)


@pytest.fixture
def database(suite_env: dict[str, str]) -> Iterator[Database[dict[str, Any]]]:
    connected = connect(suite_env["DAYZERO_TRIAGE_MONGO_URI"])
    prepare(connected)
    yield connected
    connected.client.close()


@pytest.fixture
def cases(database: Database[dict[str, Any]]) -> Breaking:
    return Breaking(database, SetClock(NOW))


@pytest.fixture
def parked() -> InMemoryParked:
    return InMemoryParked()


@pytest.fixture
def worker(cases: Breaking, parked: InMemoryParked) -> Worker:
    reference = InMemoryReference()
    park = Park(parked, reference, SetClock(NOW))
    handlers = {topics.REPORT_RECEIVED: OpenCase(cases, reference, SetClock(NOW))}
    return Worker(Broker(bootstrap=""), "triage", handlers, park, TRANSIENT, configure("test"))


def take(worker: Worker, events: Sequence[Event]) -> None:
    messages = [(topics.REPORT_RECEIVED, encode(event)) for event in events]
    assert worker.take(messages, threading.Event())


def opened(cases: MongoCaseStore) -> list[Case]:
    return sorted(cases.worklist(SCOPES, None, 1000), key=lambda case: case.versions[0].report_id or "")


def of_partner(report_id: str, case_id: str = "P-1", **facts: Any) -> Event:
    return a_report(report_id, sender=Sender(organisation="Partner", case_id=case_id), **facts)


def reports_of(case: Case) -> list[str | None]:
    return [ref.report_id for ref in case.versions]


def test_a_batch_of_new_reports_is_as_many_cases(
    cases: Breaking, worker: Worker, database: Database[dict[str, Any]]
) -> None:
    take(worker, [a_report(f"rep_{number:03}") for number in range(100)])
    assert [reports_of(case) for case in opened(cases)] == [[f"rep_{number:03}"] for number in range(100)]
    one = opened(cases)[7]
    assert cases.version(one, 1).snapshot.case_id == one.id
    assert {len(each["outbox"]) for each in database["cases"].find()} == {1}
    assert {len(each["audit"]) for each in database["cases"].find()} == {1}


def test_together_is_what_one_by_one_is(cases: Breaking, worker: Worker) -> None:
    alone = OpenCase(cases, InMemoryReference(), SetClock(NOW))
    alone(of_partner("rep_1", "P-1"))
    take(worker, [of_partner("rep_2", "P-2"), a_report("rep_3")])
    first, second, _ = opened(cases)
    assert (first.status, first.title, first.due, first.decisions) == (
        second.status,
        second.title,
        second.due,
        second.decisions,
    )


def test_reports_of_one_sender_in_one_batch_keep_their_order(cases: Breaking, worker: Worker) -> None:
    news = [of_partner(f"rep_{number}", content=a_content(narrative=f"n{number}.")) for number in range(1, 5)]
    take(worker, [news[0], a_report("rep_0"), *news[1:]])
    _, theirs = opened(cases)
    assert reports_of(theirs) == ["rep_1", "rep_2", "rep_3", "rep_4"]
    assert (cases.version(theirs, 4).snapshot.content.narrative or "").split("\n\nFollow-up: ") == [
        "n1.",
        "n2.",
        "n3.",
        "n4.",
    ]


def test_a_follow_up_and_a_repeat_among_new_reports(
    cases: Breaking, worker: Worker, database: Database[dict[str, Any]]
) -> None:
    take(worker, [of_partner("rep_1"), a_report("rep_2")])
    for document in database["cases"].find():
        cases.outbox.confirm(document["outbox"][0]["event"]["id"], NOW)
    take(worker, [a_report("rep_3"), a_report("rep_2"), of_partner("rep_4"), a_report("rep_3")])
    assert [reports_of(case) for case in opened(cases)] == [["rep_1", "rep_4"], ["rep_2"], ["rep_3"]]
    waiting = {pending.event.answers for pending in cases.outbox.due(NOW)}
    assert waiting == {"evt_rep_2", "evt_rep_3", "evt_rep_4"}


def test_a_poison_report_is_parked_alone(cases: Breaking, worker: Worker, parked: InMemoryParked) -> None:
    poison = Event(
        id="evt_poison", topic=topics.REPORT_RECEIVED, occurred_at=NOW, sponsor="helvion", subject="p", data={}
    )
    take(worker, [a_report("rep_1"), poison, a_report("rep_2")])
    assert [reports_of(case) for case in opened(cases)] == [["rep_1"], ["rep_2"]]
    assert [item.subject for item in parked.works(SCOPES)] == ["p"]


@pytest.mark.parametrize("breaks", ["before", "between", "after"])
def test_a_batch_that_breaks_off_costs_a_redelivery_and_nothing_else(
    breaks: str, cases: Breaking, worker: Worker, parked: InMemoryParked
) -> None:
    batch = [of_partner("rep_1"), a_report("rep_2"), of_partner("rep_3")]
    cases.breaks = breaks
    take(worker, batch)
    cases.breaks = ""
    take(worker, batch)
    assert [reports_of(case) for case in opened(cases)] == [["rep_1", "rep_3"], ["rep_2"]]
    assert [case.revision for case in opened(cases)] == [2, 1]
    assert parked.works(SCOPES) == []


def test_two_workers_with_one_batch_open_each_case_once(cases: Breaking, worker: Worker) -> None:
    batch = [of_partner(f"rep_{number}", f"P-{number % 10}") for number in range(40)]
    threads = [threading.Thread(target=take, args=(worker, batch)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(case.versions) for case in opened(cases)) == [4] * 10
    assert sum(len(set(reports_of(case))) for case in opened(cases)) == 40


def test_what_the_worker_looks_up_is_found_by_an_index(
    cases: Breaking, worker: Worker, database: Database[dict[str, Any]], mongod: Mongod
) -> None:
    take(worker, [of_partner(f"rep_{number}", f"P-{number}") for number in range(60)])
    key = opened(cases)[0].sender_key or ""
    with closing(mongod.admin()) as admin:  # the service's own user may not profile
        profiled = admin[database.name]
        profiled.command("profile", 2)
        assert cases.is_applied("evt_rep_7")
        assert cases.of_sender(key, "helvion") is not None
        assert cases.known(["evt_rep_7", "evt_rep_8", "evt_new"], [key, "new"]) == {"evt_rep_7", "evt_rep_8", key}
        assert cases.answer_again("evt_rep_7")
        profiled.command("profile", 0)
        looked = list(profiled["system.profile"].find({"ns": f"{database.name}.cases"}))
    assert len(looked) == 4
    assert max(entry["docsExamined"] for entry in looked) < 10, [entry["planSummary"] for entry in looked]
