"""The collections of triage, declared once: what each document holds and which indexes it needs.

Hot paths write dicts through pymongo; a test holds what they write against these declarations.
"""

from typing import ClassVar

from mongoengine import (
    BinaryField,
    BooleanField,
    DateTimeField,
    DictField,
    Document,
    IntField,
    ListField,
    StringField,
)

OUTBOX_INDEXES = ["outbox.due_at", "outbox.event.id", "outbox.event.answers"]
PENDING_AUDIT = {"name": "by_pending_audit", "fields": ["audit.at"], "sparse": True}
ANY_TEXT = {"$gt": ""}  # not {"$type": "string"}: the planner does not see that an equal string is one, and scans
ALIAS = "triage"


class CaseDocument(Document):
    """The head of a case: small, changing, guarded by its revision; points at its versions."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    revision = IntField(required=True)
    status = StringField(required=True)
    due = StringField()
    blinded_trial = BooleanField()
    opened_at = StringField()
    ask_on = StringField()
    sender_key = StringField()
    head = DictField(required=True)  # triage.domain.case.Case
    applied = ListField(StringField())
    outbox = ListField(DictField())
    audit = ListField(DictField())
    meta: ClassVar = {
        "collection": "cases",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [
            ("sponsor", "blinded_trial", "status", "due", "id"),
            ("sponsor", "blinded_trial", "due", "id"),
            ("sponsor", "blinded_trial", "opened_at", "id"),
            ("sponsor", "blinded_trial", "ask_on", "id"),
            {
                "name": "one_case_per_sender_case",
                "fields": ["sender_key"],
                "unique": True,
                "partialFilterExpression": {"sender_key": ANY_TEXT},
            },
            {
                "name": "one_effect_per_event",
                "fields": ["applied"],
                "unique": True,
                "partialFilterExpression": {"applied": ANY_TEXT},
            },
            *OUTBOX_INDEXES,
            PENDING_AUDIT,
        ],
    }


class CaseVersionDocument(Document):
    """One immutable version: written before the case that points at it, never changed."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    case_id = StringField(required=True)
    number = IntField(required=True)
    stored_at = DateTimeField(required=True)
    version = DictField(required=True)  # triage.domain.case.CaseVersion
    meta: ClassVar = {
        "collection": "case_versions",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [("sponsor", "case_id", "number")],
    }


class ParkedDocument(Document):
    """What waits for a person: a refused body, a message or an approval that could not be processed; kept for good."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    service = StringField(required=True)
    kind = StringField(required=True, choices=["message", "refusal", "approval"])
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
    meta: ClassVar = {
        "collection": "parked",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [("sponsor", "state", "parked_at"), "subject", *OUTBOX_INDEXES, PENDING_AUDIT],
    }


class PartnerKeyDocument(Document):
    """A key of a partner's system: kept for good, its secret by hash only."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    revision = IntField(required=True)
    head = DictField(required=True)  # triage.domain.partner_key.PartnerKey
    outbox = ListField(DictField())
    audit = ListField(DictField())
    meta: ClassVar = {
        "collection": "partner_keys",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [*OUTBOX_INDEXES, PENDING_AUDIT],
    }


class SignOffDocument(Document):
    """A regulatory owner's word that a rule may be used as it is; inserted, never changed."""

    id = StringField(primary_key=True)  # rule, version, hash
    sponsor = StringField(required=True)
    sign_off = DictField(required=True)  # triage.domain.rulebook.SignOff
    audit = ListField(DictField())
    meta: ClassVar = {
        "collection": "sign_offs",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": ["sponsor", PENDING_AUDIT],
    }


class ReferenceFileDocument(Document):
    """A file that something was decided with, by its hash; inserted, never changed."""

    id = StringField(primary_key=True)  # SHA-256 of the content
    sponsor = StringField(required=True)  # whose registry it is; of all sponsors for the others
    name = StringField(required=True)
    content = BinaryField(required=True)
    meta: ClassVar = {"collection": "reference_files", "db_alias": ALIAS, "auto_create_index": False}


class CounterDocument(Document):
    """The last case number of a sponsor."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    last = IntField(required=True)
    meta: ClassVar = {"collection": "counters", "db_alias": ALIAS, "auto_create_index": False}


class UserDocument(Document):
    """A person, what proves who she is, and what is still to be moved to the ledger; never deleted."""

    id = StringField(primary_key=True)  # the name
    revision = IntField(required=True)
    subject = StringField()
    user = DictField(required=True)  # triage.domain.identity.User
    credentials = DictField(required=True)  # triage.domain.credentials.Credentials
    audit = ListField(DictField())
    meta: ClassVar = {
        "collection": "users",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [
            {
                "name": "one_user_per_subject",
                "fields": ["subject"],
                "unique": True,
                "partialFilterExpression": {"subject": ANY_TEXT},
            },
            PENDING_AUDIT,
        ],
    }


class SessionDocument(Document):
    """A session by the hash of its token; MongoDB removes it some time after its absolute end."""

    id = StringField(primary_key=True)
    user = StringField()
    ends_at = DateTimeField(required=True)
    ended_at = DateTimeField()
    session = DictField(required=True)  # triage.domain.session.Session
    meta: ClassVar = {
        "collection": "sessions",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": ["user", {"name": "until_over", "fields": ["ends_at"], "expireAfterSeconds": 0}],
    }


class HappeningDocument(Document):
    """What happened to no document of its own; it goes when its entry is in the ledger."""

    id = StringField(primary_key=True)
    sponsor = StringField(required=True)
    audit = ListField(DictField(), required=True)
    meta: ClassVar = {
        "collection": "happenings",
        "db_alias": ALIAS,
        "auto_create_index": False,
        "indexes": [PENDING_AUDIT],
    }


ALL = (
    PartnerKeyDocument,
    CaseDocument,
    CaseVersionDocument,
    ParkedDocument,
    SignOffDocument,
    ReferenceFileDocument,
    CounterDocument,
    UserDocument,
    SessionDocument,
    HappeningDocument,
)
