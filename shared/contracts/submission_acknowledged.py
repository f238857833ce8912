"""``dayzero.submission.acknowledged.v1``: reporting to triage. The destination answered for one message."""

from datetime import datetime
from enum import StrEnum

import msgspec


class AcknowledgementOutcome(StrEnum):
    """ACK.B.r.6: CA or CR."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class SubmissionAcknowledged(msgspec.Struct, frozen=True, kw_only=True):
    """An acknowledgement, applied to its own submission only."""

    submission_id: str
    approval_id: str
    case_id: str
    version: int
    destination: str
    outcome: AcknowledgementOutcome
    errors: tuple[str, ...]
    local_report_number: str | None
    acknowledged_at: datetime
