"""An answer is an answer whatever its form (guide v5.03, section 4; R2: ICH M2's ichicsrack 1.1): read by local names.

Authorities' answers leave out required elements, send empty ids, state no namespace, and write far more than 250
characters. Of several ids the one with the guide's root is taken; if there is only one, that one. R2's names and codes
become those of R3, as ICH's mapping has them; an R2 file may state its DOCTYPE, which is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
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

# What may stand in an answer, in small letters: also what is not read since it says nothing of the outcome.
_OF_R3, _OF_R3_ANSWER, _OF_R2 = (
    frozenset(names.split())
    for names in (
        "realmcode typeid templateid id creationtime securitytext versioncode responsemodecode interactionid profileid"
        " processingcode processingmodecode acceptackcode sequencenumber receiver respondto sender attentionline"
        " acknowledgement",
        "realmcode typeid templateid targetbatch targetmessage acknowledgementdetail",
        "ichicsrmessageheader messagetype messageformatversion messageformatrelease messagenumb messagesenderidentifier"
        " messagereceiveridentifier messagedateformat messagedate acknowledgment messageacknowledgment icsrmessagenumb"
        " localmessagenumb icsrmessagesenderidentifier icsrmessagereceiveridentifier icsrmessagedateformat"
        " icsrmessagedate transmissionacknowledgmentcode parsingerrormessage reportacknowledgment safetyreportid"
        " safetyreportversion localreportnumb authoritynumb companynumb receiptdateformat receiptdate"
        " reportacknowledgmentcode errormessagecomment",
    )
)

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
    _list_strange(root, _OF_R3, unread)
    answers = _below(root, "acknowledgement")
    return Acknowledgement(
        ack_batch_number=_number(_below(root, "id"), "3.20"),
        sender=_number(_below(root, "sender/device/id"), "3.17"),
        receiver=_number(_below(root, "receiver/device/id"), "3.18"),
        date=_date(_attribute(_below(root, "creationTime"), "value"), unread),
        batch_number=_first(_number(_below(each, "targetBatch/id"), "3.22") for each in answers),
        local_message_number=_number(_attention(root, "extension"), "3.21"),
        batch_date=_date(_attribute(_attention(root, "value"), "value"), unread),
        code=_worst([_r3_code(each) for each in answers], unread),
        error=_joined(comment for each in answers if (comment := _r3_comment(each, unread))),
        messages=tuple(
            message
            for each in root
            if local_name(each).startswith(_R3_MESSAGE)
            for message in _r3_messages(each, unread)
        ),
        unread=tuple(unread),
    )


def _r3_messages(element: etree._Element, unread: list[str]) -> list[MessageAcknowledgement]:
    """Read what is said of a message: once for each answer in it, so that one is never lost behind another."""
    _list_strange(element, _OF_R3, unread)
    own = MessageAcknowledgement(
        local_report_number=_number(_below(element, "id"), "3.19"),
        receiver=_number(_below(element, "receiver/device/id"), "3.16"),
        sender=_number(_below(element, "sender/device/id"), "3.15"),
        message_date=_date(_attribute(_attention(element, "value"), "value"), unread),
    )
    answers = _below(element, "acknowledgement")
    numbers = [_number(_below(each, "targetMessage/id"), "3.1") for each in answers]
    stated = _first(numbers)
    return [
        replace(
            own,
            message_number=number or stated,
            code=_understood(_r3_code(each), MessageCode, unread),
            comment=_r3_comment(each, unread),
        )
        for each, number in zip(answers, numbers, strict=True)
    ] or [own]


def _r2(root: etree._Element, unread: list[str]) -> Acknowledgement:
    for each in root.iter():
        _list_strange(each, _OF_R2, unread)
    header, batch = "ichicsrmessageheader/", "acknowledgment/messageacknowledgment/"
    return Acknowledgement(
        ack_batch_number=_text(root, header + "messagenumb", unread),
        sender=_text(root, header + "messagesenderidentifier", unread),
        receiver=_text(root, header + "messagereceiveridentifier", unread),
        date=_date(_text(root, header + "messagedate", unread), unread),
        batch_number=_text(root, batch + "icsrmessagenumb", unread),
        local_message_number=_text(root, batch + "localmessagenumb", unread),
        batch_date=_date(_text(root, batch + "icsrmessagedate", unread), unread),
        code=_worst(_r2_codes(root, batch + "transmissionacknowledgmentcode", _R2_TRANSMISSION), unread),
        error=_joined(_texts(root, batch + "parsingerrormessage")),
        messages=tuple(
            message
            for each in _below(root, "acknowledgment/reportacknowledgment")
            for message in _r2_messages(each, unread)
        ),
        unread=tuple(unread),
        release=Release.R2,
    )


def _r2_messages(element: etree._Element, unread: list[str]) -> list[MessageAcknowledgement]:
    own = MessageAcknowledgement(
        message_number=_text(element, "safetyreportid", unread),
        local_report_number=_text(element, "localreportnumb", unread),
        message_date=_date(_text(element, "receiptdate", unread), unread),
        comment=_joined(_texts(element, "errormessagecomment")),
    )
    codes = _r2_codes(element, "reportacknowledgmentcode", _R2_REPORT)
    return [replace(own, code=_understood(each, MessageCode, unread)) for each in codes] or [own]


def _list_strange(element: etree._Element, known: frozenset[str], unread: list[str]) -> None:
    names = dict.fromkeys(local_name(each) for each in element)
    strange = [name for name in names if name.lower() not in known and not name.startswith(_R3_MESSAGE)]
    unread += [f"{local_name(element)}: {name} is no element of an acknowledgement" for name in strange]


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


def _texts(element: etree._Element, path: str) -> list[str]:
    """Return the texts there that differ."""
    texts = ("".join(map(str, each.itertext())).strip() for each in _below(element, path))
    return list(dict.fromkeys(text for text in texts if text))


def _text(element: etree._Element, path: str, unread: list[str]) -> str | None:
    texts = _texts(element, path)
    unread += [f"{path.rpartition('/')[2]} is stated again: {text}" for text in texts[1:]]
    return _first(texts)


def _first(stated: Iterable[str | None]) -> str | None:
    return next(filter(None, stated), None)


def _joined(texts: Iterable[str]) -> str | None:
    return "\n".join(texts) or None


def _r3_code(answer: etree._Element) -> str | None:
    stated = _attribute([answer], "typeCode")
    return stated.upper() if stated else None


def _r3_comment(answer: etree._Element, unread: list[str]) -> str | None:
    _list_strange(answer, _OF_R3_ANSWER, unread)
    texts = ("".join(map(str, each.itertext())) for each in _below(answer, "acknowledgementDetail/text"))
    return _joined(text for text in texts if text.strip())


def _r2_codes(element: etree._Element, path: str, codes: dict[str, str]) -> list[str]:
    return [codes.get(each.lstrip("0"), each) for each in _texts(element, path)]


def _worst(stated: Sequence[str | None], unread: list[str]) -> TransmissionCode | None:
    """What the batch was told; of several codes that differ the worst, for whoever is told "rejected" looks."""
    codes = [code for each in dict.fromkeys(stated) if (code := _understood(each, TransmissionCode, unread))]
    if len(codes) > 1:
        unread.append(f"the batch is told of twice, and not alike: {', '.join(code.value for code in codes)}")
    return max(codes, key=list(TransmissionCode).index, default=None)


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
