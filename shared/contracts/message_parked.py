"""``dayzero.message.parked.v1``: reporting to triage. An approval could not be processed, so its case is blocked.

It answers ``case.approved``, whose id is the approval's. Each attempt is an event of its own; so is the closing.
"""

from datetime import datetime

import msgspec


class MessageParked(msgspec.Struct, frozen=True, kw_only=True):
    """The approval that ``answers`` names waits for a person, or was given up by one."""

    parked_id: str
    reason: str
    attempts: int
    approved_at: datetime
    parked_at: datetime
    size: int
    closed_by: str | None = None
    closed_because: str | None = None
