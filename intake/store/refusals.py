"""Refusals in MongoDB: a refused body stays in sight of a person, with as much of it as came (DOMAIN 1)."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pymongo.errors import DuplicateKeyError

from intake.domain.records import Refusal, Status
from intake.domain.scope import EVERY_SPONSOR
from intake.store.answers import plain, settle
from intake.store.connection import IntakeDatabase
from intake.store.raw import FILES, RAW, RawBytes
from intake.store.scoped import within
from shared.contracts.audit import AuditEntry
from shared.contracts.ledger_facts import ReportFact
from shared.mongo import Document
from shared.outbox import Outbox, entry

COLLECTION = "refusals"


class MongoRefusals:
    """The refusals; implements RefusalStore and Answerable."""

    def __init__(self, database: IntakeDatabase) -> None:
        """Nothing is asked of the database until it is needed."""
        self._database = database
        self._raw = RawBytes(database)

    def add(self, refusal: Refusal) -> None:
        """Keep a refusal with its event in one write; keeping it twice is keeping it once."""
        kept = {} if refusal.place else self._raw.keep(refusal.raw, COLLECTION, refusal.refusal_id)
        with suppress(DuplicateKeyError):
            self._collection.insert_one({**_document(refusal), **kept})

    def settle(self, event_id: str, status: Status, audit: AuditEntry) -> None:
        """Note the answer to an event and stop publishing it."""
        settle(self._collection, event_id, status, audit)

    def content(self, refusal_id: str) -> bytes:
        """Return as much of a refused body as was kept. Raises LookupError."""
        found = self._collection.find_one({**within(EVERY_SPONSOR), "_id": refusal_id}, {**RAW, "place": 1})
        if found is not None and "place" in found:
            files = self._database.collection(FILES)
            found = files.find_one({**within(EVERY_SPONSOR), "_id": found["place"]["file_id"]}, RAW)
        if found is None:
            raise LookupError(refusal_id)
        return self._raw.read(found)

    def outbox(self) -> Outbox:
        """Return the outbox of the refusals."""
        return Outbox(self._database.deferred(COLLECTION))

    def facts(self) -> Iterator[ReportFact]:
        """Yield what the ledger identity needs of each refusal."""
        for document in self._collection.find(within(EVERY_SPONSOR), {"sponsor": 1, "received_at": 1}):
            yield ReportFact(
                report_id=document["_id"],
                sponsor=document["sponsor"],
                stored_at=document["received_at"],
                receipts=1,
                refused=True,
            )

    @property
    def _collection(self) -> Any:
        return self._database.collection(COLLECTION)


def _document(refusal: Refusal) -> Document:
    document = plain(refusal)
    for name in ("event", "raw"):
        del document[name]
    if refusal.place is None:
        del document["place"]
    document["_id"] = document.pop("refusal_id")
    document["outbox"] = [entry(refusal.event, refusal.received_at)]
    document["audit"] = [document["audit"]]
    return document
