"""If the patient died, the report says when, of what, and whether there was an autopsy (guide v5.03, section D.9)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, date, flag, many, text
from shared.icsr.element import CONDITIONAL, Code, Date, Flag, Text
from shared.icsr.model.codes import MEDDRA_CODE, MEDDRA_VERSION

_AUTOPSY = "subjectOf2/observation[code=5@ich:1.19]"
_TERM = "value[@xsi:type=CE][@codeSystem=meddra]"


@dataclass(frozen=True, kw_only=True, slots=True)
class CauseOfDeath:
    """D.9.2.r: one cause of death, as reported."""

    meddra_version: Text = text(
        "D.9.2.r.1a",
        "MedDRA version for reported cause(s) of death",
        _TERM + "/@codeSystemVersion",
        4,
        CONDITIONAL,
        pattern=MEDDRA_VERSION,
    )
    meddra_code: Code = code(
        "D.9.2.r.1b",
        "Reported cause(s) of death (MedDRA code)",
        _TERM + "/@code",
        8,
        conformance=CONDITIONAL,
        pattern=MEDDRA_CODE,
    )
    words: Text = text("D.9.2.r.2", "Reported cause(s) of death (free text)", _TERM + "/originalText/text()", 250)


@dataclass(frozen=True, kw_only=True, slots=True)
class AutopsyFinding:
    """D.9.4.r: one cause of death, as the autopsy found it."""

    meddra_version: Text = text(
        "D.9.4.r.1a",
        "MedDRA version for autopsy-determined cause(s) of death",
        _TERM + "/@codeSystemVersion",
        4,
        CONDITIONAL,
        pattern=MEDDRA_VERSION,
    )
    meddra_code: Code = code(
        "D.9.4.r.1b",
        "Autopsy-determined cause(s) of death (MedDRA code)",
        _TERM + "/@code",
        8,
        conformance=CONDITIONAL,
        pattern=MEDDRA_CODE,
    )
    words: Text = text(
        "D.9.4.r.2",
        "Autopsy-determined cause(s) of death (free text)",
        _TERM + "/originalText/text()",
        250,
        CONDITIONAL,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Death:
    """D.9: in case of death."""

    death_date: Date = date("D.9.1", "Date of death", "player1/deceasedTime/@value", nulls="MSK ASKU NASK")
    causes: tuple[CauseOfDeath, ...] = many(
        CauseOfDeath, "D.9.2.r", "Reported cause(s) of death", "subjectOf2*/observation[code=32@ich:1.19]"
    )
    autopsy_done: Flag = flag(
        "D.9.3", "Was autopsy done?", _AUTOPSY + "/value[@xsi:type=BL]/@value", CONDITIONAL, "UNK ASKU NASK"
    )
    autopsy_findings: tuple[AutopsyFinding, ...] = many(
        AutopsyFinding,
        "D.9.4.r",
        "Autopsy-determined cause(s) of death",
        _AUTOPSY + "/outboundRelationship2[@typeCode=DRIV]*/observation[code=8@ich:1.19]",
    )
