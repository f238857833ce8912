"""Every batch received is answered, for itself and for each message in it (guide v5.03, section 4.1).

A message that holds anything clinical is taken (CA), and what is wrong with it is told as warnings in ACK.B.r.7; only
an empty one is rejected (CR), unless the receiver is strict and rejects whatever breaks a rule.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.icsr.model.acknowledgement import (
    Acknowledgement,
    MessageAcknowledgement,
    MessageCode,
    TransmissionCode,
)
from shared.icsr.model.dates import TS
from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.message import Batch, Message
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.rules.walk import Members, occurrences

_CLINICAL = ("D.", "E.", "F.", "G.", "H.")
_LONGEST = 250  # ACK.A.5 and ACK.B.r.7
_EMPTY = "The message holds no patient, reaction, drug or narrative."


def answer_message(message: Message, issues: Sequence[Issue], *, strict: bool = False) -> MessageAcknowledgement:
    """Answer one message, of which `issues` were found; its number is N.2.r.1, else C.1.1."""
    told = [issue.message for issue in issues] if _says_anything_clinical(message) else [_EMPTY]
    rejected = told == [_EMPTY] or (strict and any(issue.severity is Severity.ERROR for issue in issues))
    return MessageAcknowledgement(
        message_number=_stated(message.message_id) or _stated(message.report.identification.safety_report_id),
        receiver=_stated(message.message_sender),
        sender=_stated(message.message_receiver),
        message_date=message.message_date if isinstance(message.message_date, TS) else None,
        code=MessageCode.REJECTED if rejected else MessageCode.ACCEPTED,
        comment=_numbered(told),
    )


def answer_batch(
    wrapper: Batch, messages: Sequence[MessageAcknowledgement], issues: Sequence[Issue], *, number: str, date: TS
) -> Acknowledgement:
    """Answer a batch whose messages are answered; `number` is ours (ACK.M.1), `date` now (ACK.M.4).

    The batch's error (ACK.A.5) tells the `issues` of the wrapper, and how many messages have no number, for an answer
    can't name those.
    """
    named = tuple(each for each in messages if each.message_number)
    nameless = len(messages) - len(named)
    nobody = [f"{_messages(nameless)} no number (N.2.r.1)."] if nameless else []
    whole = not nameless and all(each.code is MessageCode.ACCEPTED for each in named)
    return Acknowledgement(
        ack_batch_number=number,
        sender=_stated(wrapper.batch_receiver),
        receiver=_stated(wrapper.batch_sender),
        date=date,
        batch_number=_stated(wrapper.batch_number),
        batch_date=wrapper.transmission_date if isinstance(wrapper.transmission_date, TS) else None,
        code=TransmissionCode.ACCEPTED if whole else TransmissionCode.ERROR,
        error=_numbered([*nobody, *(issue.message for issue in issues)]),
        messages=named,
    )


def _messages(number: int) -> str:
    return "1 message has" if number == 1 else f"{number} messages have"


def _says_anything_clinical(message: Message) -> bool:
    return any(
        not isinstance(found, Members)
        and found.element.id.startswith(_CLINICAL)
        and found.value is not None
        and not isinstance(found.value, NullFlavor)
        for found in occurrences(message)
    )


def _numbered(told: Sequence[str]) -> str | None:
    """One line for each, as many as have room; the last says how many have not."""
    text = ""
    for index, words in enumerate(told, start=1):
        line = f"{index}: {words}\n"
        more = f"and {len(told) - index + 1} more"
        if len(text + line) + len(more) > _LONGEST:
            return text + (more if text else line[:_LONGEST])
        text += line
    return text.rstrip() or None


def _stated(value: object) -> str | None:
    return value if isinstance(value, str) else None
