"""Reports in MongoDB: one report, its receipts, its event and its audit entries are one document, so one write."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from pymongo.errors import DuplicateKeyError

from intake.domain.records import Held, KeptReceipt, Report, Status
from intake.domain.scope import EVERY_SPONSOR, Scope
from intake.ports import AlreadyHeld
from intake.store.answers import plain, settle
from intake.store.connection import IntakeDatabase
from intake.store.group_commit import GroupCommit
from intake.store.raw import raw_or_place
from intake.store.scoped import within
from shared.contracts.audit import AuditEntry
from shared.contracts.ledger_facts import ReportFact
from shared.contracts.report_received import Query, Receipt
from shared.mongo import Document
from shared.outbox import Outbox, entry
from shared.threads import prepare

prepare(Receipt, Status, tuple[Query, ...])
COLLECTION = "reports"
_HELD = {"sponsor": 1, "content_sha256": 1, "receipts": 1, "queries": 1, "status": 1}


class MongoReports:
    """The reports of every sponsor; implements ReportStore and Answerable."""

    def __init__(self, database: IntakeDatabase) -> None:
        """Nothing is asked of the database until it is needed."""
        self._database = database
        self._commits = GroupCommit(lambda: self._collection)

    def add(self, report: Report) -> None:
        """Keep a report with its event in one write. Raises AlreadyHeld."""
        try:
            self._commits.add(_document(report))
        except DuplicateKeyError as error:
            raise AlreadyHeld from error

    def add_receipt(self, held: Held, receipt: KeptReceipt, audit: AuditEntry) -> None:
        """Note one more receipt of the same content. Raises AlreadyHeld where its key is taken."""
        pushed = {"receipts": _receipt(receipt), "audit": plain(audit)}
        key = {"idempotency_keys": receipt.key} if receipt.key else {}
        same = {"_id": held.report_id, "sponsor": held.sponsor, **{name: {"$ne": value} for name, value in key.items()}}
        try:
            result = self._collection.update_one(same, {"$push": {**pushed, **key}})
        except DuplicateKeyError as error:
            raise AlreadyHeld from error
        if not result.matched_count:
            raise AlreadyHeld

    def add_replay(self, held: Held, audit: AuditEntry) -> None:
        """Note that the stored answer was given again; the wait for a majority covers the report itself."""
        self._collection.update_one(
            {"_id": held.report_id, "sponsor": held.sponsor}, {"$push": {"audit": plain(audit)}}
        )

    def with_key(self, scope: Scope, key: str) -> Held | None:
        """Return the report that a key was used for."""
        return self._held({**within(scope), "idempotency_keys": key})

    def with_content(self, sponsor: str, actor: str, content_sha256: str) -> Held | None:
        """Return the report with this content in this sponsor scope from this actor."""
        return self._held({"sponsor": sponsor, "actor": actor, "content_sha256": content_sha256})

    def find(self, scope: Scope, report_id: str) -> Held | None:
        """Return a report that the scope may see."""
        return self._held({**within(scope), "_id": report_id})

    def settle(self, event_id: str, status: Status, audit: AuditEntry) -> None:
        """Note the answer to an event and stop publishing it."""
        settle(self._collection, event_id, status, audit)

    def outbox(self) -> Outbox:
        """Return the outbox of the reports."""
        return Outbox(self._database.deferred(COLLECTION))

    def facts(self) -> Iterator[ReportFact]:
        """Yield what the ledger identity needs of each report."""
        for document in self._collection.find(within(EVERY_SPONSOR), {"sponsor": 1, "receipts.received_at": 1}):
            receipts = document["receipts"]
            yield ReportFact(
                report_id=document["_id"],
                sponsor=document["sponsor"],
                stored_at=receipts[0]["received_at"],
                receipts=len(receipts),
                refused=False,
            )

    def _held(self, query: Mapping[str, Any]) -> Held | None:
        document = self._collection.find_one(query, _HELD)
        return None if document is None else _from(document)

    @property
    def _collection(self) -> Any:
        return self._database.collection(COLLECTION)


def _document(report: Report) -> Document:
    receipt = report.first.receipt
    document = {
        "_id": report.report_id,
        "sponsor": report.sponsor,
        "actor": receipt.actor,
        "content_sha256": report.content_sha256,
        **raw_or_place(report.raw, report.place),
        "content_type": report.content_type,
        "receipts": [_receipt(report.first)],
        "sender": plain(report.sender),
        "content": plain(report.content),
        "queries": [plain(query) for query in report.queries],
        "status": plain(report.status),
        "outbox": [entry(report.event, receipt.received_at)],
        "audit": [plain(report.audit)],
    }
    return {**document, "idempotency_keys": [report.first.key]} if report.first.key else document


def _receipt(kept: KeptReceipt) -> Document:
    return {**plain(kept.receipt), "repeat": kept.repeat, "key": kept.key}


def _from(document: Mapping[str, Any]) -> Held:
    return Held(
        report_id=document["_id"],
        sponsor=document["sponsor"],
        content_sha256=document["content_sha256"],
        receipts=tuple(_kept(each) for each in document["receipts"]),
        queries=msgspec.convert(document["queries"], tuple[Query, ...]),
        status=msgspec.convert(document["status"], Status),
    )


def _kept(document: Mapping[str, Any]) -> KeptReceipt:
    return KeptReceipt(receipt=msgspec.convert(document, Receipt), repeat=document["repeat"], key=document["key"])
