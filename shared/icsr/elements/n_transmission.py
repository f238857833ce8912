"""Every batch and every message in it says who sends what to whom, and when (guide v5.03, sections N.1 and N.2.r)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.icsr.declare import code, date, text
from shared.icsr.element import MANDATORY, Code, Date, Text
from shared.icsr.model.codes import CodeList
from shared.icsr.model.dates import Precision


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchHeader:
    """N.1: the wrapper of the whole file."""

    FIXED: ClassVar[tuple[str, ...]] = (
        "responseModeCode[@code=D]",
        "interactionId[@root=hl7-interaction][@extension=MCCI_IN200100UV01]",
    )

    message_type: Code = code(
        "N.1.1",
        "Type of messages in batch",
        "name[@codeSystem=ich:1.1]/@code",
        length=2,
        codes=CodeList("message types", {"1": "ichicsr"}),
        conformance=MANDATORY,
        default="1",
    )
    batch_number: Text = text("N.1.2", "Batch number", "id[@root=ich:3.22]/@extension", 100, MANDATORY)
    batch_sender: Text = text(
        "N.1.3", "Batch sender identifier", "sender/device/id[@root=ich:3.13]/@extension", 60, MANDATORY
    )
    batch_receiver: Text = text(
        "N.1.4", "Batch receiver identifier", "receiver/device/id[@root=ich:3.14]/@extension", 60, MANDATORY
    )
    transmission_date: Date = date(
        "N.1.5", "Date of batch transmission", "creationTime/@value", Precision.SECOND, MANDATORY
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageHeader:
    """N.2.r: the wrapper of one report."""

    FIXED: ClassVar[tuple[str, ...]] = (
        "interactionId[@root=hl7-interaction][@extension=PORR_IN049016UV]",
        "processingCode[@code=P]",
        "processingModeCode[@code=T]",
        "acceptAckCode[@code=AL]",
        "controlActProcess/code[@code=PORR_TE049016UV][@codeSystem=hl7-trigger]",
    )

    message_id: Text = text("N.2.r.1", "Message identifier", "id[@root=ich:3.1]/@extension", 100, MANDATORY)
    message_sender: Text = text(
        "N.2.r.2", "Message sender identifier", "sender/device/id[@root=ich:3.11]/@extension", 60, MANDATORY
    )
    message_receiver: Text = text(
        "N.2.r.3", "Message receiver identifier", "receiver/device/id[@root=ich:3.12]/@extension", 60, MANDATORY
    )
    message_date: Date = date("N.2.r.4", "Date of message creation", "creationTime/@value", Precision.SECOND, MANDATORY)
