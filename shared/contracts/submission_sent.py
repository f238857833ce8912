"""``dayzero.submission.sent.v1``: reporting to triage. The message lies where the destination takes it."""

from datetime import datetime

import msgspec


class SubmissionSent(msgspec.Struct, frozen=True, kw_only=True):
    """A message was handed to its gateway."""

    submission_id: str
    approval_id: str
    case_id: str
    version: int
    destination: str
    file_name: str
    sent_at: datetime
