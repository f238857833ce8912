"""SIGTERM under load: what was begun is ended within the grace, exit code 0; started again, nothing is missing."""

import time
from contextlib import closing

import pytest

from shared.contracts import topics
from shared.messaging.kafka import Broker, consumer
from tests.integration.faults.load import Senders, one_report_each
from tests.integration.rig import Rig, a_body

CONSUMED = {"intake": topics.CASE_OPENED, "triage": topics.REPORT_RECEIVED, "reporting": topics.CASE_APPROVED}
SESSION_SECONDS = 6.0

WORKERS = ("triage.worker", "reporting.worker", "intake.worker", "intake.relay", "triage.relay", "reporting.sender")


def stop_and_start(rig: Rig, door: str) -> None:
    process = rig.suite.supervisor.process(door)
    rig.suite.supervisor.stop(door)
    assert process.popen.returncode == 0, process.post_mortem()
    rig.suite.restart(door)


def test_f18_intake_ends_what_it_began_and_the_retries_complete(rig: Rig) -> None:
    with Senders(rig, "f18", threads=6, count=50) as senders:
        for enough in (30, 120, 200):
            senders.wait_for(enough)
            stop_and_start(rig, "intake.app")
    assert set(senders.statuses) == {202}  # or no answer at all, from a listener that had closed
    one_report_each(rig, senders)


@pytest.mark.parametrize("door", WORKERS)
def test_f18_a_worker_loses_and_doubles_nothing(rig: Rig, door: str) -> None:
    with Senders(rig, f"f18-{door}", threads=3, count=10) as senders:
        senders.wait_for(8)
        stop_and_start(rig, door)
    one_report_each(rig, senders)


@pytest.mark.parametrize("group", CONSUMED)
def test_f18_a_consumer_leaves_its_group(rig: Rig, group: str) -> None:
    bus = Broker(bootstrap=rig.broker.address, session_timeout_ms=1000, heartbeat_interval_ms=200)
    rig.suite.supervisor.stop(f"{group}.worker")
    left = time.monotonic()
    with closing(consumer(bus, group, [CONSUMED[group]])) as successor:
        while not successor.assignment():
            successor.poll(timeout_ms=100, max_records=1)
        assert time.monotonic() - left < SESSION_SECONDS  # it waited for no session to expire
    rig.suite.restart(f"{group}.worker")
    assert rig.post(a_body(f"f18-group-{group}")).status == 202
    rig.settle()
