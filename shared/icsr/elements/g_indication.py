"""Why the drug was taken, in the reporter's words and in MedDRA's (guide v5.03, section G.k.7.r)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.icsr.declare import code, text
from shared.icsr.element import CONDITIONAL, Code, Text
from shared.icsr.model.codes import MEDDRA_CODE, MEDDRA_VERSION

_TERM = "value[@xsi:type=CE][@codeSystem=meddra]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Indication:
    """G.k.7.r: one indication for use in the case."""

    FIXED: ClassVar[tuple[str, ...]] = ("performer/assignedEntity/code[@code=3][@codeSystem=ich:1.21]",)

    reported_text: Text = text(
        "G.k.7.r.1",
        "Indication as reported by the primary source",
        _TERM + "/originalText/text()",
        250,
        nulls="UNK ASKU NASK",
    )
    meddra_version: Text = text(
        "G.k.7.r.2a",
        "MedDRA version for indication",
        _TERM + "/@codeSystemVersion",
        4,
        CONDITIONAL,
        pattern=MEDDRA_VERSION,
    )
    meddra_code: Code = code(
        "G.k.7.r.2b",
        "Indication (MedDRA code)",
        _TERM + "/@code",
        8,
        conformance=CONDITIONAL,
        pattern=MEDDRA_CODE,
    )
