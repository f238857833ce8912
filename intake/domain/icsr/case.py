"""One message of E2B(R3) becomes a sender, its dates and the content of a case, with what is to be asked about it.

C.1.8.1 and C.1.8.2 are kept as received, and so is every number under which the case was sent before (DOMAIN 14); what
a case has no field for stays in the report as received.
"""

from datetime import datetime
from typing import TypeVar

import msgspec

from intake.domain.dates import after_receipt
from intake.domain.findings import Finding, Located
from intake.domain.icsr import codes
from intake.domain.icsr.drugs import drug
from intake.domain.icsr.judgements import judged
from intake.domain.icsr.people import parent, patient, reporter
from intake.domain.icsr.reactions import reaction
from intake.domain.icsr.said import Said
from shared.contracts.clinical import CaseContent, CaseIdentifier, Study
from shared.contracts.code_lists import SenderType
from shared.contracts.report_received import Sender
from shared.icsr.model.message import Message

S = TypeVar("S", bound=msgspec.Struct)

# Who may act for the sponsor, so that its awareness is the sponsor's; authorities, reporters and centres never do.
_MAY_ACT_FOR_SPONSOR = (SenderType.PHARMACEUTICAL_COMPANY, SenderType.OTHER)

_LATE = Finding("first-aware-after-receipt", "This lies after the receipt, which therefore counts; please check it.")
_AWARE = Finding(
    "first-aware-by-partner",
    "The clock runs from this date, as if the sender acts for the sponsor; if it does not, a person must say so.",
)
_CHANGES = {
    "1": Finding(
        "nullification",
        "The sender nullifies this case. Nothing was deleted and no clock was stopped; a person must decide on it.",
    ),
    "2": Finding("amendment", "The sender amends this case without news from a source; a person must compare it."),
}
_ODD_CHANGE = Finding("nullification-or-amendment", "Please say whether this nullifies (1) or amends (2) the case.")


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a message tells; ``found`` lies at paths of the JSON form of the message."""

    sender: Sender
    first_aware_at: str | None
    latest_information_on: str | None
    content: CaseContent
    found: list[Located]


def told_by(message: Message, received: datetime) -> Told:
    """Read a message. ``received`` is in the receiving site's zone."""
    found: list[Located] = []
    header = Said(message, (), found)
    report = header.below("report")
    case = report.below("identification")
    sender = _sender(header, report.below("sender"), case)
    _change(case)
    return Told(
        sender=sender,
        first_aware_at=_first_aware(case, sender, received),
        latest_information_on=case.full_day("most_recent_information"),
        content=_content(report, case),
        found=found,
    )


def _content(report: Said, case: Said) -> CaseContent:
    words = report.below("narrative")
    who = patient(report.below("patient"), report.below("medical_history"), report.below("death"))
    reactions = tuple(map(reaction, report.each("reactions")))
    drugs = [(said, drug(said)) for said in report.each("drugs")]
    return CaseContent(
        report_type=case.coded("report_type", codes.REPORT_TYPE),
        patient=_unless_empty(who),
        reporters=tuple(map(reporter, report.each("primary_sources"))),
        reactions=judged(drugs, reactions),
        drugs=tuple(told for _, told in drugs),
        study=_unless_empty(_study(report.below("study"))),
        parent=_unless_empty(parent(report.below("parent"))),
        literature=tuple(filter(None, (each.text("citation", 500) for each in report.each("literature")))),
        linked_cases=tuple(filter(None, (each.identifier("identifier", 100) for each in case.each("linked_reports")))),
        narrative=words.text("case_narrative", 100000),
        reporter_comments=words.text("reporter_comments", 20000),
        sender_comments=words.text("sender_comments", 20000),
        worldwide_case_id=case.identifier("worldwide_case_id", 100),
        first_sender=case.coded("first_sender", codes.FIRST_SENDER),
        other_case_ids=tuple(filter(None, map(_other_id, case.each("other_identifiers")))),
    )


def _sender(header: Said, sender: Said, case: Said) -> Sender:
    """Return who sends, and under which number: C.1.1, to which N.2.r.1 is equal where both are told."""
    return Sender(
        organisation=sender.text("organisation", 100) or header.text("message_sender", 60),
        type=sender.coded("sender_type", codes.SENDER_TYPE),
        case_id=case.identifier("safety_report_id", 100) or header.identifier("message_id", 100),
    )


def _first_aware(case: Said, sender: Sender, received: datetime) -> str | None:
    """Return the day on which the sender first had the report, where that may be the sponsor's day zero (DOMAIN 5)."""
    stated = case.moment("first_received")
    if stated is None or sender.type not in _MAY_ACT_FOR_SPONSOR:
        return None
    if after_receipt(stated, received):
        case.note("first_received", _LATE)
        return None
    if stated[: len("2026-03-09")] < received.date().isoformat():
        case.note("first_received", _AWARE)
    return stated


def _change(case: Said) -> None:
    field = "nullification_or_amendment"
    if case.is_stated(field):
        code = case.identifier(field, 100)
        case.note(field, _CHANGES.get(code or "", _ODD_CHANGE))


def _study(said: Said) -> Study:
    return Study(
        name=said.text("name", 2000),
        number=said.identifier("sponsor_study_number", 50),
        type=said.coded("study_type", codes.STUDY_TYPE),
        registrations=tuple(filter(None, (each.identifier("number", 50) for each in said.each("registrations")))),
        ind_number=said.identifier("fda_ind_number", 10),
    )


def _other_id(said: Said) -> CaseIdentifier | None:
    source, identifier = said.text("source", 100), said.identifier("identifier", 100)
    return CaseIdentifier(source=source, identifier=identifier) if source and identifier else None


def _unless_empty(part: S) -> S | None:
    return part if any(getattr(part, name) not in (None, ()) for name in part.__struct_fields__) else None
