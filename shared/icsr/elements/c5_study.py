"""A report from a study names the study (guide v5.03, section C.5)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.element import CONDITIONAL, Code, Text, code, text
from shared.icsr.model.codes import CodeList


@dataclass(frozen=True, kw_only=True, slots=True)
class Study:
    """C.5: the study in which the reaction was observed."""

    name: Text = text("C.5.2", "Study name", "title/text()", 2000, nulls="ASKU NASK")
    sponsor_study_number: Text = text(
        "C.5.3", "Sponsor study number", "id[@root=ich:3.5]/@extension", 50, nulls="ASKU NASK"
    )
    study_type: Code = code(
        "C.5.4",
        "Study type where reaction(s) / event(s) were observed",
        "code[@codeSystem=ich:1.8]/@code",
        1,
        CodeList(
            "study types",
            {"1": "clinical trials", "2": "individual patient use", "3": "other studies"},
        ),
        CONDITIONAL,
    )
