"""kill -9 of relay, worker and builder at random moments under load, then an emptied broker: the ledger identity holds.

The kills come while reports are posted and approved; every report must end where it would have ended without them,
once. The moments are drawn from a seed that a failure shows, so that it can be run again.
"""

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.cli.ledger import check
from deploy.cli.ledger_sources import all_facts
from deploy.cli.run_settings import in_environment
from deploy.demo.partners import given
from deploy.demo.physician import Physician
from deploy.demo.posting import post
from deploy.demo.regulator import Regulator
from deploy.demo.staff import hired
from deploy.demo.terms import Terms
from deploy.local.mongod import SERVICES, mongo_setting
from deploy.local.suite import Options, Suite
from shared.audit.ledger import ledger_setting
from shared.clock import SystemClock
from shared.contracts import topics
from shared.contracts.ledger_facts import ApprovalFact, CaseVersionFact, MessageFact, SubmissionFact
from tests.integration.crash.whole import mismatches

SEED = int(os.environ.get("DAYZERO_FAULT_SEED", "20261123"))
REPORTS = 40
KILLS = int(os.environ.get("DAYZERO_KILLS", "6"))
VICTIMS = ("intake.relay", "triage.worker", "reporting.worker", "triage.relay", "reporting.relay", "reporting.sender")
WITHIN = 150.0


def a_body(number: int) -> dict[str, Any]:
    return {
        "sponsor": "helvion",
        "sender": {"organisation": "Load", "case_id": f"L-{number}"},
        "patient": {"initials": f"L{number}", "sex": "female"},
        "reporters": [{"given_name": "Ann", "country": "FR", "qualification": "physician"}],
        "drugs": [{"name": "Cardivane", "role": "suspect"}],
        "reactions": [
            {
                "verbatim": "Headache",
                "serious": True,
                "criteria": ["hospitalisation"],
                "country": "FR",
                "outcome": "recovered",
            }
        ],
        "narrative": f"Report {number}.",
    }


@pytest.fixture
def suite() -> Iterator[Suite]:
    options = Options(republish_seconds=0.5, keep_data=False, topics=topics.ALL)
    with Suite(f"faults-{os.getpid()}", options) as running, in_environment(running.settings):
        yield running


@pytest.mark.timeout(300)
def test_the_ledger_identity_holds_after_kills_and_an_empty_broker(suite: Suite) -> None:
    chance = random.Random(SEED)  # noqa: S311 - moments to kill at, not secrets
    physician = Physician(hired(suite.settings, suite.review_url), Terms.load(suite.options.dictionary))
    regulator = Regulator(suite.outgoing, suite.incoming, SystemClock(), None)
    partner = given(suite.settings, suite.intake_url)
    loader = threading.Thread(target=lambda: [post(partner, n, a_body(n)) for n in range(REPORTS)])
    loader.start()
    for victim in islice(cycle(VICTIMS), KILLS):
        work_until(time.monotonic() + chance.uniform(0.1, 1.5), physician, regulator)
        suite.kill(victim)
        suite.restart(victim)
    suite.kill("broker")
    suite.restart("broker")
    loader.join()
    deadline = time.monotonic() + WITHIN
    while not settled(physician, regulator):
        assert time.monotonic() < deadline, f"seed {SEED}: {where_it_stands()}"
    facts = list(all_facts())
    ledger = check(facts, SystemClock().now(), grace=timedelta(0))
    assert ledger.broken == ()
    assert unmatched(suite) == []
    versions = [fact for fact in facts if isinstance(fact, CaseVersionFact)]
    assert len({fact.report_id for fact in versions} - {None}) == REPORTS
    approvals = [fact for fact in facts if isinstance(fact, ApprovalFact)]
    messages = [fact for fact in facts if isinstance(fact, MessageFact)]
    assert sorted(fact.approval_id for fact in approvals) == sorted(fact.approval_id for fact in messages)
    files = [path.name for path in suite.outgoing.glob("*.xml")]
    assert len(files) == len(messages)


def unmatched(suite: Suite) -> list[str]:
    """Return the changes without an entry, and the entries without a change."""
    found: list[str] = []
    for service in SERVICES:
        uris = (suite.settings[mongo_setting(service)], suite.settings[ledger_setting(service)])
        data, kept = (MongoClient[dict[str, Any]](uri, tz_aware=True) for uri in uris)
        with closing(data), closing(kept):
            found += mismatches(service, data.get_default_database(), kept.get_default_database())
    return found


def work_until(moment: float, physician: Physician, regulator: Regulator) -> None:
    while time.monotonic() < moment:
        physician.round()
        regulator.answer_new()


def settled(physician: Physician, regulator: Regulator) -> bool:
    acts = physician.round() + regulator.answer_new()
    facts = list(all_facts())
    handled = {fact.report_id for fact in facts if isinstance(fact, CaseVersionFact)} - {None}
    submissions = [fact for fact in facts if isinstance(fact, SubmissionFact)]
    under_way = any(fact.state in {"waiting", "sent"} for fact in submissions)
    open_cases = any(case["status"] != "closed" for case in physician.cases.values())
    return not acts and len(handled) == REPORTS and not under_way and not open_cases


def where_it_stands() -> str:
    facts = list(all_facts())
    kinds = {kind.__name__: sum(isinstance(f, kind) for f in facts) for kind in (CaseVersionFact, MessageFact)}
    return f"{kinds}, {[(f.state, f.active) for f in facts if isinstance(f, SubmissionFact)]}"
