"""SIGTERM under load: what was begun is ended within the grace, exit code 0; started again, nothing is missing."""

from contextlib import closing

import pytest
from kafka import KafkaAdminClient

from tests.integration.faults.load import Senders, one_report_each
from tests.integration.local.waiting import until
from tests.integration.rig import Rig

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


@pytest.mark.parametrize("group", ["intake", "triage", "reporting"])
def test_f18_a_consumer_leaves_its_group(rig: Rig, group: str) -> None:
    door = f"{group}.worker"

    def members() -> int:
        with closing(KafkaAdminClient(bootstrap_servers=rig.broker.address)) as admin:
            return len(admin.describe_groups([group])[group]["members"])

    until(lambda: members() == 1, within=60)
    rig.suite.supervisor.stop(door)
    try:
        assert members() == 0
    finally:
        rig.suite.restart(door)
    rig.settle()
