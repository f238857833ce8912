"""Intake's collections, declared; hot paths write plain documents through pymongo, and a test holds them to this."""

from typing import Any

from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DictField,
    Document,
    EmbeddedDocument,
    EmbeddedDocumentField,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    ObjectIdField,
    StringField,
)

from intake.store.document_parts import (
    AuditDocument,
    OutboxDocument,
    PlaceDocument,
    QueryDocument,
    ReceiptDocument,
    StatusDocument,
)

ALIAS = "intake"
DRAFT_SECONDS = 24 * 60 * 60
_OUTBOX = ["outbox.due_at", "outbox.event.id"]
_AUDIT = {"fields": ["audit.at"], "sparse": True, "name": "by_pending_audit"}


def _meta(collection: str, indexes: list[Any]) -> dict[str, Any]:
    same = {"db_alias": ALIAS, "auto_create_index": False, "index_cls": False}
    return {"collection": collection, "indexes": indexes, **same}


class ReportDocument(Document):
    """A report as it was kept, with its receipts."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    actor = StringField(required=True)
    content_sha256 = StringField(required=True)
    raw = BinaryField()  # absent where it has a place
    place = EmbeddedDocumentField(PlaceDocument)
    content_type = StringField(required=True)
    idempotency_keys = ListField(StringField())  # absent, not empty: an empty list would fill the unique index
    receipts = EmbeddedDocumentListField(ReceiptDocument, required=True)
    sender = DictField()
    content = DictField()
    queries = EmbeddedDocumentListField(QueryDocument)
    status = EmbeddedDocumentField(StatusDocument, required=True)
    outbox = EmbeddedDocumentListField(OutboxDocument, required=True)
    audit = EmbeddedDocumentListField(AuditDocument)

    meta = _meta(
        "reports",
        [
            {"fields": ["sponsor", "actor", "content_sha256"], "unique": True, "name": "one_report_per_content"},
            {"fields": ["idempotency_keys"], "unique": True, "sparse": True, "name": "one_report_per_key"},
            *_OUTBOX,
            _AUDIT,
        ],
    )


class RefusalDocument(Document):
    """A refused body, for a person to look at."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    received_at = DateTimeField(required=True)
    zone = StringField(required=True)
    country = StringField(required=True)
    actor = StringField(required=True)
    authentication = StringField(required=True)
    source = StringField(required=True)
    status_code = IntField(required=True)
    rule = StringField(required=True)
    reason = StringField(required=True)
    content_sha256 = StringField(required=True)
    raw = BinaryField()  # or in GridFS, under raw_id; neither where it has a place
    raw_id = ObjectIdField()
    place = EmbeddedDocumentField(PlaceDocument)
    complete = BooleanField(required=True)
    content_type = StringField()
    status = EmbeddedDocumentField(StatusDocument, required=True)
    outbox = EmbeddedDocumentListField(OutboxDocument, required=True)
    audit = EmbeddedDocumentListField(AuditDocument)

    meta = _meta(
        "refusals",
        [{"fields": ["sponsor", "received_at"], "name": "by_arrival"}, *_OUTBOX, _AUDIT],
    )


class MessageEntryDocument(EmbeddedDocument):
    """What became of one message of a file."""

    number = IntField(required=True)
    code = StringField(required=True)
    message_number = StringField()
    report_id = StringField()
    refusal_id = StringField()
    repeat = BooleanField()


class FileAnswerDocument(EmbeddedDocument):
    """What a file was answered."""

    code = StringField(required=True)
    raw = BinaryField()  # the acknowledgement; or in GridFS, under raw_id
    raw_id = ObjectIdField()
    messages = EmbeddedDocumentListField(MessageEntryDocument)


