"""What several of intake's documents hold: receipts, places, statuses, events and audit entries that wait."""

from mongoengine import (
    BooleanField,
    DateTimeField,
    DictField,
    EmbeddedDocument,
    IntField,
    ListField,
    StringField,
)


class AuditDocument(EmbeddedDocument):
    """A pending audit entry; the sequencer will move it to the ledger."""

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


class OutboxDocument(EmbeddedDocument):
    """An event that waits to be published or confirmed (``shared.outbox``)."""

    event = DictField(required=True)
    due_at = DateTimeField()
    attempts = IntField(required=True)
    confirmed_at = DateTimeField()


class ReceiptDocument(EmbeddedDocument):
    """When, where and from whom the bytes came, each time they came."""

    receipt_id = StringField(required=True)
    received_at = DateTimeField(required=True)
    zone = StringField(required=True)
    country = StringField(required=True)
    first_aware_at = StringField()
    actor = StringField(required=True)
    authentication = StringField(required=True)
    channel = StringField(required=True)
    repeat = BooleanField(required=True)
    key = StringField()


class QueryDocument(EmbeddedDocument):
    """A field problem to ask the sender about."""

    pointer = StringField()
    rule = StringField(required=True)
    words = StringField(required=True)
    value = StringField()


class StatusDocument(EmbeddedDocument):
    """What triage answered."""

    state = StringField(required=True, choices=["received", "opened", "parked"])
    case_id = StringField()
    version = IntField()


class PlaceDocument(EmbeddedDocument):
    """Where a message stands in a file that is kept whole."""

    file_id = StringField(required=True)
    number = IntField(required=True)
