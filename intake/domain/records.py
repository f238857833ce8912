"""What intake keeps: a report with its receipts, or a refusal; each with its event and its pending audit entries."""

from datetime import datetime
from enum import StrEnum

import msgspec

from shared.contracts.audit import AuditEntry
from shared.contracts.clinical import CaseContent
from shared.contracts.envelope import Event
from shared.contracts.report_received import Query, Receipt, Sender
from shared.ids import sha256


class State(StrEnum):
    """How far a report or refusal has come, as triage answered."""

    RECEIVED = "received"
    OPENED = "opened"
    PARKED = "parked"


# A late or repeated answer never takes a report back: a case that is opened stays so.
BEFORE = {State.OPENED: (State.RECEIVED, State.PARKED), State.PARKED: (State.RECEIVED,)}


class Status(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state, with the case version that the report became."""

    state: State
    case_id: str | None = None
    version: int | None = None


class KeptReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt with what its response said, so that the same Idempotency-Key gets the same answer."""

    receipt: Receipt
    repeat: bool
    key: str | None = None  # digest of actor and Idempotency-Key


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where in a file that is kept whole a message stands: the first is number 1."""

    file_id: str
    number: int


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What a report or refusal is kept by: its bytes, or its place in a file that is kept."""

    content_sha256: str  # of the bytes; of a message in a file, of what it says
    size: int  # bytes that are kept
    raw: bytes  # empty where it has a place: the file has them
    place: Place | None = None


def body_of(content: bytes) -> Body:
    """Return what is kept of a body that holds one report."""
    return Body(content_sha256=sha256(content), size=len(content), raw=content)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report at its first receipt."""

    report_id: str
    sponsor: str
    content_sha256: str
    raw: bytes  # empty where it has a place: the file has them
    content_type: str
    first: KeptReceipt
    sender: Sender
    content: CaseContent
    queries: tuple[Query, ...]
    status: Status
    event: Event
    audit: AuditEntry
    place: Place | None = None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a report that is already kept."""

    report_id: str
    sponsor: str
    content_sha256: str
    receipts: tuple[KeptReceipt, ...]
    queries: tuple[Query, ...]
    status: Status


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A report that is being written on the form: what was typed, page by page, as it was typed."""

    draft_id: str  # unguessable: who knows it may go on writing
    sponsor: str
    sponsor_stated: str | None
    answers: dict[str, dict[str, list[str]]]  # page -> field of the page -> what was typed or chosen there
    changed_at: datetime
    closed: bool = False  # it is being sent: what was read to be sent does not change any more
    report_id: str | None = None  # the report that it became; its answers are gone then


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A refused body: a person must look, for its clock may be running (DOMAIN 1)."""

    refusal_id: str
    sponsor: str
    received_at: datetime
    zone: str
    country: str
    actor: str
    authentication: str
    source: str
    status_code: int
    rule: str
    reason: str
    content_sha256: str
    raw: bytes  # empty where it has a place: the file has them
    complete: bool  # False: the body went on beyond the limit
    content_type: str
    status: Status
    event: Event
    audit: AuditEntry
    place: Place | None = None
