"""What was sent is what was approved, byte for byte; a version waits while an earlier one of its case is on its way.

A crash between the file and its mark costs another delivery of the same attempt, never a second submission.
"""

import re

from reporting.domain import events
from reporting.domain.records import Delivery, Submission, SubmissionState
from reporting.domain.trail import entry_for, state_changed
from reporting.ports import Gateway, GatewayError, Messages, Submissions
from shared.clock import Clock
from shared.ids import sha256


class Submit:
    """Brings waiting submissions to their gateway."""

    def __init__(self, messages: Messages, submissions: Submissions, gateway: Gateway, clock: Clock) -> None:
        """Use these."""
        self._messages = messages
        self._submissions = submissions
        self._gateway = gateway
        self._clock = clock

    def promote(self) -> int:
        """Make the oldest waiting submission of each case and destination the active one, where none is."""
        now = self._clock.now()
        return sum(
            self._submissions.activate(
                waiting,
                entry_for(
                    waiting.sponsor, waiting.submission_id, "submission.activated", "no earlier one is on its way", now
                ),
            )
            for waiting in list(self._submissions.waiting())
        )

    def hand_over(self) -> tuple[int, list[GatewayError]]:
        """Hand every active submission to the gateway; return how many went, and what stopped the others for now."""
        sent, faults = 0, []
        for submission in self._submissions.to_hand_over():
            try:
                sent += self._send(submission)
            except GatewayError as error:
                faults.append(error)
        return sent, faults

    def _send(self, submission: Submission) -> bool:
        try:
            delivery = self._deliver(submission)
        except GatewayError as error:
            if not error.permanent:
                raise
            self._fail(submission, str(error))
            return False
        audit = entry_for(
            submission.sponsor,
            submission.submission_id,
            "submission.sent",
            delivery.file_name,
            delivery.at,
            changes=state_changed(submission.state, SubmissionState.SENT),
        )
        self._submissions.mark_sent(submission, delivery, events.sent(submission, delivery), audit)
        return True

    def _deliver(self, submission: Submission) -> Delivery:
        content = self._messages.content(submission.sponsor, submission.message_id)
        if sha256(content) != submission.sha256:
            raise GatewayError("the stored message is not the one that was built; restore it", permanent=True)
        name = file_name(submission)
        repeated = self._gateway.hand_over(name, content)
        return Delivery(at=self._clock.now(), file_name=name, sha256=submission.sha256, repeated=repeated)

    def _fail(self, submission: Submission, words: str) -> None:
        audit = entry_for(
            submission.sponsor,
            submission.submission_id,
            "submission.failed",
            words,
            self._clock.now(),
            changes=state_changed(submission.state, SubmissionState.FAILED),
        )
        self._submissions.mark_failed(submission, words, audit)


def file_name(submission: Submission) -> str:
    """Return the name under which a message's file lies in the outgoing folder; tests are marked by it."""
    destination = re.sub(r"[^A-Za-z0-9_-]", "-", submission.destination)
    return f"{'TEST_' if submission.test else ''}{destination}_{submission.batch_number}.xml"
