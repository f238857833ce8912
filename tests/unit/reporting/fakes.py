"""Reporting's ports in memory; the store contract tests hold them to what MongoDB does."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from reporting.domain.records import (
    Blocked,
    Delivery,
    History,
    Message,
    ReceivedAcknowledgement,
    Submission,
    SubmissionState,
)
from reporting.ports import GatewayError, Taken
from shared.contracts.audit import AuditEntry
from shared.contracts.envelope import Event
from shared.contracts.submission_acknowledged import AcknowledgementOutcome

Place = tuple[str, str, str]


class FakeSubmissions:
    """``reporting.ports.Submissions`` in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Submission] = {}
        self.events: list[Event] = []
        self.confirmed: list[str] = []
        self.deliveries: list[Delivery] = []
        self.faults: dict[str, str] = {}
        self.audits: list[AuditEntry] = []

    def open(self, submission: Submission, audit: AuditEntry) -> None:
        if submission.submission_id not in self.kept:
            self.kept[submission.submission_id] = submission
            self.audits.append(audit)

    def waiting(self) -> list[Submission]:
        found: dict[Place, Submission] = {}
        for each in sorted(self.kept.values(), key=lambda one: one.version):
            if each.state is SubmissionState.WAITING and not each.active:
                found.setdefault(_place(each), each)
        return list(found.values())

    def activate(self, submission: Submission, audit: AuditEntry) -> bool:
        if any(each.active and _place(each) == _place(submission) for each in self.kept.values()):
            return False
        return self._change(submission, lambda now: _waits(now) and not now.active, audit, active=True)

    def to_hand_over(self) -> list[Submission]:
        return [each for each in self.kept.values() if _waits(each) and each.active]

    def mark_sent(self, submission: Submission, delivery: Delivery, event: Event, audit: AuditEntry) -> None:
        if self._change(submission, lambda now: _waits(now) and now.active, audit, state=SubmissionState.SENT):
            self.deliveries.append(delivery)
            self.events.append(event)

    def mark_failed(self, submission: Submission, words: str, audit: AuditEntry) -> None:
        if self._change(submission, lambda now: _waits(now) and now.active, audit, state=SubmissionState.FAILED):
            self.faults[submission.submission_id] = words

    def of_batch(self, batch_number: str) -> Submission | None:
        return next((each for each in self.kept.values() if each.batch_number == batch_number), None)

    def close(
        self, submission: Submission, acknowledgement: ReceivedAcknowledgement, event: Event, audit: AuditEntry
    ) -> bool:
        outcome = AcknowledgementOutcome(event.data["outcome"])
        closed = self._change(
            submission,
            lambda now: now.state is SubmissionState.SENT,
            audit,
            state=SubmissionState(outcome.value),
            outcome=outcome,
            active=False,
        )
        if closed:
            self.events.append(event)
        return closed

    def confirm(self, event_id: str, now: datetime) -> None:
        self.confirmed.append(event_id)

    def _change(
        self, submission: Submission, only_if: Callable[[Submission], bool], audit: AuditEntry, **changes: Any
    ) -> bool:
        now = self.kept[submission.submission_id]
        if now.sponsor != submission.sponsor or not only_if(now):
            return False
        self.kept[submission.submission_id] = msgspec.structs.replace(now, **changes)
        self.audits.append(audit)
        return True


class FakeMessages:
    """``reporting.ports.Messages`` in memory."""

    def __init__(self, submissions: FakeSubmissions) -> None:
        self.messages: dict[str, Message] = {}
        self.blocked: dict[str, Blocked] = {}
        self.answers: list[Event] = []
        self.asked_again: list[str] = []
        self._submissions = submissions

    def of_approval(self, sponsor: str, approval_id: str) -> Message | Blocked | None:
        found = self.messages.get(approval_id) or self.blocked.get(approval_id)
        return found if found and found.approval.snapshot.sponsor == sponsor else None

    def history(self, sponsor: str, case_id: str, destination: str) -> History:
        place = (sponsor, case_id, destination)
        created = [each.created for each in self.messages.values() if _place_of(each) == place]
        theirs = (each for each in self._submissions.kept.values() if _place(each) == place)
        is_told = any(each.state is not SubmissionState.REJECTED for each in theirs)
        return History(last_created=max(created, default=None), is_told=is_told)

    def add(self, message: Message, answer: Event, audit: AuditEntry) -> None:
        if message.approval.approval_id in self.messages:
            return
        if any(_place_of(m) == _place_of(message) and m.created == message.created for m in self.messages.values()):
            raise Taken
        self.messages[message.approval.approval_id] = message
        self.answers.append(answer)

    def add_blocked(self, blocked: Blocked, answer: Event, audit: AuditEntry) -> None:
        if blocked.approval.approval_id not in self.blocked:
            self.blocked[blocked.approval.approval_id] = blocked
            self.answers.append(answer)

    def content(self, sponsor: str, message_id: str) -> bytes:
        found = (m for m in self.messages.values() if m.message_id == message_id and m.sponsor == sponsor)
        message = next(found, None)
        if message is None:
            raise LookupError(message_id)
        return message.content

    def answer_again(self, answers: str, now: datetime) -> bool:
        known = any(answer.answers == answers for answer in self.answers)
        if known:
            self.asked_again.append(answers)
        return known


class FakeAcknowledgements:
    """``reporting.ports.Acknowledgements`` in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, ReceivedAcknowledgement] = {}
        self.history: list[ReceivedAcknowledgement] = []

    def find(self, sha256: str) -> ReceivedAcknowledgement | None:
        return self.kept.get(sha256)

    def keep(self, acknowledgement: ReceivedAcknowledgement, audit: AuditEntry) -> None:
        self.kept[acknowledgement.sha256] = acknowledgement
        self.history.append(acknowledgement)


class FakeGateway:
    """``reporting.ports.Gateway`` in memory; ``fault`` is raised at the next hand-over."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.fault: GatewayError | None = None

    def hand_over(self, file_name: str, content: bytes) -> bool:
        fault, self.fault = self.fault, None
        if fault is not None:
            raise fault
        repeated = file_name in self.files
        self.files[file_name] = content
        return repeated


def _waits(submission: Submission) -> bool:
    return submission.state is SubmissionState.WAITING


def _place(submission: Submission) -> Place:
    return submission.sponsor, submission.case_id, submission.destination


def _place_of(message: Message) -> Place:
    return message.sponsor, message.approval.snapshot.case_id, message.approval.destination.destination
