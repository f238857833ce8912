"""What the hot paths write is what the documents declare, indexes included."""

from typing import Any

import pytest

from intake.confirm import Confirm
from intake.store.connection import IntakeDatabase
from intake.store.documents import ALL, ParkedDocument, RefusalDocument, ReportDocument
from intake.store.parked import MongoParking
from intake.store.refusals import MongoRefusals
from intake.store.reports import MongoReports
from shared.clock import SystemClock
from shared.contracts.case_opened import CaseOpened, Opening
from shared.contracts.envelope import event_of, from_document
from shared.contracts.topics import CASE_OPENED
from shared.ids import sha256
from shared.messaging.worker import Unprocessable
from shared.mongo import declared_indexes
from tests.integration.intake.conftest import Post, report


@pytest.mark.parametrize("document", ALL, ids=lambda each: each.__name__)
def test_declared_indexes_are_those_of_the_collection(database: IntakeDatabase, document: Any) -> None:
    made = database.collection(document._meta["collection"]).index_information()
    declared = {tuple(index["keys"]): index for index in declared_indexes(document)}
    assert {tuple(index["key"]) for index in made.values()} == {*declared, (("_id", 1),)}
    for index in made.values():
        wanted = declared.get(tuple(index["key"]), {})
        assert (index.get("unique"), index.get("sparse")) == (wanted.get("unique"), wanted.get("sparse"))


def test_a_kept_report_is_as_declared_through_its_life(post: Post, database: IntakeDatabase) -> None:
    collection = database.collection("reports")
    for headers in ({"Idempotency_Key": "k"}, {}, {"Idempotency_Key": "k"}):
        assert post(report(extra=1), **headers).status_code == 202
    (stored,) = collection.find()
    ReportDocument._from_son(stored).validate()
    question = from_document(stored["outbox"][0]["event"])
    told = CaseOpened(report_id=stored["_id"], case_id="c", version=1, opening=Opening.OPENED, valid=True)
    answer = event_of(
        event_id="evt_a",
        topic=CASE_OPENED,
        at=question.occurred_at,
        sponsor="exemplar",
        subject="c",
        body=told,
        answers=question.id,
    )
    Confirm([MongoReports(database), MongoRefusals(database)], SystemClock(), "1").case_opened(answer)
    (stored,) = collection.find()
    ReportDocument._from_son(stored).validate()
    actions = [entry["action"] for entry in stored["audit"]]
    assert actions == ["report.received", "receipt.repeated", "receipt.replayed", "report.opened"]
    assert stored["outbox"][0]["confirmed_at"] is not None


def test_a_report_without_key_or_query_is_as_declared(post: Post, database: IntakeDatabase) -> None:
    post(report())
    (stored,) = database.collection("reports").find()
    ReportDocument._from_son(stored).validate()
    assert "idempotency_keys" not in stored


def test_bytes_hash_form_event_and_audit_are_one_document(post: Post, database: IntakeDatabase) -> None:
    content = b'{"sponsor": "exemplar", "narrative": "\xe9\xa0\xad\xe7\x97\x9b", "shoe": 43}'
    post(content)
    (stored,) = database.collection("reports").find()
    assert (stored["raw"], stored["content_sha256"]) == (content, sha256(content))
    assert stored["content"] == {"narrative": "頭痛"}
    assert [query["rule"] for query in stored["queries"]] == ["unknown-field"]
    assert from_document(stored["outbox"][0]["event"]).subject == stored["_id"]
    assert [entry["action"] for entry in stored["audit"]] == ["report.received"]


def test_a_kept_refusal_is_as_declared(post: Post, database: IntakeDatabase) -> None:
    for content in (b"", b"{", b"x" * 1_000_001):
        post(content)
    stored = list(database.collection("refusals").find())
    for each in stored:
        RefusalDocument._from_son(each).validate()
    assert [len(each["raw"]) for each in stored] == [0, 1, 1_000_000]


def test_a_parked_message_is_as_declared_and_kept_once(database: IntakeDatabase) -> None:
    parking = MongoParking(database, SystemClock())
    for _ in range(2):
        parking.park(
            Unprocessable(topic="t", event_id="e", event=None, content=b"\x00", error="ContractError: no event")
        )
    (stored,) = database.collection("parked").find()
    ParkedDocument._from_son(stored).validate()
    assert [fact.subject for fact in parking.ledger_facts()] == ["e"]
