"""What was sent is what was approved: a message is kept as it was built, and everything after it points back at it."""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from shared.contracts.case_approved import CaseApproved
from shared.contracts.message_built import BuildIssue
from shared.contracts.submission_acknowledged import AcknowledgementOutcome
from shared.ids import derived_id

SERVICE_VERSION = "reporting 0.1.0"
UNASSIGNED = "unassigned"  # the sponsor of what belongs to nobody yet (DOMAIN 3)


class SubmissionState(StrEnum):
    """Where a message is on its way. ``FAILED`` waits for a person; nothing of its case overtakes it."""

    WAITING = "waiting"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    FAILED = "failed"


class AcknowledgementState(StrEnum):
    """What became of the bytes of an acknowledgement."""

    RECEIVED = "received"  # matched and about to be applied
    APPLIED = "applied"
    REPEATED = "repeated"  # says again what its submission already knows
    UNMATCHED = "unmatched"
    CONFLICT = "conflict"  # contradicts what its submission already knows


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One transmission attempt as built: never changed afterwards."""

    message_id: str
    approval: CaseApproved
    batch_number: str  # N.1.2
    created: datetime  # C.1.2
    content: bytes
    sha256: str
    schema_checked: bool
    built_at: datetime
    left_out: tuple[BuildIssue, ...] = ()  # of the report as received

    @property
    def sponsor(self) -> str:
        """Return the scope it belongs to."""
        return self.approval.snapshot.sponsor


class Blocked(msgspec.Struct, frozen=True, kw_only=True):
    """An approval that could not become a message, and why."""

    approval: CaseApproved
    issues: tuple[BuildIssue, ...]
    built_at: datetime


class History(msgspec.Struct, frozen=True, kw_only=True):
    """What one destination has had of one case so far."""

    last_created: datetime | None = None  # C.1.2 of the newest message
    is_told: bool = False  # a message of the case was accepted, or may yet be


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes of a message lying where its destination takes them; ``repeated`` if they lay there already."""

    at: datetime
    file_name: str
    sha256: str
    repeated: bool


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """A message on its way."""

    submission_id: str
    sponsor: str
    message_id: str
    approval_id: str
    case_id: str
    version: int
    destination: str
    test: bool
    safety_report_id: str
    batch_number: str
    sha256: str
    c_1_5: date
    state: SubmissionState
    active: bool
    outcome: AcknowledgementOutcome | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a destination says of one of our messages, read from an acknowledgement."""

    outcome: AcknowledgementOutcome
    errors: tuple[str, ...] = ()
    local_report_number: str | None = None


class ReceivedAcknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes of an acknowledgement, kept once."""

    acknowledgement_id: str
    sponsor: str
    file_name: str
    content: bytes
    sha256: str
    received_at: datetime
    state: AcknowledgementState
    reason: str
    submission_id: str | None = None


def message_id_of(approval_id: str) -> str:
    """Return the id of the one message that an approval may become."""
    return derived_id("msg", approval_id)


def batch_number_of(approval_id: str) -> str:
    """Return N.1.2, unique for each attempt, so that an acknowledgement names one attempt and no other."""
    return derived_id("bat", approval_id)


def submission_id_of(approval_id: str) -> str:
    """Return the id of the one submission of an approval's message."""
    return derived_id("sub", approval_id)
