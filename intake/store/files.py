"""Files of E2B(R3) messages in MongoDB: kept whole and once, their bytes before the record that points at them."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from pymongo.errors import DuplicateKeyError

from intake.domain.icsr.files import FileAnswer, HeldFile, IcsrFile, MessageEntry
from intake.domain.scope import EVERY_SPONSOR, Scope
from intake.ports import AlreadyHeld
from intake.store.answers import plain
from intake.store.connection import IntakeDatabase
from intake.store.raw import FILES, RAW, RawBytes
from intake.store.scoped import within
from shared.contracts.audit import AuditEntry
from shared.contracts.ledger_facts import ReportFact
from shared.contracts.report_received import Receipt
from shared.mongo import Document
from shared.threads import prepare

prepare(Receipt, tuple[MessageEntry, ...])
_HELD = {"raw": 0, "raw_id": 0, "audit": 0}


class MongoFiles:
    """The files of every sponsor; implements FileStore."""

    def __init__(self, database: IntakeDatabase) -> None:
        """Nothing is asked of the database until it is needed."""
        self._database = database
        self._raw = RawBytes(database)

    def add(self, file: IcsrFile) -> None:
        """Keep a file. Raises AlreadyHeld."""
        document = _document(file)
        try:
            self._collection.insert_one({**document, **self._raw.keep(file.raw, FILES, file.file_id)})
        except DuplicateKeyError as error:
            raise AlreadyHeld from error

    def with_content(self, sponsor: str, actor: str, content_sha256: str) -> HeldFile | None:
        """Return the file of these bytes."""
        return self._one({"sponsor": sponsor, "actor": actor, "content_sha256": content_sha256})

    def with_number(self, file: HeldFile) -> HeldFile | None:
        """Return another file of the same sponsor, sender and number."""
        if file.batch_number is None:
            return None
        same = {"sponsor": file.sponsor, "batch_sender": file.batch_sender, "batch_number": file.batch_number}
        return self._one({**same, "_id": {"$ne": file.file_id}})

    def find(self, scope: Scope, file_id: str) -> HeldFile | None:
        """Return a file that the scope may see."""
        return self._one({**within(scope), "_id": file_id})

    def add_receipt(self, file: HeldFile, receipt: Receipt, audit: AuditEntry) -> None:
        """Note one more receipt of the same bytes."""
        noted = {"receipts": _repeat(receipt), "audit": plain(audit)}
        self._collection.update_one({"_id": file.file_id, "sponsor": file.sponsor}, {"$push": noted})

    def answer(self, file: HeldFile, answer: FileAnswer, audit: AuditEntry) -> FileAnswer:
        """Keep what the file is answered, unless an answer was kept before; return the one that is kept."""
        told = {**plain(answer), **self._raw.keep(answer.acknowledgement, FILES, file.file_id)}
        del told["acknowledgement"]
        self._collection.update_one(
            {"_id": file.file_id, "sponsor": file.sponsor, "answer": None},
            {"$set": {"answer": told}, "$push": {"audit": plain(audit)}},
        )
        kept = self.find(frozenset({file.sponsor}), file.file_id)
        if kept is None or kept.answer is None:
            raise LookupError(file.file_id)
        return kept.answer

    def unanswered(self, before: datetime) -> Iterator[HeldFile]:
        """Yield the files that came before then, and whose messages have not all come to their end."""
        query = {**within(EVERY_SPONSOR), "answer.code": None, "receipts.0.received_at": {"$lt": before}}
        yield from map(self._from, self._collection.find(query, _HELD))

    def content(self, file: HeldFile) -> bytes:
        """Return the bytes of a file."""
        same = {"_id": file.file_id, "sponsor": file.sponsor}
        return self._raw.read(self._collection.find_one(same, RAW))

    def facts(self) -> Iterator[ReportFact]:
        """Yield the files whose messages have not all come to their end: each is a receipt without its reports."""
        unfinished = {**within(EVERY_SPONSOR), "answer.code": None}
        for document in self._collection.find(unfinished, {"sponsor": 1, "receipts.received_at": 1}):
            receipts = document["receipts"]
            yield ReportFact(
                report_id=document["_id"],
                sponsor=document["sponsor"],
                stored_at=receipts[0]["received_at"],
                receipts=len(receipts),
                refused=False,
            )

    def _one(self, query: Mapping[str, Any]) -> HeldFile | None:
        document = self._collection.find_one(query, _HELD)
        return None if document is None else self._from(document)

    def _from(self, document: Mapping[str, Any]) -> HeldFile:
        answer = document.get("answer")
        return HeldFile(
            file_id=document["_id"],
            sponsor=document["sponsor"],
            sponsor_stated=document["sponsor_stated"],
            content_sha256=document["content_sha256"],
            content_type=document["content_type"],
            batch_number=document["batch_number"],
            batch_sender=document["batch_sender"],
            receipts=tuple(msgspec.convert(each, Receipt) for each in document["receipts"]),
            answer=None if answer is None else self._answer(answer),
        )

    def _answer(self, document: Mapping[str, Any]) -> FileAnswer:
        return FileAnswer(
            acknowledgement=self._raw.read(document),
            code=document["code"],
            messages=msgspec.convert(document["messages"], tuple[MessageEntry, ...]),
        )

    @property
    def _collection(self) -> Any:
        return self._database.collection(FILES)


def _document(file: IcsrFile) -> Document:
    return {
        "_id": file.file_id,
        "sponsor": file.sponsor,
        "sponsor_stated": file.sponsor_stated,
        "actor": file.receipt.actor,
        "content_sha256": file.content_sha256,
        "size": len(file.raw),
        "content_type": file.content_type,
        "batch_number": file.batch_number,
        "batch_sender": file.batch_sender,
        "receipts": [{**plain(file.receipt), "repeat": False}],
        "audit": [plain(file.audit)],
        "answer": None,
    }


def _repeat(receipt: Receipt) -> Document:
    return {**plain(receipt), "repeat": True}
