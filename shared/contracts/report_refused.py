"""``dayzero.report.refused.v1``: intake to triage.

A body was refused; a person must look, for a clock may be running.
"""

from datetime import datetime

import msgspec


class ReportRefused(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal of an authenticated sender, kept with its bytes by intake (DOMAIN 1)."""

    refusal_id: str
    received_at: datetime
    zone: str
    status: int
    reason: str
    source: str
    content_sha256: str
    bytes_kept: int
