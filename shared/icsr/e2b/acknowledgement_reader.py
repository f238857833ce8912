"""An answer is an answer whatever its form (guide v5.03, section 4; R2: ICH M2's ichicsrack 1.1): read by local names.

Authorities' answers leave out required elements, send empty ids, state no namespace, and write far more than 250
characters. Of several ids the one with the guide's root is taken; if there is only one, that one. R2's names and codes
become those of R3, as ICH's mapping has them; an R2 file may state its DOCTYPE, which is passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lxml import etree

from shared.icsr.e2b.parser import MAX_BYTES, UnreadableMessage, local_name, parse
from shared.icsr.e2b.place import oid
from shared.icsr.model.acknowledgement import (
    Acknowledgement,
    MessageAcknowledgement,
    MessageCode,
    Release,
    TransmissionCode,
)
from shared.icsr.model.dates import TS

_R3, _R3_MESSAGE, _R2 = "MCCI_IN200101UV", "MCCI_IN000002UV", "ichicsrack"
_R2_TRANSMISSION = {
    "1": TransmissionCode.ACCEPTED.value,
    "2": TransmissionCode.ERROR.value,
    "3": TransmissionCode.REJECTED.value,
}
_R2_REPORT = {"1": MessageCode.ACCEPTED.value, "2": MessageCode.REJECTED.value}

Wanted = TypeVar("Wanted")


def read_acknowledgement(xml: bytes, limit: int = MAX_BYTES) -> Acknowledgement:
    """Read an acknowledgement of R3 or R2, valid or not.

    Raises:
        RefusedXml: the file is hostile or larger than `limit` bytes.
        UnreadableMessage: the file is no XML, or no acknowledgement.
    """
    root = parse(xml, limit, doctype=_R2)
    name = local_name(root)
    if name.startswith(_R3):
        return _r3(root, [])
    if name.lower() == _R2:
        return _r2(root, [])
    raise UnreadableMessage(f"The file is a {name!r}, not an acknowledgement ({_R3}01 of R3, {_R2} of R2).")


def _r3(root: etree._Element, unread: list[str]) -> Acknowledgement:
    return Acknowledgement(
        ack_batch_number=_number(_below(root, "id"), "3.20"),
        sender=_number(_below(root, "sender/device/id"), "3.17"),
        receiver=_number(_below(root, "receiver/device/id"), "3.18"),
        date=_date(_attribute(_below(root, "creationTime"), "value"), unread),
        batch_number=_number(_below(root, "acknowledgement/targetBatch/id"), "3.22"),
        local_message_number=_number(_attention(root, "extension"), "3.21"),
        batch_date=_date(_attribute(_attention(root, "value"), "value"), unread),
        code=_understood(_r3_code(root), TransmissionCode, unread),
        error=_r3_comment(root),
        messages=tuple(_r3_message(each, unread) for each in root if local_name(each).startswith(_R3_MESSAGE)),
        unread=tuple(unread),
    )


def _r3_message(element: etree._Element, unread: list[str]) -> MessageAcknowledgement:
    return MessageAcknowledgement(
        message_number=_number(_below(element, "acknowledgement/targetMessage/id"), "3.1"),
        local_report_number=_number(_below(element, "id"), "3.19"),
        receiver=_number(_below(element, "receiver/device/id"), "3.16"),
        sender=_number(_below(element, "sender/device/id"), "3.15"),
        message_date=_date(_attribute(_attention(element, "value"), "value"), unread),
        code=_understood(_r3_code(element), MessageCode, unread),
        comment=_r3_comment(element),
    )


def _r2(root: etree._Element, unread: list[str]) -> Acknowledgement:
    header, batch = "ichicsrmessageheader/", "acknowledgment/messageacknowledgment/"
    return Acknowledgement(
        ack_batch_number=_text(root, header + "messagenumb"),
        sender=_text(root, header + "messagesenderidentifier"),
        receiver=_text(root, header + "messagereceiveridentifier"),
        date=_date(_text(root, header + "messagedate"), unread),
        batch_number=_text(root, batch + "icsrmessagenumb"),
        local_message_number=_text(root, batch + "localmessagenumb"),
        batch_date=_date(_text(root, batch + "icsrmessagedate"), unread),
        code=_r2_code(
            _text(root, batch + "transmissionacknowledgmentcode"), _R2_TRANSMISSION, TransmissionCode, unread
        ),
        error=_text(root, batch + "parsingerrormessage"),
        messages=tuple(_r2_message(each, unread) for each in _below(root, "acknowledgment/reportacknowledgment")),
        unread=tuple(unread),
        release=Release.R2,
    )


def _r2_message(element: etree._Element, unread: list[str]) -> MessageAcknowledgement:
    return MessageAcknowledgement(
        message_number=_text(element, "safetyreportid"),
        local_report_number=_text(element, "localreportnumb"),
        message_date=_date(_text(element, "receiptdate"), unread),
        code=_r2_code(_text(element, "reportacknowledgmentcode"), _R2_REPORT, MessageCode, unread),
        comment=_text(element, "errormessagecomment"),
    )


def _below(element: etree._Element, path: str) -> list[etree._Element]:
    found = [element]
    for name in path.split("/"):
        found = [child for each in found for child in each if local_name(child).lower() == name.lower()]
    return found


def _attention(element: etree._Element, attribute: str) -> list[etree._Element]:
    # By what its value holds: the codes of the attention lines changed between the draft and the final guide.
    return [each for each in _below(element, "attentionLine/value") if attribute in each.attrib]


def _number(found: list[etree._Element], root: str) -> str | None:
    by_root = [each for each in found if each.get("root") == oid("ich:" + root)]
    return _attribute(by_root or (found if len(found) == 1 else []), "extension")


def _attribute(found: list[etree._Element], name: str) -> str | None:
    return next((stated for each in found if (stated := str(each.get(name) or "").strip())), None)


def _text(element: etree._Element, path: str) -> str | None:
    return next((text for each in _below(element, path) if (text := "".join(map(str, each.itertext())).strip())), None)


def _r3_code(element: etree._Element) -> str | None:
    stated = _attribute(_below(element, "acknowledgement"), "typeCode")
    return stated.upper() if stated else None


def _r3_comment(element: etree._Element) -> str | None:
    texts = (
        "".join(map(str, each.itertext())) for each in _below(element, "acknowledgement/acknowledgementDetail/text")
    )
    return "\n".join(text for text in texts if text.strip()) or None


def _r2_code(
    stated: str | None, codes: dict[str, str], kind: Callable[[str], Wanted], unread: list[str]
) -> Wanted | None:
    return _understood(codes.get((stated or "").lstrip("0"), stated), kind, unread)


def _date(stated: str | None, unread: list[str]) -> TS | None:
    return _understood(stated, TS, unread)


def _understood(stated: str | None, kind: Callable[[str], Wanted], unread: list[str]) -> Wanted | None:
    if not stated:
        return None
    try:
        return kind(stated)
    except ValueError as wrong:
        unread.append(str(wrong))
        return None
