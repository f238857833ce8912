"""A report is known by its sender's number, the case by one number for the whole world (guide v5.03, section C.1)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.icsr.declare import attachment, code, date, flag, many, text
from shared.icsr.element import CONDITIONAL, MANDATORY, Code, Date, File, Flag, Text
from shared.icsr.model.codes import SAFETY_REPORT_ID, TRUE_ONLY, CodeList
from shared.icsr.model.dates import Precision

_STATEMENT = "component/observationEvent[code={}@ich:1.19]/value[@xsi:type=BL]/@value"
_TRAIT = "subjectOf2/investigationCharacteristic[code={}@ich:1.23]/value[@xsi:type={}]"


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherCaseIdentifier:
    """C.1.9.1.r: a number under which the case was sent before."""

    source: Text = text(
        "C.1.9.1.r.1", "Source of the case identifier", "id[@root=ich:3.3]/@assigningAuthorityName", 100, CONDITIONAL
    )
    identifier: Text = text("C.1.9.1.r.2", "Case identifier", "id[@root=ich:3.3]/@extension", 100, CONDITIONAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldDocument:
    """C.1.6.1.r: a document that the sender holds, which may be in the message."""

    title: Text = text("C.1.6.1.r.1", "Documents held by sender", "title/text()", 2000, CONDITIONAL)
    included: File = attachment("C.1.6.1.r.2", "Included documents", "text/text()")


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkedReport:
    """C.1.10.r: a report that should be evaluated together with this one."""

    identifier: Text = text(
        "C.1.10.r",
        "Identification number of the report which is linked to this report",
        "relatedInvestigation/subjectOf2/controlActEvent/id[@root=ich:3.2]/@extension",
        100,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseIdentification:
    """C.1: what identifies the report and the case, and the dates that its clocks are read from."""

    FIXED: ClassVar[tuple[str, ...]] = ("code[@code=PAT_ADV_EVNT][@codeSystem=hl7-act]", "statusCode[@code=active]")

    safety_report_id: Text = text(
        "C.1.1",
        "Sender's (case) safety report unique identifier",
        "id[@root=ich:3.1]/@extension",
        100,
        MANDATORY,
        pattern=SAFETY_REPORT_ID,
    )
    creation_date: Date = date("C.1.2", "Date of creation", "../../effectiveTime/@value", Precision.SECOND, MANDATORY)
    report_type: Code = code(
        "C.1.3",
        "Type of report",
        _TRAIT.format(1, "CE") + "[@codeSystem=ich:1.2]/@code",
        1,
        CodeList(
            "types of report",
            {
                "1": "spontaneous report",
                "2": "report from study",
                "3": "other",
                "4": "not available to sender (unknown)",
            },
        ),
        MANDATORY,
    )
    first_received: Date = date(
        "C.1.4",
        "Date report was first received from source",
        "effectiveTime/low/@value",
        Precision.DAY,
        MANDATORY,
    )
    most_recent_information: Date = date(
        "C.1.5",
        "Date of most recent information for this report",
        "availabilityTime/@value",
        Precision.DAY,
        MANDATORY,
    )
    additional_documents: Flag = flag("C.1.6.1", "Are additional documents available?", _STATEMENT.format(1), MANDATORY)
    documents: tuple[HeldDocument, ...] = many(
        HeldDocument, "C.1.6.1.r", "Documents held by sender", "reference*/document[code=1@ich:1.27]"
    )
    expedited: Flag = flag(
        "C.1.7",
        "Does this case fulfil the local criteria for an expedited report?",
        _STATEMENT.format(23),
        MANDATORY,
        "NI",
    )
    worldwide_case_id: Text = text(
        "C.1.8.1", "Worldwide unique case identification number", "id[@root=ich:3.2]/@extension", 100, MANDATORY
    )
    first_sender: Code = code(
        "C.1.8.2",
        "First sender of this case",
        "outboundRelationship/relatedInvestigation[code=1@ich:1.22]"
        "/subjectOf2/controlActEvent/author/assignedEntity/code[@codeSystem=ich:1.3]/@code",
        1,
        CodeList("first senders", {"1": "regulator", "2": "other"}),
        MANDATORY,
    )
    has_other_identifiers: Flag = flag(
        "C.1.9.1",
        "Other case identifiers in previous transmissions",
        _TRAIT.format(2, "BL") + "/@value",
        MANDATORY,
        "NI",
        TRUE_ONLY,
    )
    other_identifiers: tuple[OtherCaseIdentifier, ...] = many(
        OtherCaseIdentifier, "C.1.9.1.r", "Source of the case identifier", "subjectOf1*/controlActEvent[~id]"
    )
    linked_reports: tuple[LinkedReport, ...] = many(
        LinkedReport,
        "C.1.10.r",
        "Identification number of the report which is linked to this report",
        "outboundRelationship[relatedInvestigation/code/@nullFlavor=NA]*",
    )
    nullification_or_amendment: Code = code(
        "C.1.11.1",
        "Report nullification / amendment",
        _TRAIT.format(3, "CE") + "[@codeSystem=ich:1.5]/@code",
        1,
        CodeList("nullification or amendment", {"1": "nullification", "2": "amendment"}),
    )
    nullification_or_amendment_reason: Text = text(
        "C.1.11.2",
        "Reason for nullification / amendment",
        _TRAIT.format(4, "CE") + "/originalText/text()",
        2000,
        CONDITIONAL,
    )
