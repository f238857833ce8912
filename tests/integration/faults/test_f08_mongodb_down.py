"""MongoDB away: 503 with Retry-After and no 202 without a durable write; workers pause, park nothing, and go on."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from deploy.local.mongod import PROCESS as MONGOD
from deploy.local.readiness import announced
from deploy.local.suite import SERVICES
from tests.integration.faults.load import Senders, one_report_each
from tests.integration.local.waiting import until
from tests.integration.rig import Rig, a_body, send

AWAY = ("killed", "stopped", "unreachable", "refusing")


@contextmanager
def away(rig: Rig, how: str) -> Iterator[None]:
    """Take MongoDB away, and give it back."""
    if how == "killed":
        rig.servers.kill(MONGOD)
    if how == "stopped":
        rig.servers.kill(MONGOD, signal.SIGSTOP)
    if how == "unreachable":
        rig.store.blackhole()
    if how == "refusing":
        rig.store.target += 1
        rig.store.reset()
    try:
        yield
    finally:
        if how == "killed":
            rig.servers.restart(MONGOD)
        if how == "stopped":
            rig.servers.kill(MONGOD, signal.SIGCONT)
        if how == "refusing":
            rig.store.target -= 1
        rig.store.heal()
    until(lambda: send(rig.suite.intake_port, "GET", "/health/ready").status == 200, within=60)
    until(lambda: send(rig.suite.review_port, "GET", "/health/ready").status == 200, within=60)


@pytest.mark.parametrize("how", AWAY)
def test_f08_no_202_without_a_durable_write(rig: Rig, how: str) -> None:
    parked = rig.data("triage", "parked").count_documents({})
    with away(rig, how):
        for body in (a_body(f"f08-{how}"), b"{"):  # a refusal that could not be kept is no refusal either
            answer = rig.post(body)
            assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
            assert int(answer.headers["retry-after"]) > 0
        for port in (rig.suite.intake_port, rig.suite.review_port):
            assert send(port, "GET", "/health/live").status == 200
            assert send(port, "GET", "/health/ready").status == 503
        script, page = rig.review("/api/cases"), rig.review("/")
        assert (script.status, script.headers["content-type"]) == (503, "application/problem+json")
        assert (page.status, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert int(script.headers["retry-after"]) > 0
        assert int(page.headers["retry-after"]) > 0
    again = rig.post(a_body(f"f08-{how}"))
    assert again.status == 202
    rig.settle()
    stored = rig.data("intake", "reports").count_documents({"sender.case_id": f"f08-{how}"})
    assert (stored, rig.data("triage", "parked").count_documents({"kind": "message"})) == (1, parked)


@pytest.mark.parametrize("how", ["killed", "stopped"])
def test_f08_work_that_was_under_way_goes_on_by_itself(rig: Rig, how: str) -> None:
    with Senders(rig, f"f08-way-{how}", threads=4, count=15) as senders:
        senders.wait_for(10)
        with away(rig, how):
            for door in ("intake.relay", "triage.relay", "reporting.relay", "reporting.sender"):
                until(partial(waits, rig, door), within=60)
    assert set(senders.statuses) <= {202, 503}
    one_report_each(rig, senders)
    assert rig.data("triage", "parked").count_documents({"kind": "message"}) == 0


def test_f08_every_door_starts_while_mongodb_is_away(rig: Rig) -> None:
    supervisor = rig.suite.supervisor
    with away(rig, "refusing"):
        for door in SERVICES:
            supervisor.stop(door.name)
        for door in SERVICES:
            batch, index = supervisor._find(door.name)
            batch[index] = supervisor._launch(batch[index].spec)
        for door in (door for door in SERVICES if not door.port_setting):
            until(partial(waits, rig, door.name), within=60)
            assert not announced(1e9)(supervisor.process(door.name))
        for port in (rig.suite.intake_port, rig.suite.review_port):
            until(partial(lives, port), within=60)
            assert send(port, "GET", "/health/ready").status == 503
        assert rig.post(a_body("f08-start")).status == 503
        assert rig.review("/api/cases").status == 503
        rig.suite.check()
    assert rig.post(a_body("f08-start")).status == 202
    rig.settle()


def waits(rig: Rig, door: str) -> bool:
    return "dependency_away" in rig.suite.supervisor.process(door).logged()


def lives(port: int) -> bool:
    try:
        return send(port, "GET", "/health/live").status == 200
    except OSError:
        return False
