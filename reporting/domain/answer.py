"""An acknowledgement answers for the batch and for each message in it (ICH E2B(R3) guide, section 4).

Matched on the batch number N.1.2 plus C.1.1 (DOMAIN 14): our batches hold one message each, and B.r.1 names it.
"""

from reporting.domain.records import Answer, Submission
from shared.contracts.submission_acknowledged import AcknowledgementOutcome
from shared.icsr.model.acknowledgement import Acknowledgement, MessageAcknowledgement, MessageCode, TransmissionCode

_OUTCOMES = {
    MessageCode.ACCEPTED: AcknowledgementOutcome.ACCEPTED,
    MessageCode.REJECTED: AcknowledgementOutcome.REJECTED,
}


def answer_to(submission: Submission, acknowledgement: Acknowledgement) -> Answer | None:
    """Return what an acknowledgement of the submission's batch says of its message; None: nothing, or two things."""
    told = [each for each in acknowledgement.messages if each.message_number == submission.safety_report_id]
    outcomes = {_outcome(each, acknowledgement) for each in told}
    if not told and _names_no_message(acknowledgement):
        return _batch_rejected(acknowledgement)
    if len(outcomes) != 1:
        return None
    return _answer(outcomes.pop(), told, acknowledgement)


def _outcome(told: MessageAcknowledgement, acknowledgement: Acknowledgement) -> AcknowledgementOutcome | None:
    if told.code is None and acknowledgement.code is TransmissionCode.REJECTED:
        return AcknowledgementOutcome.REJECTED
    return _OUTCOMES[told.code] if told.code else None


def _answer(
    outcome: AcknowledgementOutcome | None, told: list[MessageAcknowledgement], acknowledgement: Acknowledgement
) -> Answer | None:
    if outcome is None:
        return None
    errors = [each.comment for each in told] + [acknowledgement.error]
    return Answer(
        outcome=outcome,
        errors=_stated(errors) if outcome is AcknowledgementOutcome.REJECTED else (),
        local_report_number=next((each.local_report_number for each in told if each.local_report_number), None),
    )


def _names_no_message(acknowledgement: Acknowledgement) -> bool:
    # FDA's answer to a batch that it could not parse has an empty B.r.1, or no B.r at all.
    return not any(each.message_number for each in acknowledgement.messages)


def _batch_rejected(acknowledgement: Acknowledgement) -> Answer | None:
    if acknowledgement.code is not TransmissionCode.REJECTED:
        return None
    errors = _stated([acknowledgement.error, *(each.comment for each in acknowledgement.messages)])
    return Answer(outcome=AcknowledgementOutcome.REJECTED, errors=errors)


def _stated(texts: list[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
