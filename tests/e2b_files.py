"""Files of E2B(R3) messages for tests, by our own writer: any number, with an attachment, in parts a draft's."""

from base64 import b64encode
from dataclasses import replace

from shared.icsr.e2b.writer import write_batch
from shared.icsr.elements.c1_identification import CaseIdentification, HeldDocument
from shared.icsr.model.message import Message, SafetyReport
from shared.icsr.model.values import Attachment
from tests.golden.icsr.models import minimal

_OBSERVATIONS = b'codeSystem="2.16.840.1.113883.3.989.2.1.1.19"'
_OF_A_DRAFT = b'codeSystem="ich-observation-code-oid"'
_MESSAGE_ENDS = b"</PORR_IN049016UV>"


def message(name: str, **case: object) -> Message:
    """Return a message of a case of its own; ``case`` changes what identifies it (C.1)."""
    (like,) = minimal().messages
    identification = replace(like.report.identification, safety_report_id=name, worldwide_case_id=name)
    return replace(like, message_id=name, report=_with(like.report, replace(identification, **case)))  # type: ignore[arg-type]


def empty(name: str) -> Message:
    """Return a message that tells of a sender and nothing clinical."""
    (like,) = minimal().messages
    report = SafetyReport(
        identification=replace(like.report.identification, safety_report_id=name), sender=like.report.sender
    )
    return replace(like, message_id=name, report=report)


def attached(name: str, size: int) -> Message:
    """Return a message with a document of ``size`` bytes."""
    document = Attachment(media_type="application/pdf", representation="B64", content=b64encode(b"%" * size).decode())
    held = HeldDocument(title="Discharge letter", included=document)
    return message(name, additional_documents=True, documents=(held,))


def batch(*messages: Message | str, number: str = "B-1") -> bytes:
    """Return a file of messages; a name stands for a message of that case."""
    told = tuple(message(each) if isinstance(each, str) else each for each in messages)
    return write_batch(replace(minimal(), batch_number=number, messages=told))


def with_draft(file: bytes, *places: int) -> bytes:
    """Return a file whose messages at these places (from 1) name their codes as a draft of the guide did."""
    parts = file.split(_MESSAGE_ENDS)
    for place in places:
        parts[place - 1] = parts[place - 1].replace(_OBSERVATIONS, _OF_A_DRAFT)
    return _MESSAGE_ENDS.join(parts)


def without_messages(number: str = "B-0") -> bytes:
    """Return a wrapper around nothing."""
    return write_batch(replace(minimal(), batch_number=number, messages=()))


def _with(report: SafetyReport, identification: CaseIdentification) -> SafetyReport:
    return replace(report, identification=identification)
