"""Services meet only in events: what reporting tells triage of an approval, in the order in which it happens.

Ids are derived from the cause, so that saying something again is the same event; the key is the case, so that triage
hears of one case in order.
"""

from datetime import datetime
from typing import Any

from reporting.domain.records import Answer, Blocked, Delivery, Message, Submission
from shared.contracts import topics
from shared.contracts.case_approved import CaseApproved
from shared.contracts.envelope import Event, event_of
from shared.contracts.message_built import BuildIssue, BuildOutcome, MessageBuilt
from shared.contracts.message_parked import MessageParked
from shared.contracts.parked_work import ParkedWork
from shared.contracts.submission_acknowledged import SubmissionAcknowledged
from shared.contracts.submission_sent import SubmissionSent
from shared.ids import derived_id


def built(message: Message, asked: Event) -> Event:
    """Answer an approval that became a message."""
    return _answer(
        message.approval,
        asked,
        message.built_at,
        MessageBuilt(
            **_attempt(message.approval),
            outcome=BuildOutcome.BUILT,
            message_id=message.message_id,
            batch_number=message.batch_number,
            sha256=message.sha256,
            schema_checked=message.schema_checked,
            left_out=message.left_out,
        ),
    )


def blocked(build: Blocked, asked: Event) -> Event:
    """Answer an approval that was blocked by name."""
    issues: tuple[BuildIssue, ...] = build.issues
    body = MessageBuilt(**_attempt(build.approval), outcome=BuildOutcome.BLOCKED, issues=issues)
    return _answer(build.approval, asked, build.built_at, body)


def sent(submission: Submission, delivery: Delivery) -> Event:
    """Tell that a message lies where its destination takes it."""
    body = SubmissionSent(
        submission_id=submission.submission_id,
        approval_id=submission.approval_id,
        case_id=submission.case_id,
        version=submission.version,
        destination=submission.destination,
        file_name=delivery.file_name,
        sent_at=delivery.at,
    )
    return _of_submission(submission, topics.SUBMISSION_SENT, "sent", delivery.at, body)


def acknowledged(submission: Submission, answer: Answer, at: datetime) -> Event:
    """Tell how a destination answered."""
    body = SubmissionAcknowledged(
        submission_id=submission.submission_id,
        approval_id=submission.approval_id,
        case_id=submission.case_id,
        version=submission.version,
        destination=submission.destination,
        outcome=answer.outcome,
        errors=answer.errors,
        local_report_number=answer.local_report_number,
        acknowledged_at=at,
    )
    return _of_submission(submission, topics.SUBMISSION_ACKNOWLEDGED, "acknowledged", at, body)


def approval_parked(work: ParkedWork, at: datetime, closed: tuple[str, str] | None = None) -> Event:
    """Tell that an approval waits for a person, or was given up by one (actor, reason)."""
    closed_by, closed_because = closed or (None, None)
    body = MessageParked(
        parked_id=work.id,
        reason=work.reason,
        attempts=work.attempts,
        approved_at=work.received_at,
        parked_at=work.parked_at,
        size=work.size,
        closed_by=closed_by,
        closed_because=closed_because,
    )
    return event_of(
        event_id=derived_id("evt", work.id, "closed" if closed else f"parked {work.attempts}"),
        topic=topics.MESSAGE_PARKED,
        at=at,
        sponsor=work.sponsor,
        subject=work.subject,
        body=body,
        answers=work.event_id,
    )


def _attempt(approval: CaseApproved) -> dict[str, Any]:
    return {
        "approval_id": approval.approval_id,
        "case_id": approval.snapshot.case_id,
        "version": approval.snapshot.version,
        "destination": approval.destination.destination,
    }


def _answer(approval: CaseApproved, asked: Event, at: datetime, body: MessageBuilt) -> Event:
    return event_of(
        event_id=derived_id("evt", approval.approval_id, "built"),
        topic=topics.MESSAGE_BUILT,
        at=at,
        sponsor=approval.snapshot.sponsor,
        subject=approval.snapshot.case_id,
        body=body,
        answers=asked.id,
    )


def _of_submission(
    submission: Submission, topic: str, happening: str, at: datetime, body: SubmissionSent | SubmissionAcknowledged
) -> Event:
    return event_of(
        event_id=derived_id("evt", submission.submission_id, happening),
        topic=topic,
        at=at,
        sponsor=submission.sponsor,
        subject=submission.case_id,
        body=body,
    )
