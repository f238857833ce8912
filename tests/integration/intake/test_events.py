"""A report goes out until triage answers, and the answer comes home: relay and worker as processes of their own."""

import json
from collections.abc import Callable
from typing import Any

from kafka import KafkaConsumer

from deploy.local.broker import Broker
from intake.cli import ledger_facts, parked_facts
from intake.config import Settings
from intake.store.connection import IntakeDatabase
from shared.clock import SystemClock
from shared.contracts.case_opened import CaseOpened, Opening
from shared.contracts.envelope import Event, decode, event_of
from shared.contracts.report_parked import ReportParked
from shared.contracts.report_received import ReportReceived
from shared.contracts.report_refused import ReportRefused
from shared.contracts.topics import ALL, CASE_OPENED, REPORT_PARKED, REPORT_RECEIVED, REPORT_REFUSED
from shared.messaging.kafka import KafkaPublisher, consumer
from tests.integration.intake.conftest import Door, Post, report
from tests.integration.local.waiting import until


def hear(settings: Settings, enough: Callable[[list[Event]], bool]) -> list[Event]:
    """Listen to intake's topics until enough was heard."""
    source: KafkaConsumer = consumer(settings.broker, "listener", [REPORT_RECEIVED, REPORT_REFUSED])
    heard: list[Event] = []
    try:
        until(lambda: _poll(source, heard) and enough(heard), within=60)
    finally:
        source.close(autocommit=False)
    return heard


def _poll(source: KafkaConsumer, heard: list[Event]) -> bool:
    polled: dict[Any, list[Any]] = source.poll(timeout_ms=200)
    for record in (record for partition in polled.values() for record in partition):
        assert record.key.decode().startswith(("rep_", "ref_"))
        heard.append(decode(record.value))
    return True


def make_topics(broker: Broker, settings: Settings) -> None:
    broker.create_topics([settings.broker.topic_prefix + topic for topic in ALL])


def answers(heard: list[Event]) -> list[Event]:
    """Answer as triage does: a case for each report, a person for each refusal."""
    return [_answer(event) for event in {event.id: event for event in heard}.values()]


def _answer(event: Event) -> Event:
    refused = event.topic == REPORT_REFUSED
    opened = CaseOpened(report_id=event.subject, case_id="case_1", version=1, opening=Opening.OPENED, valid=True)
    body = ReportParked(parked_id="prk_1", reason="refused body") if refused else opened
    return event_of(
        event_id=f"answer_{event.id}",
        topic=REPORT_PARKED if refused else CASE_OPENED,
        at=event.occurred_at,
        sponsor=event.sponsor,
        subject="case_1",
        body=body,
        answers=event.id,
    )


def test_a_report_goes_out_and_its_answer_comes_home(
    settings: Settings, broker: Broker, post: Post, door: Door, database: IntakeDatabase
) -> None:
    make_topics(broker, settings)
    status_url = json.loads(post(report()).data)["status_url"]
    post(b"{")
    with door("intake.relay") as log:
        heard = hear(settings, lambda events: {each.topic for each in events} == {REPORT_RECEIVED, REPORT_REFUSED})
        assert '"ready"' in log.read_text()
    received = next(event for event in heard if event.topic == REPORT_RECEIVED)
    assert received.body(ReportReceived).content.narrative == "頭痛 صداع"
    assert next(event for event in heard if event.topic == REPORT_REFUSED).body(ReportRefused).status == 400
    publisher = KafkaPublisher(settings.broker)
    assert publisher.publish(answers(heard)) == {event.id for event in answers(heard)}
    publisher.close()
    with door("intake.worker") as log:
        until(lambda: _unconfirmed(database) == 0, within=60)
        assert '"ready"' in log.read_text()
        assert "頭痛" not in log.read_text()
    report_id = status_url.rpartition("/")[2]
    stored = database.collection("reports").find_one({"_id": report_id}) or {}
    assert stored["status"] == {"state": "opened", "case_id": "case_1", "version": 1}
    assert {fact.report_id: fact.refused for fact in ledger_facts(settings)}[report_id] is False
    assert len(list(ledger_facts(settings))) == 2


def _unconfirmed(database: IntakeDatabase) -> int:
    waiting = {"outbox.confirmed_at": None}
    return sum(database.collection(name).count_documents(waiting) for name in ("reports", "refusals"))


def test_what_nobody_answers_is_published_again(settings: Settings, broker: Broker, post: Post, door: Door) -> None:
    make_topics(broker, settings)
    post(report())
    with door("intake.relay"):
        heard = hear(settings, lambda events: len(events) >= 3)
    assert len({event.id for event in heard}) == 1


def test_an_answer_that_nobody_can_read_is_parked(
    settings: Settings, broker: Broker, door: Door, database: IntakeDatabase
) -> None:
    make_topics(broker, settings)
    broken = event_of(
        event_id="evt_b",
        topic=CASE_OPENED,
        at=SystemClock().now(),
        sponsor="exemplar",
        subject="case_2",
        body=ReportParked(parked_id="p", reason="not the form of this topic"),
        answers="evt_x",
    )
    publisher = KafkaPublisher(settings.broker)
    assert publisher.publish([broken]) == {"evt_b"}
    publisher.close()
    with door("intake.worker"):
        until(lambda: database.collection("parked").count_documents({}) == 1, within=60)
    assert [fact.subject for fact in parked_facts(settings)] == ["case_2"]
