"""A sender learns from an answer whether to rest, to correct or to send again (guide v5.03, section 4.2, ACK.A.4).

Reading is lenient, concluding is not: a message is accepted only where its own code says so and nothing contradicts it.
AR means that no data was extracted, so it stands above what is said of a message. AE means that some message needs
action; where none is rejected, the batch's error is a warning to all.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.icsr.model.acknowledgement import (
    Acknowledgement,
    MessageAcknowledgement,
    MessageCode,
    TransmissionCode,
)
from shared.icsr.model.issue import Severity
from shared.icsr.model.outcome import Conclusion, Finding, MessageOutcome, Outcome
from shared.icsr.rules.findings import findings_in

_OF_BATCH = {
    TransmissionCode.ACCEPTED: Outcome.ACCEPTED,
    TransmissionCode.ERROR: Outcome.WARNINGS,
    TransmissionCode.REJECTED: Outcome.REJECTED,
    None: Outcome.UNKNOWN,
}
_OF_MESSAGE = {
    MessageCode.ACCEPTED: (Outcome.ACCEPTED, "the message is accepted (CA)"),
    MessageCode.REJECTED: (Outcome.REJECTED, "the message is rejected (CR)"),
    None: (Outcome.UNKNOWN, "no code is stated for the message (CA or CR)"),
}


def conclude(answer: Acknowledgement) -> Conclusion:
    """Say what became of the batch and of each message that the answer names."""
    severity = Severity.ERROR if answer.code is TransmissionCode.REJECTED else Severity.WARNING
    findings = findings_in(answer.error, severity)
    some_rejected = any(each.code is MessageCode.REJECTED for each in answer.messages)
    all_warned = answer.code is TransmissionCode.ERROR and not some_rejected
    return Conclusion(
        outcome=_OF_BATCH[answer.code],
        findings=findings,
        messages=tuple(
            _concluded(told, answer.code, findings if all_warned else None) for told in _by_number(answer.messages)
        ),
    )


def outcome_of(number: str, answer: Acknowledgement) -> MessageOutcome | None:
    """Say what became of the message of this number (N.2.r.1, C.1.1); None: the answer doesn't tell.

    An answer that names no message answers for all of them only by AR: the receiver could not read that far.
    """
    concluded = conclude(answer)
    if any(each.message_number for each in concluded.messages) or answer.code is not TransmissionCode.REJECTED:
        return next((each for each in concluded.messages if each.message_number == number), None)
    return MessageOutcome(
        message_number=number,
        local_report_number=None,
        outcome=Outcome.REJECTED,
        why="the batch is rejected (AR) and no message is named",
        findings=(*concluded.findings, *(found for each in concluded.messages for found in each.findings)),
    )


def _by_number(messages: Sequence[MessageAcknowledgement]) -> list[list[MessageAcknowledgement]]:
    groups: dict[object, list[MessageAcknowledgement]] = {}
    for index, each in enumerate(messages):
        groups.setdefault(each.message_number or index, []).append(each)
    return list(groups.values())


def _concluded(
    told: list[MessageAcknowledgement], batch: TransmissionCode | None, to_all: tuple[Finding, ...] | None
) -> MessageOutcome:
    codes = {each.code for each in told}
    outcome, why = _verdict(codes, batch)
    severity = Severity.WARNING if outcome is Outcome.ACCEPTED else Severity.ERROR
    findings = tuple(dict.fromkeys(found for each in told for found in findings_in(each.comment, severity)))
    if outcome is Outcome.ACCEPTED and (findings or to_all is not None):
        outcome, findings = Outcome.WARNINGS, (*findings, *(to_all or ()))
    return MessageOutcome(
        message_number=told[0].message_number,
        local_report_number=next((each.local_report_number for each in told if each.local_report_number), None),
        outcome=outcome,
        why=why,
        findings=findings,
    )


def _verdict(codes: set[MessageCode | None], batch: TransmissionCode | None) -> tuple[Outcome, str]:
    if batch is TransmissionCode.REJECTED:
        but = ", though the message is accepted (CA)" if MessageCode.ACCEPTED in codes else ""
        return Outcome.REJECTED, f"the batch is rejected (AR){but}"
    if len(codes) > 1:
        return Outcome.UNKNOWN, "the message is told of twice, and not alike"
    return _OF_MESSAGE[codes.pop()]
