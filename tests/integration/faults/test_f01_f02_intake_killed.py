"""kill -9 of intake, in mid-request and between commit and answer: the client's retry gives one report."""

import random

import pytest

from tests.integration.faults.load import Late, Senders, one_report_each
from tests.integration.local.waiting import until
from tests.integration.rig import INSERT, Rig, a_body


def test_f01_killed_under_load_every_retry_ends_in_one_report(rig: Rig) -> None:
    chance = random.Random(20261123)  # noqa: S311 - moments to kill at
    with Senders(rig, "f01", threads=6, count=25) as senders:
        for _ in range(3):
            senders.wait_for(len(senders.receipts) + chance.randint(5, 20))
            rig.suite.kill("intake.app")
            rig.suite.restart("intake.app")
    one_report_each(rig, senders)


@pytest.mark.parametrize("keyed", [True, False])
def test_f02_killed_between_commit_and_answer_the_retry_meets_the_report(rig: Rig, keyed: bool) -> None:
    body, key = a_body(f"f02-{keyed}"), {"Idempotency_Key": f"f02-{keyed}"} if keyed else {}
    reports = rig.data("intake", "reports")
    rig.store.hold_answers(to=INSERT)
    late = Late(lambda: rig.post(body, **key))
    until(lambda: reports.count_documents({"sender.case_id": f"f02-{keyed}"}) == 1, within=30)
    rig.suite.kill("intake.app")
    assert isinstance(late.result(), Exception)  # no promise was given
    rig.store.heal()
    rig.store.reset()
    rig.suite.restart("intake.app")
    again = rig.post(body, **key)
    assert (again.status, again.body["report_id"]) == (202, reports.find_one({"sender.case_id": f"f02-{keyed}"})["_id"])
    assert reports.count_documents({"sender.case_id": f"f02-{keyed}"}) == 1
    rig.settle()
