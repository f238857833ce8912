"""The broker away, for minutes or for good with all it held: 202 as before, and everything is processed afterwards."""

import time
from typing import Any

import pytest

from tests.integration.local.waiting import until
from tests.integration.rig import Rig, a_body, send

AWAY = 20.0
DOORS = ("intake.relay", "intake.worker", "triage.worker", "triage.relay", "reporting.worker", "reporting.relay")


def follow_up(case: int, number: int) -> dict[str, Any]:
    return a_body(f"f06-{case}", patient={"initials": "F.T.", "sex": "female", "weight_kg": 50 + number})


def standing(rig: Rig, case: int) -> tuple[int, float]:
    """Return how many versions a case has, and the weight that its newest one tells."""
    cases, versions = rig.data("triage", "cases"), rig.data("triage", "case_versions")
    refs = cases.find_one({"sender_key": f"helvion\x1fFaults\x1ff06-{case}"})["head"]["versions"]
    newest = versions.find_one({"_id": refs[-1]["version_id"]})
    return len(refs), newest["version"]["snapshot"]["content"]["patient"]["weight_kg"]


def test_f06_away_intake_goes_on_and_afterwards_everything_drains_in_order(rig: Rig) -> None:
    rig.bus.blackhole()
    until_back = time.monotonic() + AWAY
    for number in range(5):
        answers = [rig.post(follow_up(case, number)) for case in range(10)]
        assert {answer.status for answer in answers} == {202}
        assert max(answer.seconds for answer in answers) < 5
    assert send(rig.suite.intake_port, "GET", "/health/ready").status == 200
    assert send(rig.suite.review_port, "GET", "/health/ready").status == 200
    assert rig.data("triage", "cases").count_documents({"sender_key": {"$regex": "f06-"}}) == 0
    until(lambda: time.monotonic() > until_back, within=AWAY + 30)
    rig.bus.heal()
    rig.settle()
    for case in range(10):
        versions, weight = standing(rig, case)
        assert (versions, weight) == (5, 54.0)  # whatever came first: what was told last stands


def test_f06_broken_connections_and_half_closed_ones_are_made_anew(rig: Rig) -> None:
    for number in range(10):
        assert rig.post(a_body(f"f06-broken-{number}")).status == 202
        (rig.bus.reset if number % 2 else rig.bus.half_close)()
    rig.settle()


def test_f06_doors_start_while_the_broker_is_away(rig: Rig) -> None:
    rig.bus.blackhole()
    for door in DOORS:
        rig.suite.supervisor.restart(door)
    assert rig.post(a_body("f06-start")).status == 202
    rig.suite.check()
    rig.bus.heal()
    rig.settle()


@pytest.mark.timeout(300)
def test_f07_a_broker_that_comes_back_empty_is_told_everything_again(rig: Rig) -> None:
    for number in range(30):
        assert rig.post(a_body(f"f07-{number}")).status == 202
    rig.restart_broker()
    assert rig.post(a_body("f07-after")).status == 202
    rig.settle()
    assert rig.data("triage", "cases").count_documents({"sender_key": {"$regex": "f07-"}}) == 31
