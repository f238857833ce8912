"""Every batch is answered: for itself, and for each message in it (ICH E2B(R3) guide v5.03, section 4).

What holds anything clinical is accepted (CA); the batch's code is AE as soon as anything in it needs action, and AR
where nothing of it could be taken.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from intake.domain.icsr.asked import has_errors
from shared.icsr.model.acknowledgement import Acknowledgement, MessageAcknowledgement, MessageCode, TransmissionCode
from shared.icsr.model.dates import TS
from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.message import Batch
from shared.icsr.rules.answering import answer_batch

NOT_STATED = "not stated"  # where the schema wants a number that the sender did not give
_COMMENT = 250  # ACK.B.r.7


def refused_message(number: str | None, words: str) -> MessageAcknowledgement:
    """Answer a message that could not be taken."""
    return MessageAcknowledgement(message_number=number, code=MessageCode.REJECTED, comment=words[:_COMMENT])


def answered(
    wrapper: Batch,
    messages: Sequence[MessageAcknowledgement],
    issues: Sequence[Issue],
    needs_action: bool,
    file_id: str,
    at: datetime,
) -> Acknowledgement:
    """Answer the batch; ``needs_action``: something is wrong with a message, accepted or not."""
    date = TS(at.strftime("%Y%m%d%H%M%S%z"))
    found = answer_batch(wrapper, messages, issues, number=f"ACK-{file_id}", date=date)
    return replace(
        found,
        sender=found.sender or NOT_STATED,
        receiver=found.receiver or NOT_STATED,
        batch_number=found.batch_number or NOT_STATED,
        code=_code(messages, needs_action or has_errors(issues), found.code),
    )


def other_file(batch_number: str) -> Issue:
    """Tell that the number of the batch was used before, for other bytes (N.1.2)."""
    words = f"Another file came before with the same N.1.2 {batch_number[:100]!r}; both are kept."
    return Issue(Severity.WARNING, "DZ.N.1.2.used", "", "batch_number", words, "Give each batch a number of its own.")


def nameless(number: int, words: str) -> Issue:
    """Tell of a message that was refused, and that no acknowledgement of its own can name."""
    return Issue(Severity.ERROR, "DZ.message", "", f"messages[{number - 1}]", f"Message {number}: {words}", "")


def no_message() -> Issue:
    """Tell that a batch is empty."""
    return Issue(Severity.ERROR, "DZ.empty", "", "messages", "The batch holds no message.", "Send it with its reports.")


def _code(
    messages: Sequence[MessageAcknowledgement], needs_action: bool, found: TransmissionCode | None
) -> TransmissionCode | None:
    if not any(each.code is MessageCode.ACCEPTED for each in messages):
        return TransmissionCode.REJECTED
    return TransmissionCode.ERROR if needs_action else found
