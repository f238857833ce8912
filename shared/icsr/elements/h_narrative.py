"""The narrative tells the whole course of the case as a stand-alone account (guide v5.03, section H)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.element import REQUIRED, Text, text

_COMMENT = (
    "component/adverseEventAssessment/component1"
    "/observationEvent[code=10@ich:1.19][author/assignedEntity/code={}@ich:1.21]/value[@xsi:type=ED]/text()"
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
    sender_comments: Text = text("H.4", "Sender's comments", _COMMENT.format(1), 20000)
