"""A file of messages is kept whole and once; what it was answered is kept with it, and never replaced."""

import msgspec

from intake.domain.arrival import Arrival
from shared.contracts.audit import AuditEntry
from shared.contracts.report_received import Receipt

MOST_MESSAGES = 10_000  # of a file that are taken at once
MOST_REFUSALS = 20  # of a file that are kept one by one, before one stands for the rest


class IcsrFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file at its first receipt, with what its wrapper says of itself (N.1.2, N.1.3)."""

    file_id: str
    sponsor: str
    sponsor_stated: str | None
    content_sha256: str
    raw: bytes
    content_type: str
    batch_number: str | None
    batch_sender: str | None
    receipt: Receipt
    audit: AuditEntry


class MessageEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one message of a file: a report, or a refusal that a person looks at."""

    number: int  # its place in the file, from 1
    code: str  # ACK.B.r.6
    message_number: str | None = None  # N.2.r.1
    report_id: str | None = None
    refusal_id: str | None = None
    repeat: bool = False  # the report was held before


class FileAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a file was answered."""

    acknowledgement: bytes
    code: str  # ACK.A.4
    messages: tuple[MessageEntry, ...]


class HeldFile(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a file that is kept; ``answer`` is None until every message of it has come to its end."""

    file_id: str
    sponsor: str
    sponsor_stated: str | None
    content_sha256: str
    content_type: str
    batch_number: str | None
    batch_sender: str | None
    receipts: tuple[Receipt, ...]
    answer: FileAnswer | None


def arrival_again(file: HeldFile, content: bytes) -> Arrival:
    """Return the request that a kept file came by, for whoever finishes what it began."""
    first = file.receipts[0]
    return Arrival(
        content=content,
        complete=True,
        content_type=file.content_type,
        content_encoding="",
        idempotency_key="",
        strict=False,
        actor=first.actor,
        authentication=first.authentication,
        channel=first.channel,
        sponsor_stated=file.sponsor_stated,
        sponsors=frozenset({file.sponsor}),  # as was decided when it came
    )
