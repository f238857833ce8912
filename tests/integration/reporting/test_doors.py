"""Worker, relay and sender as processes of their own: an approval goes in, a file and three events come out."""

import os
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from deploy.local.broker import Broker
from reporting.config import read
from shared.contracts import topics
from shared.contracts.envelope import Event, decode, event_of
from shared.contracts.submission_noted import SubmissionNoted
from shared.ids import derived_id
from shared.messaging.kafka import Broker as Bus
from shared.messaging.kafka import KafkaPublisher, consumer
from shared.settings import load
from tests.integration.local.waiting import until
from tests.unit.reporting.cases import SPONSOR, acknowledgement, approved, event

TOLD = [topics.MESSAGE_BUILT, topics.SUBMISSION_SENT, topics.SUBMISSION_ACKNOWLEDGED]


@pytest.fixture
def bus(suite_env: dict[str, str], broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Bus:
    for name, value in suite_env.items():
        monkeypatch.setenv(name, value)
    made = load(read).broker
    broker.create_topics([made.topic_prefix + topic for topic in topics.ALL])
    return made


@contextmanager
def door(module: str, suite_env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a door; SIGTERM must end it cleanly."""
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", module], env={**os.environ, **suite_env}, stderr=out)
        try:
            until(lambda: b'"ready"' in log.read_bytes())
            yield process
        except BaseException as error:
            error.add_note(f"{module} while it was waited for:\n{log.read_text()}")
            raise
        finally:
            process.terminate()
            code = process.wait(timeout=20)
    assert code in {0, -9}, log.read_text()


@contextmanager
def doors(suite_env: dict[str, str], folder: Path) -> Iterator[None]:
    with ExitStack() as stack:
        for name in ("worker", "relay", "sender"):
            stack.enter_context(door(f"reporting.{name}", suite_env, folder / f"{name}.log"))
        yield


def listen(bus: Bus, heard: list[Event]) -> Generator[None, None, None]:
    source = consumer(bus, "triage-listener", TOLD)
    try:
        while True:
            for records in source.poll(timeout_ms=100).values():
                heard.extend(decode(record.value) for record in records)
            yield
    finally:
        source.close(autocommit=False)


def lies(folder: Path, enough: int) -> bool:
    return len(list(folder.glob("*.xml"))) >= enough


def noted(told: Event) -> Event:
    body = SubmissionNoted(submission_id=told.data["submission_id"], case_id=told.data["case_id"])
    return event_of(
        event_id=derived_id("evt", told.id),
        topic=topics.SUBMISSION_NOTED,
        at=told.occurred_at,
        sponsor=told.sponsor,
        subject=told.subject,
        body=body,
        answers=told.id,
    )


def test_an_approval_goes_all_the_way(
    suite_env: dict[str, str], bus: Bus, database: Database[dict[str, Any]], tmp_path: Path
) -> None:
    outgoing, incoming = Path(suite_env["DAYZERO_OUTGOING"]), Path(suite_env["DAYZERO_INCOMING"])
    heard: list[Event] = []
    publisher = KafkaPublisher(bus)
    listener = listen(bus, heard)

    def hears(*expected: str) -> bool:
        next(listener)
        return set(expected) <= {told.topic for told in heard}

    with doors(suite_env, tmp_path):
        assert publisher.publish([event(approved())]) == {"apr_1"}
        until(lambda: hears(topics.MESSAGE_BUILT, topics.SUBMISSION_SENT), within=60)
        [file] = outgoing.glob("*.xml")
        built = next(told for told in heard if told.topic == topics.MESSAGE_BUILT)
        answer = acknowledgement(built.data["batch_number"])
        (incoming / ".a.xml").write_bytes(answer)
        (incoming / ".a.xml").rename(incoming / "a.xml")
        until(lambda: hears(topics.SUBMISSION_ACKNOWLEDGED), within=60)
        publisher.publish(noted(told) for told in heard if told.topic != topics.MESSAGE_BUILT)
        pending = {"outbox.due_at": {"$ne": None}}
        until(lambda: database["submissions"].count_documents(pending) == 0, within=60)
        until(lambda: not list(incoming.glob("*.xml")))
    publisher.close()
    listener.close()
    assert file.read_bytes() == bytes(database["messages"].distinct("content")[0])
    assert {told.sponsor for told in heard} == {SPONSOR}
    assert {told.subject for told in heard} == {"case_1"}


def test_a_message_that_is_none_is_parked_and_the_next_one_built(
    suite_env: dict[str, str], bus: Bus, database: Database[dict[str, Any]], tmp_path: Path
) -> None:
    publisher = KafkaPublisher(bus)
    nothing = Event(
        id="evt_x",
        topic=topics.CASE_APPROVED,
        occurred_at=approved().approval.at,
        sponsor=SPONSOR,
        subject="c",
        data={},
    )
    with door("reporting.worker", suite_env, tmp_path / "worker.log"):
        publisher.publish([nothing, event(approved())])
        until(lambda: database["messages"].count_documents({}) == 1, within=60)
        until(lambda: database["parked"].count_documents({"event_id": "evt_x", "sponsor": SPONSOR}) == 1, within=60)
    publisher.close()


def test_a_killed_worker_and_sender_lose_and_double_nothing(
    suite_env: dict[str, str], bus: Bus, database: Database[dict[str, Any]], tmp_path: Path
) -> None:
    publisher = KafkaPublisher(bus)
    cases = [approved(approval_id=f"apr_{n}", case_id=f"case_{n}") for n in range(40)]
    publisher.publish(event(case) for case in cases)
    outgoing = Path(suite_env["DAYZERO_OUTGOING"])
    for number, enough in enumerate((5, 15, 40)):
        with ExitStack() as stack:
            for name in ("worker", "sender"):
                log = tmp_path / f"{name}{number}.log"
                process = stack.enter_context(door(f"reporting.{name}", suite_env, log))
                stack.callback(process.kill)
            until(partial(lies, outgoing, enough), within=60)
    with door("reporting.sender", suite_env, tmp_path / "last.log"):
        until(lambda: database["submissions"].count_documents({"state": "sent"}) == 40, within=60)
    publisher.close()
    assert database["messages"].count_documents({}) == 40
    hashes = {row["sha256"] for row in database["messages"].find({}, {"sha256": 1})}
    assert len(list(outgoing.iterdir())) == len(hashes) == 40
