"""A message that is no event of ours is parked after one attempt, in sight, and the partition goes on behind it."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from kafka import KafkaProducer

from shared.contracts import topics
from tests.integration.local.waiting import until
from tests.integration.rig import Rig, a_body

ENVELOPE = {"occurred_at": "2026-11-23T12:00:00Z", "sponsor": "helvion", "subject": "f11", "data": {}}
POISON: dict[str, bytes | None] = {
    "nothing": None,
    "empty": b"",
    "no JSON": b"\x00\xff{",
    "no object": b"[1, 2]",
    "deep": b"[" * 100_000,
    "no envelope": b'{"id": "x"}',
    "unknown type": json.dumps({**ENVELOPE, "id": "evt_f11_type", "topic": "dayzero.report.vanished.v9"}).encode(),
    "future version": json.dumps(
        {**ENVELOPE, "id": "evt_f11_future", "topic": topics.REPORT_RECEIVED, "data": {"report": {"schema": 2}}}
    ).encode(),
    "operator": json.dumps({**ENVELOPE, "id": {"$ne": 1}, "topic": topics.REPORT_RECEIVED}).encode(),
}
CONSUMED = {"intake": topics.CASE_OPENED, "triage": topics.REPORT_RECEIVED, "reporting": topics.CASE_APPROVED}


@pytest.fixture
def producer(rig: Rig) -> Iterator[Any]:
    with closing(KafkaProducer(bootstrap_servers=rig.broker.address, enable_idempotence=False)) as made:
        yield made


@pytest.mark.parametrize("service", CONSUMED)
def test_f11_poison_is_parked_after_one_attempt_and_the_partition_goes_on(
    rig: Rig, producer: Any, service: str
) -> None:
    parked = rig.data(service, "parked")
    before = parked.count_documents({})
    log = rig.suite.supervisor.process(f"{service}.worker")
    failed = log.logged().count("handler_failed")
    for content in POISON.values():
        producer.send(CONSUMED[service], content, key=b"f11", partition=0).get(timeout=20)
    kinds = len({content or b"" for content in POISON.values()})  # nothing and empty are the same
    until(lambda: parked.count_documents({}) == before + kinds, within=60)
    assert log.logged().count("handler_failed") == failed
    assert rig.post(a_body(f"f11-{service}")).status == 202
    rig.settle()
    if service == "triage":
        page = rig.review("/parked").content.decode()
        assert "not an event" in page
        assert "evt_f11_future" in page
