"""Triage's answer becomes a status and ends the publishing of the question; a late or repeated one changes nothing."""

from datetime import datetime

import msgspec
from pymongo.collection import Collection

from intake.domain.records import BEFORE, Status
from intake.store.scoped import within
from shared.contracts.audit import AuditEntry
from shared.mongo import Document
from shared.outbox import Outbox


def settle(collection: Collection[Document], event_id: str, status: Status, audit: AuditEntry) -> None:
    """Note an answer. Two writes: a kill between them costs one more publishing, whose answer ends it."""
    collection.update_one(
        {**within(None), "outbox.event.id": event_id, "status.state": {"$in": [str(s) for s in BEFORE[status.state]]}},
        {"$set": {"status": msgspec.to_builtins(status)}, "$push": {"audit": plain(audit)}},
    )
    Outbox(collection).confirm(event_id, audit.at)


def plain(record: msgspec.Struct) -> Document:
    """Return a record as a document, instants as BSON has them."""
    document: Document = msgspec.to_builtins(record, builtin_types=(datetime, bytes))
    return document
