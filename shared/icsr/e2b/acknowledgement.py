"""The acknowledgement tells the sender whether to rest, to correct or to send again (guide v5.03, section 4).

What is written here is valid against the schema; `acknowledgement_reader` reads what others write.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from shared.icsr.e2b.place import oid
from shared.icsr.e2b.plan import root_attributes
from shared.icsr.e2b.writer import escape_attribute, escape_text
from shared.icsr.model.acknowledgement import Acknowledgement, MessageAcknowledgement
from shared.icsr.model.codes import NOT_XML
from shared.icsr.model.dates import TS

_ROOT = "MCCI_IN200101UV01"
_MESSAGE = "MCCI_IN000002UV01"


def write_acknowledgement(answer: Acknowledgement) -> bytes:
    """Write an acknowledgement as UTF-8 XML.

    Raises:
        ValueError: an element that section 4 requires has no value, or a text holds a character that XML can't carry;
            the message names it.
    """
    _require(answer)
    attributes = "".join(f' {name}="{value}"' for name, value in root_attributes(_ROOT).items())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<{_ROOT}{attributes}>",
        _id("3.20", answer.ack_batch_number),
        f'<creationTime value="{answer.date}"/>',
        '<responseModeCode code="D"/>',
        f'<interactionId root="{oid("hl7-interaction")}" extension="{_ROOT}"/>',
        *(line for message in answer.messages for line in _message_lines(message, answer.date)),
        *_device_lines("receiver", "RCV", "3.18", answer.receiver),
        *_device_lines("sender", "SND", "3.17", answer.sender),
        *_attention_lines("2", "II", f'root="{oid("ich:3.21")}" extension="{{}}"', answer.local_message_number),
        *_attention_lines("3", "TS", 'value="{}"', answer.batch_date),
        *_outcome_lines(answer.code, "targetBatch", _id("3.22", answer.batch_number), answer.error),
        f"</{_ROOT}>",
    ]
    written = "\n".join(lines) + "\n"
    if wrong := NOT_XML.search(written):
        raise ValueError(f"An acknowledgement can't carry the character U+{ord(wrong[0]):04X}; take it out.")
    return written.encode()


def _require(answer: Acknowledgement) -> None:
    wanted: list[tuple[str, object]] = [
        ("ACK.M.1 (batch number)", answer.ack_batch_number),
        ("ACK.M.2 (sender)", answer.sender),
        ("ACK.M.3 (receiver)", answer.receiver),
        ("ACK.M.4 (date)", answer.date),
        ("ACK.A.1 (ICSR batch number)", answer.batch_number),
        ("ACK.A.4 (transmission code)", answer.code),
    ]
    for message in answer.messages:
        wanted.append(("ACK.B.r.1 (ICSR message number)", message.message_number))
        wanted.append(("ACK.B.r.6 (message code)", message.code))
    missing = [name for name, value in wanted if value is None]
    if missing:
        raise ValueError(f"An acknowledgement needs {', '.join(missing)}.")


def _message_lines(message: MessageAcknowledgement, date: TS | None) -> Iterator[str]:
    yield f"<{_MESSAGE}>"
    yield _id("3.19", message.local_report_number)
    yield f'<creationTime value="{date}"/>'
    yield f'<interactionId root="{oid("hl7-interaction")}" extension="{_MESSAGE}"/>'
    yield '<processingCode code="P"/>'
    yield '<processingModeCode code="T"/>'
    yield '<acceptAckCode code="NE"/>'
    yield from _device_lines("receiver", "RCV", "3.16", message.receiver)
    yield from _device_lines("sender", "SND", "3.15", message.sender)
    yield from _attention_lines("1", "TS", 'value="{}"', message.message_date)
    yield from _outcome_lines(message.code, "targetMessage", _id("3.1", message.message_number), message.comment)
    yield f"</{_MESSAGE}>"


def _id(root: str, number: str | None) -> str:
    extension = 'nullFlavor="NI"' if number is None else f'extension="{escape_attribute(number)}"'
    return f'<id root="{oid("ich:" + root)}" {extension}/>'


def _device_lines(name: str, type_code: str, root: str, number: str | None) -> Iterator[str]:
    yield f'<{name} typeCode="{type_code}">'
    yield f'<device classCode="DEV" determinerCode="INSTANCE">{_id(root, number)}</device>'
    yield f"</{name}>"


def _attention_lines(code: str, kind: str, shape: str, value: str | TS | None) -> Iterator[str]:
    if value is not None:
        yield "<attentionLine>"
        yield f'<keyWordText code="{code}" codeSystem="{oid("ich:1.24")}"/>'
        yield f'<value xsi:type="{kind}" {shape.format(escape_attribute(str(value)))}/>'
        yield "</attentionLine>"


def _outcome_lines(code: Enum | None, target: str, number: str, text: str | None) -> Iterator[str]:
    yield f'<acknowledgement typeCode="{code.value if code else ""}">'
    yield f"<{target}>{number}</{target}>"
    if text:
        yield f"<acknowledgementDetail><text>{escape_text(text)}</text></acknowledgementDetail>"
    yield "</acknowledgement>"
