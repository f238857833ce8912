"""What each service tells of its records for the ledger identity (DOMAIN 21); ``dayzero ledger check`` joins them."""

from datetime import datetime

import msgspec


class ReportFact(msgspec.Struct, frozen=True, kw_only=True):
    """Intake: a stored report or refusal, and the receipts that point at it."""

    report_id: str
    sponsor: str
    stored_at: datetime
    receipts: int
    refused: bool


class CaseVersionFact(msgspec.Struct, frozen=True, kw_only=True):
    """Triage: a case version with its decisions and approvals."""

    case_id: str
    version: int
    sponsor: str
    stored_at: datetime
    report_id: str | None  # None: an amendment, which no report caused
    destinations: tuple[str, ...]  # of the rulebook it is held to
    decisions: tuple[tuple[str, str], ...]  # (destination, kind), as often as stored


class ApprovalFact(msgspec.Struct, frozen=True, kw_only=True):
    """Triage: an approved expedited decision; each approval is one transmission attempt."""

    approval_id: str
    case_id: str
    version: int
    destination: str
    approved_at: datetime


class ParkedFact(msgspec.Struct, frozen=True, kw_only=True):
    """Any service: something that waits for a person."""

    subject: str  # the report, refusal, case or submission that it speaks of
    reason: str
    parked_at: datetime


class NonCaseFact(msgspec.Struct, frozen=True, kw_only=True):
    """Any service: something parked that a person closed, documented with who and why."""

    subject: str
    actor: str
    reason: str
    closed_at: datetime


class MessageFact(msgspec.Struct, frozen=True, kw_only=True):
    """Reporting: what an approval became. ``message_id`` is None where the build was blocked by name."""

    approval_id: str
    case_id: str
    version: int
    destination: str
    message_id: str | None
    built_at: datetime


class SubmissionFact(msgspec.Struct, frozen=True, kw_only=True):
    """Reporting: a message on its way."""

    submission_id: str
    message_id: str
    case_id: str
    destination: str
    active: bool
    state: str
