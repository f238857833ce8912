"""An approval that cannot be processed is told to triage, at each attempt and when it is given up."""

from typing import Any

import msgspec
import pytest
from pymongo.database import Database

from reporting import cli
from reporting.config import Settings, read
from reporting.store.documents import ParkedDocument
from reporting.store.parked import MongoParking
from shared.clock import SystemClock
from shared.contracts.envelope import Event, encode, from_document
from shared.contracts.ledger_facts import NonCaseFact, ParkedFact
from shared.contracts.message_parked import MessageParked
from shared.contracts.parked_work import ParkedState, ParkedWork
from shared.messaging.parked import By, NotWaiting
from shared.messaging.replay import NotReplayable
from shared.messaging.worker import Unprocessable
from shared.settings import load
from tests.integration.reporting.office import Office
from tests.unit.reporting.cases import SPONSOR, approved, event

BY = By(actor="ann", authentication="os", reason="mended")


@pytest.fixture
def settings(suite_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in suite_env.items():
        monkeypatch.setenv(name, value)
    return load(read)


@pytest.fixture
def parking(database: Database[dict[str, Any]]) -> MongoParking:
    return MongoParking(database, SystemClock())


def parked(parking: MongoParking, what: Event) -> ParkedWork:
    """Park an approval."""
    parking.park(
        Unprocessable(topic=what.topic, event_id=what.id, event=what, content=encode(what), error="FileNotFoundError")
    )
    (work,) = [work for work in parking.works() if work.event_id == what.id]
    return work


def announced(database: Database[dict[str, Any]]) -> list[Event]:
    return [from_document(each["event"]) for row in database["parked"].find() for each in row["outbox"]]


def test_every_attempt_and_the_closing_is_an_answer_to_the_approval(
    database: Database[dict[str, Any]], parking: MongoParking
) -> None:
    for _ in range(2):
        work = parked(parking, event(approved()))
    parking.close(work.id, BY)
    told = announced(database)
    assert {(each.answers, each.subject) for each in told} == {("apr_1", "case_1")}
    assert len({each.id for each in told}) == 3
    bodies = [each.body(MessageParked) for each in told]
    assert [(body.attempts, body.closed_by, body.closed_because) for body in bodies] == [
        (1, None, None),
        (2, None, None),
        (2, "ann", "mended"),
    ]
    (row,) = database["parked"].find()
    ParkedDocument._from_son(row).validate()
    assert not parking.again(work.id, BY)


def test_the_ledger_knows_a_parked_approval_by_its_id(settings: Settings, parking: MongoParking) -> None:
    work = parked(parking, event(approved()))
    assert [type(fact) for fact in parking.ledger_facts()] == [ParkedFact]
    cli.close(settings, work, BY)
    (fact,) = parking.ledger_facts()
    assert isinstance(fact, NonCaseFact)
    assert (fact.subject, fact.actor, fact.reason) == ("apr_1", "ann", "mended")
    with pytest.raises(NotWaiting):
        cli.close(settings, work, BY)


def test_a_replay_builds_the_message_and_says_so_once(
    settings: Settings, parking: MongoParking, office: Office
) -> None:
    work = parked(parking, event(approved()))
    settled = cli.replay(settings, work, BY)
    message = office.messages.of_approval(SPONSOR, "apr_1")
    assert message is not None
    assert (settled.state, settled.outcome) == (ParkedState.REPLAYED, office.messages.became("apr_1"))
    with pytest.raises(NotWaiting):
        cli.replay(settings, work, BY)
    assert list(parking.ledger_facts()) == []


def test_an_older_version_does_not_follow_a_newer_one(
    settings: Settings, parking: MongoParking, office: Office
) -> None:
    body = approved()
    newer = msgspec.structs.replace(
        body, approval_id="apr_2", snapshot=msgspec.structs.replace(body.snapshot, version=2)
    )
    work = parked(parking, event(body))
    office.built(newer)
    with pytest.raises(NotReplayable, match="version 2 of case_1 was built since"):
        cli.replay(settings, work, BY)
    assert [item.state for item in parking.works()] == [ParkedState.WAITING]


def test_a_parked_event_that_comes_again_and_is_handled_waits_no_more(parking: MongoParking) -> None:
    what = event(approved())
    work = parked(parking, what)
    parking.processed(event(msgspec.structs.replace(approved(), approval_id="apr_9")), lambda: "message msg_9")
    parking.processed(what, lambda: "message msg_1")
    held = parking.find(work.id)
    assert held is not None
    assert (held.state, held.outcome, held.trail[-1].actor) == (ParkedState.REPLAYED, "message msg_1", "reporting")
