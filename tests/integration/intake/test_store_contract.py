"""The stores in memory and in MongoDB keep the same promises."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.domain.records import Held, KeptReceipt, Refusal, Report, State, Status
from intake.ports import AlreadyHeld
from intake.store.connection import IntakeDatabase
from intake.store.refusals import MongoRefusals
from intake.store.reports import MongoReports
from shared.contracts.audit import AuditEntry
from shared.contracts.clinical import CaseContent, Reaction
from shared.contracts.code_lists import Criterion
from shared.contracts.envelope import event_of
from shared.contracts.report_received import Query, Receipt, ReportReceived, Sender
from shared.contracts.topics import REPORT_RECEIVED, REPORT_REFUSED
from shared.ids import new_id
from tests.unit.intake.fakes import InMemoryRefusals, InMemoryReports

NOW = datetime(2026, 3, 9, 12, 0, 0, 123000, tzinfo=UTC)
LATER = NOW + timedelta(days=365)
CONTENT = CaseContent(narrative="頭痛", reactions=(Reaction(verbatim="صداع", criteria=(Criterion.DEATH,)),))
QUERIES = (Query(pointer="/patient", rule="object", words="Write a JSON object here.", value='"$ne"'),)


def audit(action: str = "report.received") -> AuditEntry:
    return AuditEntry(
        entry_id=new_id("aud"),
        sponsor="exemplar",
        actor="tester",
        authentication="none",
        at=NOW,
        action=action,
        subject="s",
        reason="r",
        service_version="1",
    )


def kept(key: str | None = None, *, repeat: bool = False, actor: str = "tester") -> KeptReceipt:
    receipt = Receipt(
        receipt_id=new_id("rcp"),
        received_at=NOW,
        zone="Europe/Zurich",
        country="CH",
        first_aware_at="2026-03-08",
        actor=actor,
        authentication="none",
        channel="api",
    )
    return KeptReceipt(receipt=receipt, repeat=repeat, key=key)


def a_report(
    sha: str = "a" * 64, key: str | None = None, sponsor: str = "exemplar", actor: str = "tester", raw: bytes = b"{}"
) -> Report:
    report_id = new_id("rep")
    first = kept(key, actor=actor)
    body = ReportReceived(
        report_id=report_id,
        receipt=first.receipt,
        sender=Sender(),
        sponsor_stated=sponsor,
        content=CONTENT,
        content_sha256=sha,
    )
    event = event_of(
        event_id=new_id("evt"), topic=REPORT_RECEIVED, at=NOW, sponsor=sponsor, subject=report_id, body=body
    )
    return Report(
        report_id=report_id,
        sponsor=sponsor,
        content_sha256=sha,
        raw=raw,
        content_type="application/json",
        first=first,
        sender=Sender(organisation="Partner"),
        content=CONTENT,
        queries=QUERIES,
        status=Status(state=State.RECEIVED),
        event=event,
        audit=audit(),
    )


class MongoReportsInSight(MongoReports):
    """With the events that still wait, as the fakes tell them."""

    def waiting(self, now: datetime) -> set[str]:
        return {pending.event.id for pending in self.outbox().due(now)}


class MongoRefusalsInSight(MongoRefusals):
    """With the events that still wait."""

    def waiting(self, now: datetime) -> set[str]:
        return {pending.event.id for pending in self.outbox().due(now)}


Reports = InMemoryReports | MongoReportsInSight
Refusals = InMemoryRefusals | MongoRefusalsInSight
BOTH = ["memory", "mongo"]


@pytest.fixture(params=BOTH)
def reports(request: pytest.FixtureRequest) -> Reports:
    if request.param == "memory":
        return InMemoryReports()
    return MongoReportsInSight(_database(request))


@pytest.fixture(params=BOTH)
def refusals(request: pytest.FixtureRequest) -> Refusals:
    if request.param == "memory":
        return InMemoryRefusals()
    return MongoRefusalsInSight(_database(request))


def _database(request: pytest.FixtureRequest) -> IntakeDatabase:
    database: IntakeDatabase = request.getfixturevalue("database")
    return database


def found(held: Held | None) -> Held:
    assert held is not None
    return held


def test_what_was_added_is_found(reports: Reports) -> None:
    report = a_report(key="k")
    reports.add(report)
    expected = Held(
        report_id=report.report_id,
        sponsor="exemplar",
        content_sha256=report.content_sha256,
        receipts=(report.first,),
        queries=QUERIES,
        status=Status(state=State.RECEIVED),
    )
    assert reports.find(None, report.report_id) == expected
    assert reports.with_key(None, "k") == expected
    assert reports.with_content("exemplar", "tester", report.content_sha256) == expected
    assert reports.waiting(LATER) == {report.event.id}


@pytest.mark.parametrize("other", [{"sponsor": "other"}, {"actor": "other"}, {"sha": "b" * 64}])
def test_other_content_sponsor_or_actor_is_another_report(reports: Reports, other: dict[str, Any]) -> None:
    reports.add(a_report())
    reports.add(a_report(**other))
    assert len(reports.waiting(LATER)) == 2


@pytest.mark.parametrize("same", [{}, {"key": "k", "sha": "b" * 64}, {"key": "k", "sha": "b" * 64, "sponsor": "other"}])
def test_the_same_content_or_key_is_held_already(reports: Reports, same: dict[str, Any]) -> None:
    reports.add(a_report(key="k"))
    with pytest.raises(AlreadyHeld):
        reports.add(a_report(**same))
    assert len(reports.waiting(LATER)) == 1


def test_another_receipt_is_kept_beside_the_first(reports: Reports) -> None:
    report = a_report()
    reports.add(report)
    held = found(reports.find(None, report.report_id))
    repeats = kept(repeat=True), kept("k", repeat=True)
    for repeat in repeats:
        reports.add_receipt(held, repeat, audit("receipt.repeated"))
    assert found(reports.with_key(None, "k")).receipts == (report.first, *repeats)


def test_a_receipt_cannot_take_a_key_that_is_taken(reports: Reports) -> None:
    first, other = a_report(key="k"), a_report(sha="b" * 64)
    for report in (first, other):
        reports.add(report)
        with pytest.raises(AlreadyHeld):
            reports.add_receipt(found(reports.find(None, report.report_id)), kept("k", repeat=True), audit())
    assert len(found(reports.find(None, other.report_id)).receipts) == 1


def test_a_replay_adds_no_receipt(reports: Reports) -> None:
    report = a_report(key="k")
    reports.add(report)
    reports.add_replay(found(reports.find(None, report.report_id)), audit("receipt.replayed"))
    assert found(reports.find(None, report.report_id)).receipts == (report.first,)


@pytest.mark.parametrize(
    ("scope", "seen"),
    [(None, True), (frozenset({"exemplar"}), True), (frozenset({"other"}), False), (frozenset(), False)],
)
def test_a_scope_sees_its_sponsors_and_an_empty_one_nothing(
    reports: Reports, scope: frozenset[str] | None, seen: bool
) -> None:
    report = a_report(key="k")
    reports.add(report)
    assert (reports.find(scope, report.report_id) is not None) is seen
    assert (reports.with_key(scope, "k") is not None) is seen


def test_an_answer_is_noted_once_and_ends_the_publishing(reports: Reports) -> None:
    report = a_report()
    reports.add(report)
    for state in (State.PARKED, State.OPENED, State.PARKED):
        reports.settle(report.event.id, Status(state=state, case_id="c", version=1), audit(f"report.{state}"))
    assert found(reports.find(None, report.report_id)).status == Status(state=State.OPENED, case_id="c", version=1)
    assert reports.waiting(LATER) == set()


def test_an_answer_to_something_unknown_changes_nothing(reports: Reports) -> None:
    report = a_report()
    reports.add(report)
    reports.settle("evt_unknown", Status(state=State.PARKED), audit())
    assert found(reports.find(None, report.report_id)).status.state == State.RECEIVED
    assert reports.waiting(LATER) == {report.event.id}


def a_refusal(raw: bytes = b"{") -> Refusal:
    refusal_id = new_id("ref")
    event = event_of(
        event_id=new_id("evt"),
        topic=REPORT_REFUSED,
        at=NOW,
        sponsor="unassigned",
        subject=refusal_id,
        body=Sender(organisation="x"),
    )
    return Refusal(
        refusal_id=refusal_id,
        sponsor="unassigned",
        received_at=NOW,
        zone="UTC",
        country="CH",
        actor="tester",
        authentication="none",
        source="api:tester",
        status_code=400,
        rule="not-json",
        reason="Not JSON.",
        content_sha256="a" * 64,
        raw=raw,
        complete=True,
        content_type="",
        status=Status(state=State.RECEIVED),
        event=event,
        audit=audit("report.refused"),
    )


def test_every_refusal_is_kept_though_its_bytes_are_the_same(refusals: Refusals) -> None:
    kept_refusals = [a_refusal(), a_refusal(), a_refusal(b"")]
    for refusal in kept_refusals:
        refusals.add(refusal)
    assert refusals.waiting(LATER) == {refusal.event.id for refusal in kept_refusals}


def test_a_parked_refusal_is_published_no_more(refusals: Refusals) -> None:
    refusal = a_refusal()
    refusals.add(refusal)
    refusals.settle(refusal.event.id, Status(state=State.PARKED), audit("report.parked"))
    assert refusals.waiting(LATER) == set()


def test_instants_come_back_as_they_were(reports: Reports) -> None:
    report = a_report()
    reports.add(report)
    receipt = found(reports.find(None, report.report_id)).receipts[0].receipt
    assert (receipt.received_at, receipt.received_at.tzinfo is not None) == (NOW, True)
