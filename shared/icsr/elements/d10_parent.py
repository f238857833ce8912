"""In a parent-child or parent-foetus report the parent is described as the patient is (guide v5.03, section D.10)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.icsr.declare import code, date, flag, many, number, term, text
from shared.icsr.element import CONDITIONAL, Code, Date, Flag, Number, Term, Text
from shared.icsr.model.codes import AGE_UNITS, MEDDRA_CODE, MEDDRA_VERSION, SEXES, WHOLE_NUMBER

_AGE = "subjectOf2/observation[code=3@ich:1.19]/value[@xsi:type=PQ]"
_TERM = "code[@codeSystem=meddra]"
_PERIOD = "effectiveTime[@xsi:type=IVL_TS]"
_PRODUCT = "consumable/instanceOfKind/kindOfProduct"
_MPID = _PRODUCT + "/code[@codeSystem?=TBD-MPID]"
_PHPID = _PRODUCT + "/code[@codeSystem=TBD-PhPID]"
_TAKEN = "effectiveTime[@xsi:type=IVL_TS]"
_CODED = "outboundRelationship2[@typeCode={}]/observation[code={}@ich:1.19]/value[@xsi:type=CE][@codeSystem=meddra]"
_INDICATION = _CODED.format("RSON", 19)
_REACTION = _CODED.format("CAUS", 29)
_PRIVATE = "MSK UNK ASKU NASK"
_WITHHELD = "MSK ASKU NASK"


@dataclass(frozen=True, kw_only=True, slots=True)
class ParentHistoryItem:
    """D.10.7.1.r: one disease, procedure or other condition of the parent."""

    meddra_version: Text = text(
        "D.10.7.1.r.1a",
        "MedDRA version for medical history",
        _TERM + "/@codeSystemVersion",
        4,
        CONDITIONAL,
        pattern=MEDDRA_VERSION,
    )
    meddra_code: Code = code(
        "D.10.7.1.r.1b",
        "Medical history (disease / surgical procedure / etc.) (MedDRA code)",
        _TERM + "/@code",
        8,
        conformance=CONDITIONAL,
        pattern=MEDDRA_CODE,
    )
    start_date: Date = date("D.10.7.1.r.2", "Start date", _PERIOD + "/low/@value", nulls=_WITHHELD)
    continuing: Flag = flag(
        "D.10.7.1.r.3",
        "Continuing",
        "inboundRelationship[@typeCode=REFR]/observation[code=13@ich:1.19]/value[@xsi:type=BL]/@value",
        nulls=_PRIVATE,
    )
    end_date: Date = date("D.10.7.1.r.4", "End date", _PERIOD + "/high/@value", nulls=_WITHHELD)
    comments: Text = text(
        "D.10.7.1.r.5",
        "Comments",
        "outboundRelationship2[@typeCode=COMP]/observation[code=10@ich:1.19]/value[@xsi:type=ED]/text()",
        2000,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ParentPastDrug:
    """D.10.8.r: one drug the parent took before."""

    name: Text = text("D.10.8.r.1", "Name of drug as reported", _PRODUCT + "/name/text()", 250)
    mpid_version: Text = text("D.10.8.r.2a", "MPID version date / number", _MPID + "/@codeSystemVersion", 10)
    mpid: Term = term("D.10.8.r.2b", "Medicinal product identifier (MPID)", _MPID + "/@code", 1000)
    phpid_version: Text = text("D.10.8.r.3a", "PhPID version date / number", _PHPID + "/@codeSystemVersion", 10)
    phpid: Text = text("D.10.8.r.3b", "Pharmaceutical product identifier (PhPID)", _PHPID + "/@code", 250)
    start_date: Date = date("D.10.8.r.4", "Start date", _TAKEN + "/low/@value", nulls=_WITHHELD)
    end_date: Date = date("D.10.8.r.5", "End date", _TAKEN + "/high/@value", nulls=_WITHHELD)
    indication_version: Text = text(
        "D.10.8.r.6a",
        "MedDRA version for indication",
        _INDICATION + "/@codeSystemVersion",
        4,
        CONDITIONAL,
        pattern=MEDDRA_VERSION,
    )
    indication_code: Code = code(
        "D.10.8.r.6b",
        "Indication (MedDRA code)",
        _INDICATION + "/@code",
        8,
        conformance=CONDITIONAL,
        pattern=MEDDRA_CODE,
    )
    reaction_version: Text = text(
        "D.10.8.r.7a",
        "MedDRA version for reaction",
        _REACTION + "/@codeSystemVersion",
        4,
        CONDITIONAL,
        pattern=MEDDRA_VERSION,
    )
    reaction_code: Code = code(
        "D.10.8.r.7b", "Reactions (MedDRA code)", _REACTION + "/@code", 8, conformance=CONDITIONAL, pattern=MEDDRA_CODE
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Parent:
    """D.10: the parent who passed the drug on."""

    FIXED: ClassVar[tuple[str, ...]] = ("code[@code=PRN][@codeSystem=hl7-role]",)

    identification: Text = text("D.10.1", "Parent identification", "associatedPerson/name/text()", 60, nulls=_PRIVATE)
    birth_date: Date = date("D.10.2.1", "Date of birth of parent", "associatedPerson/birthTime/@value", nulls=_WITHHELD)
    age: Number = number("D.10.2.2a", "Age of parent (number)", _AGE + "/@value", 3, CONDITIONAL)
    age_unit: Text = text("D.10.2.2b", "Age of parent (unit)", _AGE + "/@unit", 50, CONDITIONAL, codes=AGE_UNITS)
    last_menstrual_period: Date = date(
        "D.10.3",
        "Last menstrual period date of parent",
        "subjectOf2/observation[code=22@ich:1.19]/value[@xsi:type=TS]/@value",
        nulls=_WITHHELD,
    )
    weight: Number = number(
        "D.10.4",
        "Body weight (kg) of parent",
        "subjectOf2/observation[code=7@ich:1.19]/value[@xsi:type=PQ][@unit=kg]/@value",
        6,
    )
    height: Number = number(
        "D.10.5",
        "Height (cm) of parent",
        "subjectOf2/observation[code=17@ich:1.19]/value[@xsi:type=PQ][@unit=cm]/@value",
        3,
        pattern=WHOLE_NUMBER,
    )
    sex: Code = code(
        "D.10.6",
        "Sex of parent",
        "associatedPerson/administrativeGenderCode[@codeSystem=sex]/@code",
        1,
        SEXES,
        nulls=_PRIVATE,
    )
    history: tuple[ParentHistoryItem, ...] = many(
        ParentHistoryItem,
        "D.10.7.1.r",
        "Structured information of parent",
        "subjectOf2/organizer[code=1@ich:1.20]/component[~observation/code/@codeSystem=meddra]*/observation",
    )
    history_narrative: Text = text(
        "D.10.7.2",
        "Text for relevant medical history and concurrent conditions of parent",
        "subjectOf2/organizer[code=1@ich:1.20]/component/observation[code=18@ich:1.19]/value[@xsi:type=ED]/text()",
        10000,
    )
    past_drugs: tuple[ParentPastDrug, ...] = many(
        ParentPastDrug,
        "D.10.8.r",
        "Relevant past drug history of parent",
        "subjectOf2/organizer[code=2@ich:1.20]/component*/substanceAdministration",
    )
