"""Restarted in the middle of things: half-published outboxes go out, lost indexes are made, doubles are refused."""

import os
import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest

from deploy.local.mongod import Mongod
from deploy.local.suite import SERVICES
from tests.integration.rig import Rig, a_body

DOUBLES: dict[str, tuple[str, dict[str, Any], str]] = {
    "intake": ("reports", {"sponsor": "helvion", "actor": "a", "content_sha256": "0" * 64}, "content_sha256"),
    "triage": ("cases", {"sponsor": "helvion", "applied": ["evt_1"]}, "applied"),
    "reporting": ("messages", {"sponsor": "helvion", "approval_id": "apr_1"}, "approval_id"),
}


def test_f29_half_published_outboxes_go_out_after_a_restart(rig: Rig) -> None:
    rig.bus.blackhole()
    for number in range(20):
        assert rig.post(a_body(f"f29-{number}")).status == 202
    for door in ("intake.relay", "triage.relay", "triage.worker"):
        rig.suite.kill(door)
    rig.bus.heal()
    for door in ("intake.relay", "triage.relay", "triage.worker"):
        rig.suite.restart(door)
        rig.suite.kill(door)
        rig.suite.restart(door)
    rig.settle()
    assert rig.data("triage", "cases").count_documents({"sender_key": {"$regex": "f29-"}}) == 20


def test_f29_indexes_that_are_missing_are_made_again(rig: Rig) -> None:
    places = [("intake", "reports"), ("triage", "cases"), ("reporting", "submissions")]
    before = [rig.data(*place).index_information() for place in places]
    for place in places:
        rig.data(*place).drop_indexes()
    for door in ("intake.app", "triage.worker", "reporting.worker"):
        rig.suite.restart(door)
    assert [set(rig.data(*place).index_information()) for place in places] == [set(each) for each in before]
    assert rig.post(a_body("f29-indexes")).status == 202
    rig.settle()


@pytest.mark.parametrize("door", [door.name for door in SERVICES])
def test_f29_data_that_breaks_a_unique_index_is_refused_in_one_line(
    mongod: Mongod, prefix: str, suite_env: dict[str, str], door: str
) -> None:
    service = door.partition(".")[0]
    collection, double, key = DOUBLES[service]
    with closing(mongod.admin()) as admin:
        admin[f"{prefix}_{service}"][collection].insert_many([{"_id": "one", **double}, {"_id": "two", **double}])
    environment = {**os.environ, **suite_env}
    ended = subprocess.run([sys.executable, "-m", door], env=environment, capture_output=True, text=True, timeout=60)
    (line,) = ended.stderr.splitlines()
    assert ended.returncode == 78
    assert f"DAYZERO_{service.upper()}_MONGO_URI" in line
    assert key in line
    assert "must be unique" in line
