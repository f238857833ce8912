"""One destination's acknowledgement closes only its own obligation (DOMAIN 21); what matches nothing stays in sight.

The bytes are stored before they are applied, and applied once: a duplicate, a contradiction, or an answer to nothing
changes no submission.
"""

import msgspec

from reporting.domain import events
from reporting.domain.answer import answer_to
from reporting.domain.records import (
    UNASSIGNED,
    AcknowledgementState,
    Answer,
    ReceivedAcknowledgement,
    Submission,
    SubmissionState,
)
from reporting.domain.trail import entry_for, state_changed
from reporting.ports import Acknowledgements, Submissions
from shared.clock import Clock
from shared.icsr import api
from shared.ids import derived_id, sha256

_DONE = {AcknowledgementState.APPLIED, AcknowledgementState.REPEATED, AcknowledgementState.CONFLICT}
_CLOSED = {SubmissionState.ACCEPTED, SubmissionState.REJECTED}


class TooEarly(Exception):
    """The submission is just being handed over; its acknowledgement can be applied when that is noted."""


class _Unmatched(Exception):
    def __init__(self, reason: str, submission: Submission | None = None) -> None:
        super().__init__(reason)
        self.submission = submission


class Acknowledge:
    """Takes the bytes that a destination answered with."""

    def __init__(self, acknowledgements: Acknowledgements, submissions: Submissions, clock: Clock) -> None:
        """Use these."""
        self._acknowledgements = acknowledgements
        self._submissions = submissions
        self._clock = clock

    def __call__(self, file_name: str, content: bytes) -> AcknowledgementState:
        """Keep the bytes once, apply them to the submission that they answer, and say what became of them.

        Raises TooEarly: bring them again; nothing was kept.
        """
        known = self._acknowledgements.find(sha256(content))
        if known is not None and known.state in _DONE:
            return known.state
        received = known or self._received(file_name, content)
        try:
            submission, answer = self._match(content)
        except _Unmatched as error:
            return self._keep(received, AcknowledgementState.UNMATCHED, str(error), error.submission)
        return self._apply(received, submission, answer)

    def _received(self, file_name: str, content: bytes) -> ReceivedAcknowledgement:
        digest = sha256(content)
        return ReceivedAcknowledgement(
            acknowledgement_id=derived_id("ack", digest),
            sponsor=UNASSIGNED,
            file_name=file_name,
            content=content,
            sha256=digest,
            received_at=self._clock.now(),
            state=AcknowledgementState.RECEIVED,
            reason="",
        )

    def _match(self, content: bytes) -> tuple[Submission, Answer]:
        try:
            acknowledgement = api.read_acknowledgement(content)
        except api.UnreadableMessage as error:
            raise _Unmatched(f"unreadable: {error}") from error
        submission = self._submissions.of_batch(acknowledgement.batch_number or "")
        if submission is None:
            raise _Unmatched("names no batch of ours (N.1.2)")
        answer = answer_to(submission, acknowledgement)
        if answer is None:
            raise _Unmatched("gives no one verdict on our message (C.1.1)", submission)
        _require_sent(submission)
        return submission, answer

    def _apply(self, received: ReceivedAcknowledgement, submission: Submission, answer: Answer) -> AcknowledgementState:
        if submission.state in _CLOSED:
            return self._compare(received, submission, answer)
        self._keep(received, AcknowledgementState.RECEIVED, "matched on N.1.2 and C.1.1", submission)
        event = events.acknowledged(submission, answer, received.received_at)
        action = f"submission.{answer.outcome}"
        audit = entry_for(
            submission.sponsor,
            submission.submission_id,
            action,
            received.acknowledgement_id,
            self._clock.now(),
            changes=state_changed(submission.state, answer.outcome),
        )
        if not self._submissions.close(submission, received, event, audit):
            return self(received.file_name, received.content)  # another collector was faster: compare with its verdict
        return self._keep(received, AcknowledgementState.APPLIED, "matched on N.1.2 and C.1.1", submission)

    def _compare(
        self, received: ReceivedAcknowledgement, submission: Submission, answer: Answer
    ) -> AcknowledgementState:
        if answer.outcome is not submission.outcome:
            reason = f"says {answer.outcome}, and the submission is {submission.outcome} already"
            return self._keep(received, AcknowledgementState.CONFLICT, reason, submission)
        if received.state is AcknowledgementState.RECEIVED and received.submission_id:  # killed after it was applied
            return self._keep(received, AcknowledgementState.APPLIED, "matched on N.1.2 and C.1.1", submission)
        return self._keep(received, AcknowledgementState.REPEATED, "says again what is known", submission)

    def _keep(
        self, received: ReceivedAcknowledgement, state: AcknowledgementState, reason: str, submission: Submission | None
    ) -> AcknowledgementState:
        kept = msgspec.structs.replace(
            received,
            state=state,
            reason=reason,
            sponsor=submission.sponsor if submission else UNASSIGNED,
            submission_id=submission.submission_id if submission else None,
        )
        action = f"acknowledgement.{state}"
        audit = entry_for(kept.sponsor, kept.acknowledgement_id, action, reason, self._clock.now())
        self._acknowledgements.keep(kept, audit)
        return state


def _require_sent(submission: Submission) -> None:
    if submission.state is SubmissionState.WAITING and submission.active:
        raise TooEarly(submission.submission_id)
    if submission.state not in _CLOSED | {SubmissionState.SENT}:
        raise _Unmatched("answers a message that was not sent", submission)
