"""What the patient took before, and how it was borne, may explain the reaction (guide v5.03, section D.8.r)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, date, term, text
from shared.icsr.element import CONDITIONAL, Code, Date, Term, Text
from shared.icsr.model.codes import MEDDRA_CODE, MEDDRA_VERSION

_PRODUCT = "consumable/instanceOfKind/kindOfProduct"
_MPID = _PRODUCT + "/code[@codeSystem?=TBD-MPID]"
_PHPID = _PRODUCT + "/code[@codeSystem=TBD-PhPID]"
_TAKEN = "effectiveTime[@xsi:type=IVL_TS]"
_CODED = "outboundRelationship2[@typeCode={}]/observation[code={}@ich:1.19]/value[@xsi:type=CE][@codeSystem=meddra]"
_INDICATION = _CODED.format("RSON", 19)
_REACTION = _CODED.format("CAUS", 29)
_WITHHELD = "MSK ASKU NASK"


@dataclass(frozen=True, kw_only=True, slots=True)
class PastDrug:
    """D.8.r: one drug the patient took before."""

    name: Text = text("D.8.r.1", "Name of drug as reported", _PRODUCT + "/name/text()", 250, CONDITIONAL, "UNK NA")
    mpid_version: Text = text("D.8.r.2a", "MPID version date / number", _MPID + "/@codeSystemVersion", 10, CONDITIONAL)
    mpid: Term = term("D.8.r.2b", "Medicinal product identifier (MPID)", _MPID + "/@code", 1000, CONDITIONAL)
    phpid_version: Text = text(
        "D.8.r.3a", "PhPID version date / number", _PHPID + "/@codeSystemVersion", 10, CONDITIONAL
    )
    phpid: Text = text("D.8.r.3b", "Pharmaceutical product identifier (PhPID)", _PHPID + "/@code", 250, CONDITIONAL)
    start_date: Date = date("D.8.r.4", "Start date", _TAKEN + "/low/@value", nulls=_WITHHELD)
    end_date: Date = date("D.8.r.5", "End date", _TAKEN + "/high/@value", nulls=_WITHHELD)
    indication_version: Text = text(
        "D.8.r.6a",
        "MedDRA version for indication",
        _INDICATION + "/@codeSystemVersion",
        4,
        CONDITIONAL,
        pattern=MEDDRA_VERSION,
    )
    indication_code: Code = code(
        "D.8.r.6b",
        "Indication (MedDRA code)",
        _INDICATION + "/@code",
        8,
        conformance=CONDITIONAL,
        pattern=MEDDRA_CODE,
    )
    reaction_version: Text = text(
        "D.8.r.7a",
        "MedDRA version for reaction",
        _REACTION + "/@codeSystemVersion",
        4,
        CONDITIONAL,
        pattern=MEDDRA_VERSION,
    )
    reaction_code: Code = code(
        "D.8.r.7b", "Reaction (MedDRA code)", _REACTION + "/@code", 8, conformance=CONDITIONAL, pattern=MEDDRA_CODE
    )
