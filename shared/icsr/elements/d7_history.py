"""What the patient had or took before may explain the reaction (guide v5.03, section D.7)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.element import CONDITIONAL, Text, text


@dataclass(frozen=True, kw_only=True, slots=True)
class MedicalHistory:
    """D.7: relevant medical history and concurrent conditions."""

    narrative: Text = text(
        "D.7.2",
        "Text for relevant medical history and concurrent conditions (not including reaction / event)",
        "component/observation[code=18@ich:1.19]/value[@xsi:type=ED]/text()",
        10000,
        CONDITIONAL,
        "MSK UNK ASKU NASK",
    )
