"""A hot query reads by an index: what is found in a moment among ten is still found in a moment among a million.

The server's own profiler watches while reports become cases, approvals, files and acknowledgements. What reads a whole
collection on purpose, the ledger identity, comes after.
"""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest

from deploy.demo.partners import given
from deploy.demo.physician import Physician
from deploy.demo.posting import post
from deploy.demo.regulator import Regulator
from deploy.demo.staff import hired
from deploy.demo.terms import Terms
from deploy.local.mongod import SERVICES, Mongod
from deploy.local.suite import Options, Suite
from shared.clock import SystemClock
from shared.contracts import topics
from tests.integration.faults.test_f03_f04_f07_kills import a_body

REPORTS = 6
WITHIN = 90.0
PROFILED = 64 << 20  # bytes


@pytest.fixture
def suite() -> Iterator[Suite]:
    options = Options(republish_seconds=0.5, keep_data=False, topics=topics.ALL)
    with Suite(f"indexes-{os.getpid()}", options) as running:
        yield running


@pytest.mark.timeout(180)
def test_every_hot_query_reads_by_an_index(suite: Suite) -> None:
    server = Mongod(urlsplit(suite.settings["DAYZERO_TRIAGE_MONGO_URI"]).port or 0, suite.folder / "secrets")
    with closing(server.admin()) as admin:
        for service in SERVICES:
            database = admin[f"dayzero_{service}"]
            database.create_collection("system.profile", capped=True, size=PROFILED)
            database.command("profile", 2)
        work(suite)
        for service in SERVICES:
            admin[f"dayzero_{service}"].command("profile", 0)
        seen = [op for service in SERVICES for op in admin[f"dayzero_{service}"]["system.profile"].find(OF_OURS)]
    assert {op["ns"].split(".")[1] for op in seen} >= {"reports", "cases", "case_versions", "messages", "submissions"}
    assert [scan for op in seen if (scan := collection_scan(op))] == []


OF_OURS = {"appName": {"$regex": "^dayzero"}, "op": {"$in": ["query", "update", "remove", "command"]}}


def collection_scan(op: dict[str, Any]) -> str | None:
    """Return what was asked where the server read a collection from end to end."""
    return f"{op['ns']} {op['command']}" if op.get("planSummary") == "COLLSCAN" else None


def work(suite: Suite) -> None:
    staff = hired(suite.settings, suite.review_url)
    partner = given(suite.settings, suite.intake_url)
    physician = Physician(staff, Terms.load(suite.options.dictionary))
    regulator = Regulator(suite.outgoing, suite.incoming, SystemClock(), None, rejects_one=False)
    for number in [*range(REPORTS), 0]:  # the last is a repeat
        post(partner, number, a_body(number))
    deadline = time.monotonic() + WITHIN
    while len(physician.cases) < REPORTS or any(case["status"] != "closed" for case in physician.cases.values()):
        assert time.monotonic() < deadline
        physician.round()
        regulator.answer_new()
        time.sleep(0.1)
    post(partner, REPORTS, {**a_body(1), "narrative": "A follow-up of the same case."})
    while not any(len(case["versions"]) > 1 for case in physician.cases.values()):
        assert time.monotonic() < deadline
        physician.round()
    for listed in ("/", "/?to_ask=true", "/?to_ask=true&sponsor=helvion&after=2026-11-23~case_"):
        assert staff.call("GET", listed).status == 200
