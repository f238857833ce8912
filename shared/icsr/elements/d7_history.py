"""What the patient had or took before may explain the reaction (guide v5.03, section D.7)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, date, flag, many, text
from shared.icsr.element import CONDITIONAL, Code, Date, Flag, Text
from shared.icsr.model.codes import MEDDRA_CODE, MEDDRA_VERSION, TRUE_ONLY

_TERM = "code[@codeSystem=meddra]"
_PERIOD = "effectiveTime[@xsi:type=IVL_TS]"
_PRIVATE = "MSK UNK ASKU NASK"
_WITHHELD = "MSK ASKU NASK"


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryItem:
    """D.7.1.r: one disease, procedure or other condition."""

    meddra_version: Text = text(
        "D.7.1.r.1a",
        "MedDRA version for medical history",
        _TERM + "/@codeSystemVersion",
        4,
        CONDITIONAL,
        pattern=MEDDRA_VERSION,
    )
    meddra_code: Code = code(
        "D.7.1.r.1b",
        "Medical history (disease / surgical procedure / etc.) (MedDRA code)",
        _TERM + "/@code",
        8,
        conformance=CONDITIONAL,
        pattern=MEDDRA_CODE,
    )
    start_date: Date = date("D.7.1.r.2", "Start date", _PERIOD + "/low/@value", nulls=_WITHHELD)
    continuing: Flag = flag(
        "D.7.1.r.3",
        "Continuing",
        "inboundRelationship[@typeCode=REFR]/observation[code=13@ich:1.19]/value[@xsi:type=BL]/@value",
        nulls=_PRIVATE,
    )
    end_date: Date = date("D.7.1.r.4", "End date", _PERIOD + "/high/@value", nulls=_WITHHELD)
    comments: Text = text(
        "D.7.1.r.5",
        "Comments",
        "outboundRelationship2[@typeCode=COMP]/observation[code=10@ich:1.19]/value[@xsi:type=ED]/text()",
        2000,
    )
    family_history: Flag = flag(
        "D.7.1.r.6",
        "Family history",
        "outboundRelationship2[@typeCode=EXPL]/observation[code=38@ich:1.19]/value[@xsi:type=BL]/@value",
        codes=TRUE_ONLY,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class MedicalHistory:
    """D.7: relevant medical history and concurrent conditions."""

    items: tuple[HistoryItem, ...] = many(
        HistoryItem,
        "D.7.1.r",
        "Structured information on relevant medical history",
        "component[~observation/code/@codeSystem=meddra]*/observation",
    )
    narrative: Text = text(
        "D.7.2",
        "Text for relevant medical history and concurrent conditions (not including reaction / event)",
        "component/observation[code=18@ich:1.19]/value[@xsi:type=ED]/text()",
        10000,
        CONDITIONAL,
        _PRIVATE,
    )
    concomitant_therapies: Flag = flag(
        "D.7.3",
        "Concomitant therapies",
        "component/observation[code=11@ich:1.19]/value[@xsi:type=BL]/@value",
        codes=TRUE_ONLY,
    )
