"""An acknowledgement answers for the batch and for each message in it (ICH E2B(R3) guide, section 4).

Matched on the batch number N.1.2 plus C.1.1 (DOMAIN 14): our batches hold one message each, and B.r.1 names it; so does
R2's safetyreportid. What can't be concluded from the codes is no answer, and waits for a person.
"""

from reporting.domain.records import Answer, Submission
from shared.contracts.submission_acknowledged import AcknowledgementOutcome
from shared.icsr.model.acknowledgement import Acknowledgement
from shared.icsr.model.outcome import Outcome
from shared.icsr.rules.conclude import outcome_of

_OUTCOMES = {
    Outcome.ACCEPTED: AcknowledgementOutcome.ACCEPTED,
    Outcome.WARNINGS: AcknowledgementOutcome.ACCEPTED,
    Outcome.REJECTED: AcknowledgementOutcome.REJECTED,
}


def answer_to(submission: Submission, acknowledgement: Acknowledgement) -> Answer | None:
    """Return what an acknowledgement of the submission's batch says of its message; None: nothing, or two things."""
    concluded = outcome_of(submission.safety_report_id, acknowledgement)
    outcome = _OUTCOMES.get(concluded.outcome) if concluded else None
    if concluded is None or outcome is None:
        return None
    rejected = outcome is AcknowledgementOutcome.REJECTED
    return Answer(
        outcome=outcome,
        errors=_words(submission.safety_report_id, acknowledgement) if rejected else (),
        local_report_number=concluded.local_report_number,
    )


def _words(number: str, acknowledgement: Acknowledgement) -> tuple[str, ...]:
    """What the destination wrote, whole: of our message and of what it could not name, then of the batch."""
    told = [each.comment for each in acknowledgement.messages if each.message_number in {number, None}]
    return tuple(dict.fromkeys(text for text in (*told, acknowledgement.error) if text))
