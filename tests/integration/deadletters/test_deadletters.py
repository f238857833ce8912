"""What cannot be processed is parked, listed, shown, and replayed once its cause is mended, or closed (DOMAIN 1, 21).

The causes are real: a database that refuses a document, a schema set whose file is away, bytes that are no event. The
ledger identity holds at every step.
"""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer
from typer.testing import CliRunner

from deploy.cli import deadletters
from deploy.cli.ledger import check
from deploy.cli.ledger_sources import all_facts
from deploy.cli.main import app
from deploy.cli.partner import Partner
from deploy.cli.run_settings import in_environment
from deploy.cli.wire import Answer
from deploy.demo.partners import given
from deploy.demo.staff import Staff, hired
from deploy.local.mongod import Mongod
from deploy.local.suite import Options, Suite
from shared.clock import SystemClock
from shared.contracts import topics
from shared.contracts.ledger_facts import CaseVersionFact, MessageFact
from shared.contracts.parked_work import ParkedWork
from tests.integration.faults.test_f03_f04_f07_kills import a_body
from tests.integration.local.waiting import until

WITHIN = 60.0
ANY_BATCH = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:hl7-org:v3">
<xs:element name="MCCI_IN200100UV01"><xs:complexType><xs:sequence>
<xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/>
</xs:sequence><xs:anyAttribute processContents="skip"/></xs:complexType></xs:element></xs:schema>"""
NOTHING = {"$jsonSchema": {"required": ["a field that no document has"]}}


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """A schema set whose file is away."""
    (tmp_path / "schemas" / "multicacheschemas").mkdir(parents=True)
    return tmp_path / "schemas"


@pytest.fixture
def suite(suite_env: dict[str, str], prefix: str, schemas: Path, bin_folder: Path, tmp_path: Path) -> Iterator[Suite]:
    run = tmp_path / "run"
    run.mkdir()
    (run / "bin").symlink_to(bin_folder)
    environ = {**os.environ, **suite_env, "DAYZERO_RUN": str(run), "DAYZERO_E2B_SCHEMAS": str(schemas)}
    options = Options(
        republish_seconds=0.5,
        topic_prefix=f"{prefix}.",
        topics=tuple(f"{prefix}.{topic}" for topic in topics.ALL),
        extra={"DAYZERO_E2B_SCHEMAS": str(schemas)},
    )
    with Suite("deadletters", options, environ=environ) as running:
        running.broker.create_topics(options.topics)
        with in_environment(running.settings):
            yield running


def dayzero(*arguments: str) -> tuple[int, Any]:
    """Run a command and return its exit code and what it says."""
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code in {0, 1}, result.output
    return result.exit_code, json.loads(result.stdout)


@cache
def partner_of(suite: Suite) -> Partner:
    return given(suite.settings, suite.intake_url)


def post(suite: Suite, body: dict[str, Any]) -> Answer:
    return partner_of(suite).call("POST", "/v1/reports", body)


def status(suite: Suite, report_id: str) -> str:
    return str(partner_of(suite).call("GET", f"/v1/reports/{report_id}").body["state"])


def waiting(count: int) -> list[ParkedWork]:
    until(lambda: len(deadletters.works()) == count, within=WITHIN)
    return deadletters.works()


def holds() -> None:
    """The ledger identity holds, with nothing in flight, as soon as what goes on has ended."""
    until(lambda: not _open_findings(), within=WITHIN)


def _open_findings() -> tuple[Any, ...]:
    return check(all_facts(), SystemClock().now(), timedelta(0)).broken


@contextmanager
def refusing(mongod: Mongod, database: str, collection: str) -> Iterator[None]:
    """While it lasts the server refuses every write to a collection: a fault of its own, which no waiting heals."""
    with closing(mongod.admin()) as client:
        client[database].command("collMod", collection, validator=NOTHING, validationLevel="strict")
        try:
            yield
        finally:
            client[database].command("collMod", collection, validator={})


def both(act: Any) -> None:
    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def versions() -> list[CaseVersionFact]:
    return [fact for fact in all_facts() if isinstance(fact, CaseVersionFact)]


@pytest.mark.timeout(400)
def test_a_cause_is_mended_and_its_work_replayed(suite: Suite, mongod: Mongod, prefix: str, schemas: Path) -> None:
    first = post(suite, a_body(1)).body["report_id"]
    until(lambda: status(suite, first) == "opened", within=WITHIN)
    holds()
    assert dayzero("deadletters", "list") == (0, [])
    triage_parks_a_report(suite, mongod, prefix)
    intake_parks_an_answer(suite, mongod, prefix)
    reporting_parks_an_approval(suite, first, schemas)
    a_refused_body_is_closed(suite)
    assert dayzero("ledger", "check", "--grace-minutes", "0")[0] == 0


def triage_parks_a_report(suite: Suite, mongod: Mongod, prefix: str) -> None:
    with refusing(mongod, f"{prefix}_triage", "case_versions"):
        second = post(suite, a_body(2)).body["report_id"]
        (work,) = waiting(1)
        assert (work.service, work.subject, work.reason.partition(" in ")[0]) == ("triage", second, "WriteError")
        until(lambda: status(suite, second) == "parked", within=WITHIN)
        holds()
        code, listed = dayzero("deadletters", "list")
        assert (code, [item["id"] for item in listed]) == (1, [work.id])
        _, shown = dayzero("deadletters", "show", work.id)
        assert shown["event"]["subject"] == second
        assert "Report 2." not in json.dumps(shown)
        assert "Report 2." in dayzero("deadletters", "show", work.id, "--content")[1]["content"]
        code, tried = dayzero("deadletters", "replay", work.id, "--reason", "perhaps now")
        assert (code, tried[0]["work"]["attempts"], tried[0]["work"]["state"]) == (1, 2, "waiting")
    suite.kill("triage.worker")  # a replay needs no worker
    by = deadletters.acting("the server takes documents again")
    both(lambda: deadletters.replay(work, by))
    suite.restart("triage.worker")
    assert dayzero("deadletters", "list") == (0, [])
    assert [fact.report_id for fact in versions()].count(second) == 1
    (settled,) = dayzero("deadletters", "list", "--every-state")[1]
    assert (settled["state"], settled["outcome"].split("_")[0]) == ("replayed", "case case")
    assert [step["action"] for step in settled["trail"]].count("parked.replayed") == 1
    until(lambda: status(suite, second) == "opened", within=WITHIN)
    holds()


def intake_parks_an_answer(suite: Suite, mongod: Mongod, prefix: str) -> None:
    with refusing(mongod, f"{prefix}_triage", "cases"):
        third = post(suite, a_body(3)).body["report_id"]
        (at_triage,) = waiting(1)
        until(lambda: status(suite, third) == "parked", within=WITHIN)
    with refusing(mongod, f"{prefix}_intake", "reports"):
        assert dayzero("deadletters", "replay", at_triage.id, "--reason", "mended")[0] == 0
        (work,) = waiting(1)
        assert (work.service, work.topic, work.subject) == ("intake", topics.CASE_OPENED, third)
    assert status(suite, third) == "parked"
    assert dayzero("deadletters", "replay", "--all", "--reason", "the server takes documents again")[0] == 0
    assert status(suite, third) == "opened"
    holds()


def reporting_parks_an_approval(suite: Suite, report_id: str, schemas: Path) -> None:
    (case_id,) = [fact.case_id for fact in versions() if fact.report_id == report_id]
    url, staff = f"/api/cases/{case_id}", hired(suite.settings, suite.review_url)
    approved = staff.sign(f"{url}/approve", {"reason": "complete"}, {"If-Match": '"1"'})
    assert approved.status == 200, approved.words
    expedited = [each["destination"] for each in approved.body["decisions"] if each["kind"] == "expedited"]
    works = waiting(len(expedited))
    assert {(work.service, work.kind.value, work.reason.partition(" in ")[0]) for work in works} == {
        ("reporting", "approval", "FileNotFoundError")
    }
    until(lambda: len(seen(staff)) == len(works), within=WITHIN)
    until(lambda: staff.call("GET", url).body["status"] == "needs_review", within=WITHIN)
    assert "could not be built" in staff.call("GET", url).body["note"]
    holds()
    (schemas / "multicacheschemas" / "MCCI_IN200100UV01.xsd").write_bytes(ANY_BATCH)
    reason = "the schema set is complete again"
    by_page, *by_command = [work.id for work in works]
    both(lambda: staff.call("POST", f"/api/parked/{by_page}/replay", {"reason": reason}))
    for work_id in by_command:
        assert dayzero("deadletters", "replay", work_id, "--reason", reason)[0] == 0
    waiting(0)
    until(lambda: seen(staff) == [], within=WITHIN)
    until(lambda: len(list(suite.outgoing.glob("*.xml"))) == len(works), within=WITHIN)
    until(lambda: staff.call("GET", url).body["status"] == "approved", within=WITHIN)
    assert staff.call("GET", url).body["note"] is None
    built = [fact.approval_id for fact in all_facts() if isinstance(fact, MessageFact) and fact.message_id]
    assert sorted(built) == sorted(work.event_id for work in works)
    holds()


def seen(staff: Staff) -> list[Any]:
    """What a physician sees waiting."""
    return list(staff.call("GET", "/api/parked").body["parked"])


def a_refused_body_is_closed(suite: Suite) -> None:
    refused = post(suite, {"colour": "blue"})
    assert refused.status == 422
    (work,) = waiting(1)
    assert dayzero("deadletters", "show", work.id, "--content")[1]["content"] == '{"colour": "blue"}'
    assert dayzero("deadletters", "replay", "--all", "--reason", "all") == (1, [])
    told = CliRunner().invoke(app, ["deadletters", "replay", "--all", "--reason", "all"])
    assert (told.exit_code, told.stdout) == (1, "")
    assert "1 waiting, and none can be replayed" in told.stderr
    shown = CliRunner().invoke(app, ["deadletters", "show", work.id])
    assert (shown.exit_code, "waiting for a person" in shown.stdout) == (0, False)
    code, tried = dayzero("deadletters", "replay", work.id, "--reason", "try")
    assert (code, tried[0]["refused"].startswith("A refused body cannot be replayed")) == (1, True)
    code, closed = dayzero("deadletters", "close", work.id, "--reason", "a probe of our own monitoring")
    assert (code, closed["state"]) == (0, "closed")
    assert dayzero("deadletters", "list") == (0, [])
    holds()
    assert check(all_facts(), SystemClock().now(), timedelta(0)).counts["NonCaseFact"] == 1


@pytest.mark.timeout(300)
def test_poison_on_every_topic_is_parked_shown_and_closed_and_the_flow_goes_on(suite: Suite, prefix: str) -> None:
    poison = b'{"id": "\xff'
    with closing(KafkaProducer(bootstrap_servers=suite.settings["DAYZERO_KAFKA"], metrics_enabled=False)) as producer:
        for topic in topics.ALL:
            producer.send(f"{prefix}.{topic}", poison)
        producer.flush(timeout=20)
    works = waiting(len(topics.ALL))
    assert {work.topic for work in works} == set(topics.ALL)
    assert len({work.id for work in works}) == len(topics.ALL)
    report = post(suite, a_body(1)).body["report_id"]
    until(lambda: status(suite, report) == "opened", within=WITHIN)
    holds()
    for work in works:
        _, shown = dayzero("deadletters", "show", work.id, "--content")
        assert (shown["event"], shown["content"]) == (None, '{"id": "\\xff')
    code, tried = dayzero("deadletters", "replay", "--all", "--reason", "perhaps")
    assert (code, {one["work"]["attempts"] for one in tried}) == (1, {2})
    for work in works:
        assert dayzero("deadletters", "close", work.id, "--reason", "sent by hand, no event of ours")[0] == 0
    assert dayzero("deadletters", "list") == (0, [])
    closed = dayzero("deadletters", "list", "--every-state")[1]
    assert {(item["state"], item["size"]) for item in closed} == {("closed", len(poison))}
    assert CliRunner().invoke(app, ["deadletters", "close", works[0].id, "--reason", "again"]).exit_code == 2
    holds()
