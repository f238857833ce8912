"""The narrative tells the whole course of the case as a stand-alone account (guide v5.03, section H)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, many, text
from shared.icsr.element import CONDITIONAL, REQUIRED, Code, Text
from shared.icsr.model.codes import LANGUAGES, MEDDRA_CODE, MEDDRA_VERSION

_COMMENT = (
    "component/adverseEventAssessment/component1"
    "/observationEvent[code=10@ich:1.19][author/assignedEntity/code={}@ich:1.21]/value[@xsi:type=ED]/text()"
)


_TERM = "value[@xsi:type=CE][@codeSystem=meddra]"


@dataclass(frozen=True, kw_only=True, slots=True)
class SenderDiagnosis:
    """H.3.r: a diagnosis in which the sender sums up or reclassifies reactions."""

    meddra_version: Text = text(
        "H.3.r.1a",
        "MedDRA version for sender's diagnosis / syndrome and / or reclassification of reaction / event",
        _TERM + "/@codeSystemVersion",
        4,
        CONDITIONAL,
        pattern=MEDDRA_VERSION,
    )
    meddra_code: Code = code(
        "H.3.r.1b",
        "Sender's diagnosis / syndrome and / or reclassification of reaction / event (MedDRA code)",
        _TERM + "/@code",
        8,
        conformance=CONDITIONAL,
        pattern=MEDDRA_CODE,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class NativeSummary:
    """H.5.r: the case in the language of those who reported it."""

    words: Text = text("H.5.r.1a", "Case summary and reporter's comments text", "value[@xsi:type=ED]/text()", 100000)
    language: Text = text(
        "H.5.r.1b",
        "Case summary and reporter's comments language",
        "value[@xsi:type=ED]/@language",
        3,
        CONDITIONAL,
        codes=LANGUAGES,
        letters=True,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrative:
    """H: the case in words."""

    case_narrative: Text = text(
        "H.1",
        "Case narrative including clinical course, therapeutic measures, outcome and additional relevant information",
        "text/text()",
        100000,
        REQUIRED,
    )
    reporter_comments: Text = text("H.2", "Reporter's comments", _COMMENT.format(3), 20000)
    sender_diagnoses: tuple[SenderDiagnosis, ...] = many(
        SenderDiagnosis,
        "H.3.r",
        "Sender's diagnosis",
        "component/adverseEventAssessment/component1*"
        "/observationEvent[code=15@ich:1.19][author/assignedEntity/code=1@ich:1.21]",
    )
    sender_comments: Text = text("H.4", "Sender's comments", _COMMENT.format(1), 20000)
    native_summaries: tuple[NativeSummary, ...] = many(
        NativeSummary,
        "H.5.r",
        "Case summary and reporter's comments in native language",
        "component*/observationEvent[code=36@ich:1.19][author/assignedEntity/code=2@ich:1.21]",
    )
