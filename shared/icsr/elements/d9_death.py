"""If the patient died, the report says when, and whether there was an autopsy (guide v5.03, section D.9)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.element import CONDITIONAL, Date, Flag, date, flag


@dataclass(frozen=True, kw_only=True, slots=True)
class Death:
    """D.9: in case of death."""

    death_date: Date = date("D.9.1", "Date of death", "player1/deceasedTime/@value", nulls="MSK ASKU NASK")
    autopsy_done: Flag = flag(
        "D.9.3",
        "Was autopsy done?",
        "subjectOf2/observation[code=5@ich:1.19]/value[@xsi:type=BL]/@value",
        CONDITIONAL,
        "UNK ASKU NASK",
    )
