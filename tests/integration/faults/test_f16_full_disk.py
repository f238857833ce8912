"""A full disk, without root: no file may grow. Nothing accepted is lost, and no half of a file is ever sent."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.demo.physician import Physician
from deploy.demo.terms import Terms
from deploy.local.mongod import PROCESS as MONGOD
from tests.integration.faults.load import Senders, one_report_each
from tests.integration.local.waiting import until
from tests.integration.rig import Rig, a_body

SMALL = 4096  # bytes: less than any file that is sent, and than what mongod appends to


def limit(pid: int, size: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@contextmanager
def no_room(pid: int) -> Iterator[None]:
    limit(pid, SMALL)
    try:
        yield
    finally:
        limit(pid, resource.RLIM_INFINITY)


def test_f16_mongod_without_room_ends_and_nothing_accepted_is_lost(rig: Rig) -> None:
    mongod = rig.servers.process(MONGOD)
    with Senders(rig, "f16", threads=4, count=15) as senders:
        senders.wait_for(10)
        limit(mongod.pid, SMALL)
        until(lambda: not mongod.alive, within=60)
        until(lambda: 503 in senders.statuses, within=60)
        rig.servers.restart(MONGOD)
    assert set(senders.statuses) <= {202, 503}
    one_report_each(rig, senders)


def test_f16_an_outgoing_folder_without_room_keeps_the_submission_pending(rig: Rig) -> None:
    report = rig.post(a_body("f16-outgoing")).body["report_id"]
    case_id = rig.case_of(report)["id"]
    outgoing = rig.suite.outgoing
    submissions = rig.data("reporting", "submissions")
    physician = Physician(rig.staff, Terms.load(rig.suite.options.dictionary))

    def all_pending() -> bool:
        physician.round()
        found = [each["state"] for each in submissions.find({"case_id": case_id})]
        return bool(found) and set(found) == {"waiting"} and any(outgoing.glob(".*.part"))

    with no_room(rig.suite.supervisor.process("reporting.sender").pid):
        until(all_pending, within=60)
        batches = submissions.distinct("batch_number", {"case_id": case_id})
        assert [file.name for file in outgoing.glob("*.xml") if any(batch in file.name for batch in batches)] == []
    rig.settle()
    until(lambda: set(submissions.distinct("state", {"case_id": case_id})) == {"sent"}, within=60)
    for message in rig.data("reporting", "messages").find({"case_id": case_id}):
        (file,) = outgoing.glob(f"*{message['batch_number']}.xml")
        assert file.read_bytes() == bytes(message["content"])
    assert list(outgoing.glob(".*.part")) == []
    rig.settle()
