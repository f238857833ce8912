"""A file of messages and servers that go: sent again, every message of it is one report and one case, and once."""

import threading
from typing import Any

from shared.icsr import api as icsr
from tests.e2b_files import batch
from tests.integration.faults.load import Late
from tests.integration.local.waiting import until
from tests.integration.rig import Answer, Rig, send

COUNT = 40
PATIENCE = 170.0  # seconds; the machine may be busy with others
XML = {"Content-Type": "application/xml"}


def post_file(rig: Rig, content: bytes) -> Answer:
    return send(rig.suite.intake_port, "POST", "/v1/icsrs?sponsor=helvion", content, {**XML, **rig.partner})


def held(rig: Rig, names: list[str]) -> list[dict[str, Any]]:
    return list(rig.data("intake", "reports").find({"sender.case_id": {"$in": names}}))


def every_message_once(rig: Rig, names: list[str], answer: Answer) -> None:
    """Each message is accepted, stored once, and one version of one case; the ledger identity holds."""
    assert answer.status == 200
    told = icsr.read_acknowledgement(answer.content)
    assert [each.message_number for each in told.messages] == names
    assert {each.code for each in told.messages} == {icsr.MessageCode.ACCEPTED}
    reports = held(rig, names)
    assert sorted(each["sender"]["case_id"] for each in reports) == sorted(names)
    assert [each.local_report_number for each in told.messages] == [
        each["_id"] for each in sorted(reports, key=lambda report: names.index(report["sender"]["case_id"]))
    ]
    rig.settle(within=PATIENCE)
    for name in names:
        cases = list(rig.data("triage", "cases").find({"sender_key": {"$regex": f"\x1f{name}$"}}))
        assert [len(case["head"]["versions"]) for case in cases] == [1], name


def test_killed_in_the_middle_of_a_batch_the_same_file_ends_with_every_message_once(rig: Rig) -> None:
    names = [f"SE-KILLED-{number:03}" for number in range(COUNT)]
    content = batch(*names, number="B-KILLED")
    late = Late(lambda: post_file(rig, content))
    until(lambda: len(held(rig, names)) >= COUNT // 4, within=60)
    rig.suite.kill("intake.app")
    assert isinstance(late.result(), Exception)  # no promise was given
    rig.suite.restart("intake.app")
    part = len(held(rig, names))
    assert 0 < part < COUNT
    answer = post_file(rig, content)
    every_message_once(rig, names, answer)
    receipts = sorted(len(each["receipts"]) for each in held(rig, names))
    assert receipts == [1] * (COUNT - part) + [2] * part
    assert rig.data("intake", "icsr_files").count_documents({"batch_number": "B-KILLED"}) == 1


def test_without_mongodb_in_the_middle_there_is_503_and_then_every_message_once(rig: Rig) -> None:
    names = [f"SE-AWAY-{number:03}" for number in range(COUNT)]
    content = batch(*names, number="B-AWAY")
    late = Late(lambda: post_file(rig, content))
    until(lambda: len(held(rig, names)) >= COUNT // 4, within=60)
    rig.servers.kill("mongod")
    answer = late.result()
    rig.servers.restart("mongod")
    assert isinstance(answer, Answer)
    assert (answer.status, int(answer.headers["retry-after"]) > 0) == (503, True)
    until(lambda: send(rig.suite.intake_port, "GET", "/health/ready").status == 200, within=60)
    every_message_once(rig, names, post_file(rig, content))


def test_the_same_file_at_the_same_time_is_one_file_with_one_answer(rig: Rig) -> None:
    names = [f"SE-TWICE-{number:03}" for number in range(10)]
    content = batch(*names, number="B-TWICE")
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda: answers.append(post_file(rig, content))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each.content for each in answers}) == 1
    assert rig.data("intake", "icsr_files").count_documents({"batch_number": "B-TWICE"}) == 1
    every_message_once(rig, names, answers[0])
