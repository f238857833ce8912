"""Every document carries its sponsor, and every query filters by it (DOMAIN 18): here are documents and their indexes.

Hot paths write dicts through these collections with pymongo; a test loads what they wrote through these classes.
"""

from typing import Any, ClassVar

from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DictField,
    Document,
    EmbeddedDocument,
    EmbeddedDocumentListField,
    IntField,
    ListField,
    StringField,
)

ALIAS = "reporting"
_OUTBOX_INDEXES: list[Any] = ["outbox.due_at", "outbox.event.id", "outbox.event.answers"]
_PENDING_AUDIT = {"name": "by_pending_audit", "fields": ["audit.at"], "sparse": True}


class Audit(EmbeddedDocument):
    """A pending audit entry."""

    entry_id = StringField(required=True)
    actor = StringField(required=True)
    authentication = StringField(required=True)
    at = DateTimeField(required=True)
    action = StringField(required=True)
    subject = StringField(required=True)
    reason = StringField(required=True)
    service_version = StringField(required=True)
    sponsor = StringField(required=True)  # whose chain it goes to
    roles = ListField(StringField())
    changes = ListField(DictField())
    rule = StringField()
    signature = StringField()
    discloses = BooleanField()


class Outgoing(EmbeddedDocument):
    """An outbox entry, as ``shared.outbox`` writes it."""

    event = DictField(required=True)
    due_at = DateTimeField()
    attempts = IntField(required=True)
    confirmed_at = DateTimeField()


class MessageDocument(Document):
    """A message as built and the approval that it carries out; only its outbox and audit ever change."""

    meta: ClassVar[dict[str, Any]] = {
        "collection": "messages",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [
            {"fields": ["approval_id"], "unique": True},
            {"fields": ["batch_number"], "unique": True},
            # C.1.2 strictly increases: two messages of a case never share it at one destination.
            {"fields": ["sponsor", "case_id", "destination", "created"], "unique": True},
            *_OUTBOX_INDEXES,
            _PENDING_AUDIT,
        ],
    }
    message_id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    approval_id = StringField(required=True)
    case_id = StringField(required=True)
    version = IntField(required=True)
    destination = StringField(required=True)
    safety_report_id = StringField(required=True)
    batch_number = StringField(required=True)
    created = DateTimeField(required=True)
    c_1_5 = StringField(required=True)
    content = BinaryField(required=True)
    sha256 = StringField(required=True, regex="^[0-9a-f]{64}$")
    schema_checked = BooleanField(required=True)
    left_out = ListField(DictField())
    approval = DictField(required=True)
    built_at = DateTimeField(required=True)
    outbox = EmbeddedDocumentListField(Outgoing)
    audit = EmbeddedDocumentListField(Audit)


class BlockedDocument(Document):
    """An approval that was blocked by name."""

    meta: ClassVar[dict[str, Any]] = {
        "collection": "blocked_builds",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [
            {"fields": ["approval_id"], "unique": True},
            {"fields": ["sponsor", "case_id"]},
            *_OUTBOX_INDEXES,
            _PENDING_AUDIT,
        ],
    }
    blocked_id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    approval_id = StringField(required=True)
    case_id = StringField(required=True)
    version = IntField(required=True)
    destination = StringField(required=True)
    issues = ListField(DictField(), required=True)
    approval = DictField(required=True)
    built_at = DateTimeField(required=True)
    outbox = EmbeddedDocumentListField(Outgoing)
    audit = EmbeddedDocumentListField(Audit)


class SubmissionDocument(Document):
    """A message on its way."""

    meta: ClassVar[dict[str, Any]] = {
        "collection": "submissions",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [
            {"fields": ["approval_id"], "unique": True},
            {"fields": ["message_id"], "unique": True},
            {"fields": ["batch_number"], "unique": True},
            {"fields": ["state", "active", "version", "opened_at"]},
            {"fields": ["sponsor", "case_id", "destination", "state"]},
            {
                "name": "one_active",
                "fields": ["sponsor", "case_id", "destination"],
                "unique": True,
                "partialFilterExpression": {"active": True},
            },
            *_OUTBOX_INDEXES,
            _PENDING_AUDIT,
        ],
    }
    submission_id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    message_id = StringField(required=True)
    approval_id = StringField(required=True)
    case_id = StringField(required=True)
    version = IntField(required=True)
    destination = StringField(required=True)
    test = BooleanField(required=True)
    safety_report_id = StringField(required=True)
    batch_number = StringField(required=True)
    sha256 = StringField(required=True)
    c_1_5 = StringField(required=True)
    state = StringField(required=True, choices=["waiting", "sent", "accepted", "rejected", "failed"])
    active = BooleanField(required=True)
    outcome = StringField(choices=["accepted", "rejected"])
    opened_at = DateTimeField(required=True)
    deliveries = ListField(DictField())
    acknowledgement = DictField()
    fault = DictField()
    outbox = EmbeddedDocumentListField(Outgoing)
    audit = EmbeddedDocumentListField(Audit)


class AcknowledgementDocument(Document):
    """The bytes of an acknowledgement, and what became of them."""

    meta: ClassVar[dict[str, Any]] = {
        "collection": "acknowledgements",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [{"fields": ["sha256"], "unique": True}, {"fields": ["sponsor", "state"]}, _PENDING_AUDIT],
    }
    acknowledgement_id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    file_name = StringField(required=True)
    content = BinaryField()
    sha256 = StringField(required=True)
    received_at = DateTimeField(required=True)
    state = StringField(required=True, choices=["received", "applied", "repeated", "unmatched", "conflict"])
    reason = StringField(required=True)
    submission_id = StringField()
    audit = EmbeddedDocumentListField(Audit)


class ParkedDocument(Document):
    """A message from the broker that no handler could take, as it was; kept for good."""

    meta: ClassVar[dict[str, Any]] = {
        "collection": "parked",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [{"fields": ["sponsor", "state", "parked_at"]}, *_OUTBOX_INDEXES, _PENDING_AUDIT],
    }
    parked_id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    service = StringField(required=True)
    kind = StringField(required=True, choices=["message", "approval"])
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
    outbox = EmbeddedDocumentListField(Outgoing)
    audit = EmbeddedDocumentListField(Audit)


class HappeningDocument(Document):
    """What happened to no document of its own; it goes when its entry is in the ledger."""

    meta: ClassVar[dict[str, Any]] = {
        "collection": "happenings",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [_PENDING_AUDIT],
    }
    happening_id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    audit = ListField(DictField(), required=True)


DOCUMENTS: tuple[type[Document], ...] = (
    MessageDocument,
    BlockedDocument,
    SubmissionDocument,
    AcknowledgementDocument,
    ParkedDocument,
    HappeningDocument,
)
