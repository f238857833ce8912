"""What the hot paths write is what the documents declare, indexes included; every change has its audit entry."""

from typing import Any

import pytest
from mongoengine import Document
from pymongo.database import Database

from reporting.cli import ledger_facts, message_of
from reporting.config import Settings, read
from reporting.store.documents import (
    DOCUMENTS,
    AcknowledgementDocument,
    BlockedDocument,
    MessageDocument,
    ParkedDocument,
    SubmissionDocument,
)
from reporting.store.parked import MongoParking
from shared.contracts.ledger_facts import MessageFact, ParkedFact, SubmissionFact
from shared.messaging.worker import Unprocessable
from shared.mongo import declared_indexes
from shared.settings import load
from tests.integration.reporting.office import Office
from tests.unit.reporting.cases import SPONSOR, acknowledgement, approved, event, mild, with_reaction


@pytest.fixture
def settings(suite_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in suite_env.items():
        monkeypatch.setenv(name, value)
    return load(read)


@pytest.fixture
def lived(office: Office) -> Office:
    """An office in which everything happened once."""
    first = office.built(approved())
    office.build(event(mild(content=with_reaction(coding=None))))
    office.send()
    office.answer("a.xml", acknowledgement(first.batch_number))
    office.answer("b.xml", b"<html/>")
    office.collect()
    unprocessable = Unprocessable(topic="t", event_id="evt_9", event=None, content=b"{", error="ContractError: no")
    for _ in range(2):
        MongoParking(office.database, office.clock).park(unprocessable)
    return office


@pytest.mark.parametrize(
    ("document", "count"),
    [
        (MessageDocument, 1),
        (BlockedDocument, 1),
        (SubmissionDocument, 1),
        (AcknowledgementDocument, 2),
        (ParkedDocument, 1),
    ],
)
def test_what_is_stored_is_what_is_declared(lived: Office, document: type[Document], count: int) -> None:
    rows = list(lived.database[document._meta["collection"]].find())
    assert len(rows) == count
    for row in rows:
        loaded = document._from_son(row)
        loaded.validate()
        assert loaded.sponsor in {SPONSOR, "unassigned"}
        assert row["audit"]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_indexes_are_those_declared(database: Database[dict[str, Any]], document: type[Document]) -> None:
    made = database[document._meta["collection"]].index_information()
    del made["_id_"]
    kinds = {
        (tuple(index["key"]), bool(index.get("unique")), "partialFilterExpression" in index) for index in made.values()
    }
    assert kinds == {
        (tuple(index["keys"]), bool(index.get("unique")), "partialFilterExpression" in index)
        for index in declared_indexes(document)
    }


def test_every_change_of_a_submission_is_told_in_its_trail(lived: Office) -> None:
    trail = lived.row("apr_1")["audit"]
    actions = [entry["action"] for entry in trail]
    assert actions == ["submission.opened", "submission.activated", "submission.sent", "submission.accepted"]
    assert [entry["actor"] for entry in trail] == ["dr.mora", "reporting", "reporting", "reporting"]
    assert all(entry["service_version"] == "reporting 0.1.0" for entry in trail)
    assert len({entry["entry_id"] for entry in trail}) == 4


def test_the_ledger_hears_of_everything(lived: Office, settings: Settings) -> None:
    facts = list(ledger_facts(settings))
    messages = [fact for fact in facts if isinstance(fact, MessageFact)]
    submissions = [fact for fact in facts if isinstance(fact, SubmissionFact)]
    parked = [fact for fact in facts if isinstance(fact, ParkedFact)]
    assert [(fact.approval_id, fact.message_id is None) for fact in messages] == [("apr_1", False), ("apr_eu", True)]
    assert [(fact.message_id, fact.active, fact.state) for fact in submissions] == [
        (messages[0].message_id, False, "accepted")
    ]
    assert sorted(fact.reason[:10] for fact in parked) == ["ContractEr", "unreadable"]


def test_a_case_shows_its_attempts_without_what_they_say(lived: Office, settings: Settings) -> None:
    [shown] = message_of(settings, "case_1")
    assert (shown["attempt"]["approval_id"], shown["submission"]["state"]) == ("apr_1", "accepted")
    assert not {"content", "approval"} & set(shown["attempt"])
    [blocked] = message_of(settings, "case_2")
    assert ([issue["rule_id"] for issue in blocked["attempt"]["issues"]], blocked["submission"]) == (
        ["uncoded_reaction"],
        None,
    )
