"""Records as MongoDB documents and back: the one place that knows how each is laid out."""

from typing import Any

import msgspec
from pymongo.errors import DuplicateKeyError

from reporting.domain.records import Blocked, Message, ReceivedAcknowledgement, Submission
from shared.audit.happenings import pending
from shared.contracts.audit import AuditEntry
from shared.contracts.case_approved import CaseApproved
from shared.contracts.envelope import Event
from shared.contracts.message_built import BuildIssue
from shared.outbox import entry

Row = dict[str, Any]


def violates(error: DuplicateKeyError, *fields: str) -> bool:
    """Say whether the unique index over exactly these fields refused the write."""
    return tuple((error.details or {}).get("keyPattern", {})) == fields


def audit_row(audit: AuditEntry) -> Row:
    """Lay out a pending audit entry."""
    return pending(audit)


def _attempt(approval: CaseApproved, answer: Event, audit: AuditEntry) -> Row:
    snapshot = approval.snapshot
    return {
        "sponsor": snapshot.sponsor,
        "approval_id": approval.approval_id,
        "case_id": snapshot.case_id,
        "version": snapshot.version,
        "destination": approval.destination.destination,
        "approval": msgspec.to_builtins(approval),
        "outbox": [entry(answer, audit.at)],
        "audit": [audit_row(audit)],
    }


def message_row(message: Message, answer: Event, audit: AuditEntry) -> Row:
    """Lay out a message with its answer."""
    return _attempt(message.approval, answer, audit) | {
        "_id": message.message_id,
        "safety_report_id": message.approval.safety_report_id,
        "batch_number": message.batch_number,
        "created": message.created,
        "c_1_5": message.approval.snapshot.latest_information_on.isoformat(),
        "content": message.content,
        "sha256": message.sha256,
        "schema_checked": message.schema_checked,
        "built_at": message.built_at,
        "left_out": [msgspec.structs.asdict(issue) for issue in message.left_out],
    }


def message_of(row: Row) -> Message:
    """Read a message."""
    return Message(
        message_id=row["_id"],
        approval=msgspec.convert(row["approval"], CaseApproved),
        batch_number=row["batch_number"],
        created=row["created"],
        content=bytes(row["content"]),
        sha256=row["sha256"],
        schema_checked=row["schema_checked"],
        built_at=row["built_at"],
        left_out=msgspec.convert(row.get("left_out", []), tuple[BuildIssue, ...]),
    )


def blocked_row(blocked_id: str, blocked: Blocked, answer: Event, audit: AuditEntry) -> Row:
    """Lay out a blocked build with its answer."""
    return _attempt(blocked.approval, answer, audit) | {
        "_id": blocked_id,
        "issues": [msgspec.structs.asdict(issue) for issue in blocked.issues],
        "built_at": blocked.built_at,
    }


def blocked_of(row: Row) -> Blocked:
    """Read a blocked build."""
    return Blocked(
        approval=msgspec.convert(row["approval"], CaseApproved),
        issues=msgspec.convert(row["issues"], tuple[BuildIssue, ...]),
        built_at=row["built_at"],
    )


def submission_row(submission: Submission, audit: AuditEntry) -> Row:
    """Lay out a submission that was just opened."""
    fields = msgspec.structs.asdict(submission)
    return {
        "_id": fields.pop("submission_id"),
        **fields,
        "c_1_5": submission.c_1_5.isoformat(),
        "state": submission.state.value,
        "opened_at": audit.at,
        "deliveries": [],
        "outbox": [],
        "audit": [audit_row(audit)],
    }


def submission_of(row: Row) -> Submission:
    """Read a submission."""
    fields = {name: row[name] for name in Submission.__struct_fields__ if name != "submission_id"}
    return msgspec.convert({"submission_id": row["_id"], **fields}, Submission)


def acknowledgement_row(acknowledgement: ReceivedAcknowledgement) -> Row:
    """Lay out an acknowledgement, without its id and its audit."""
    fields = msgspec.structs.asdict(acknowledgement)
    del fields["acknowledgement_id"]
    return fields | {"state": acknowledgement.state.value}


def acknowledgement_of(row: Row) -> ReceivedAcknowledgement:
    """Read an acknowledgement."""
    fields = {name: row[name] for name in ReceivedAcknowledgement.__struct_fields__ if name in row}
    return msgspec.convert({"acknowledgement_id": row["_id"], **fields}, ReceivedAcknowledgement)