class IcsrFileDocument(Document):
    """A file of E2B(R3) messages, kept whole and once."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    sponsor_stated = StringField()
    actor = StringField(required=True)
    content_sha256 = StringField(required=True)
    size = IntField(required=True)
    raw = BinaryField()  # or in GridFS, under raw_id
    raw_id = ObjectIdField()
    content_type = StringField(required=True)
    batch_number = StringField()
    batch_sender = StringField()
    receipts = EmbeddedDocumentListField(ReceiptDocument, required=True)
    answer = EmbeddedDocumentField(FileAnswerDocument)
    audit = EmbeddedDocumentListField(AuditDocument)

    meta = _meta(
        "icsr_files",
        [
            {"fields": ["sponsor", "actor", "content_sha256"], "unique": True, "name": "one_file_per_content"},
            {"fields": ["sponsor", "batch_sender", "batch_number"], "name": "by_batch_number"},
            {"fields": ["answer.code"], "name": "by_answer"},  # those without one first
            _AUDIT,
        ],
    )


class RawFileDocument(Document):
    """Bytes in GridFS, as the driver writes them; the record that has its id says whose."""

    id = ObjectIdField(primary_key=True)
    filename = StringField(required=True)  # the collection of the record that it belongs to
    length = IntField(required=True)
    chunkSize = IntField(required=True)
    uploadDate = DateTimeField(required=True)
    metadata = DictField(required=True)

    meta = _meta(
        "raw.files",
        [{"fields": ["filename", "uploadDate"]}],
    )


class RawChunkDocument(Document):
    """A piece of bytes in GridFS."""

    id = ObjectIdField(primary_key=True)
    files_id = ObjectIdField(required=True)
    n = IntField(required=True)
    data = BinaryField(required=True)

    meta = _meta(
        "raw.chunks",
        [{"fields": ["files_id", "n"], "unique": True}],
    )


class ParkedDocument(Document):
    """A message that no handler could take, for a person to look at; kept for good."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    service = StringField(required=True)
    kind = StringField(required=True)
    subject = StringField(required=True)
    topic = StringField(required=True)
    event_id = StringField(required=True)
    received_at = DateTimeField(required=True)
    parked_at = DateTimeField(required=True)
    reason = StringField(required=True)
    state = StringField(required=True, choices=["waiting", "replayed", "closed"])
    attempts = IntField(required=True)
    size = IntField(required=True)
    outcome = StringField()
    content = BinaryField()
    trail = ListField(DictField())
    outbox = ListField(DictField())
    audit = ListField(DictField())

    meta = _meta(
        "parked",
        [{"fields": ["sponsor", "state", "parked_at"], "name": "by_state"}, _AUDIT],
    )


class PartnerKeyDocument(Document):
    """A partner's key, as triage last told of it."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    revision = IntField(required=True)
    key = DictField(required=True)  # shared.contracts.key_changed.KeyChanged
    outbox = EmbeddedDocumentListField(OutboxDocument)
    audit = EmbeddedDocumentListField(AuditDocument)

    meta = {  # noqa: RUF012
        "collection": "partner_keys",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "index_cls": False,
        "indexes": [*_OUTBOX, "outbox.event.answers", _AUDIT],
    }


class DraftDocument(Document):
    """A report that is being written on the form; it is forgotten a day after its last change."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    sponsor_stated = StringField()
    answers = DictField()
    changed_at = DateTimeField(required=True)
    closed = BooleanField()
    report_id = StringField()

    meta = _meta(
        "drafts",
        [{"fields": ["changed_at"], "expireAfterSeconds": DRAFT_SECONDS, "name": "until_too_old"}],
    )


class HappeningDocument(Document):
    """What happened to no document of its own; it goes when its entry is in the ledger."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    audit = ListField(DictField(), required=True)

    meta = _meta("happenings", [_AUDIT])


ALL: tuple[type[Document], ...] = (
    ReportDocument,
    RefusalDocument,
    IcsrFileDocument,
    RawFileDocument,
    RawChunkDocument,
    ParkedDocument,
    PartnerKeyDocument,
    DraftDocument,
    HappeningDocument,
)
