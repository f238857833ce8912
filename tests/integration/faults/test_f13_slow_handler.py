"""A handler slower than ``max_poll_interval_ms`` loses its partitions, fails to commit, and doubles nothing."""

import threading
from collections import Counter

import msgspec
import pytest

from deploy.local.broker import Broker
from shared.clock import SystemClock
from shared.contracts import topics
from shared.contracts.envelope import Event
from shared.logs import configure
from shared.messaging.kafka import KafkaPublisher
from shared.messaging.worker import Worker
from shared.settings import load
from tests.builders import a_report
from tests.integration.local.waiting import until
from tests.unit.triage.fakes import InMemoryReference
from triage import config
from triage.open_case import OpenCase
from triage.park import Park
from triage.store.cases import MongoCaseStore
from triage.store.database import TRANSIENT, opened, prepare
from triage.store.parked import MongoParkedStore

REPORTS = 12
INTERVAL_MS = 2000


def test_f13_a_handler_that_is_too_slow_has_its_effect_once(
    suite_env: dict[str, str], broker: Broker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in suite_env.items():
        monkeypatch.setenv(name, value)
    settings = load(config.read)
    bus = msgspec.structs.replace(settings.broker, max_poll_interval_ms=INTERVAL_MS)
    broker.create_topics([bus.topic_prefix + topics.REPORT_RECEIVED], partitions=1)
    calls: Counter[str] = Counter()
    stop, clock = threading.Event(), SystemClock()
    with opened(settings.mongo_uri) as database:
        prepare(database)
        cases = MongoCaseStore(database, clock)
        open_case = OpenCase(cases, InMemoryReference(), clock)

        def slow(event: Event) -> None:
            open_case(event)
            calls[event.id] += 1
            if sum(calls.values()) == 3:
                stop.wait(3 * INTERVAL_MS / 1000)  # the third, once: longer than the group waits for it

        park = Park(MongoParkedStore(database, clock, "test"), InMemoryReference(), clock)
        log = configure("test")
        worker = Worker(bus, "triage", {topics.REPORT_RECEIVED: slow}, park, TRANSIENT, log)
        publisher = KafkaPublisher(bus)
        events = [a_report(f"rep_{number}") for number in range(REPORTS)]
        assert publisher.publish(events) == {event.id for event in events}
        publisher.close()
        running = threading.Thread(target=worker.run, args=(stop,))
        running.start()
        try:
            until(lambda: len(calls) == REPORTS and max(calls.values()) > 1, within=60)
            assert running.is_alive()
        finally:
            stop.set()
            running.join()
        assert database["cases"].count_documents({}) == REPORTS
        assert database["case_versions"].count_documents({}) == REPORTS
        assert database["parked"].count_documents({}) == 0
    assert "commit_failed" in capsys.readouterr().err
