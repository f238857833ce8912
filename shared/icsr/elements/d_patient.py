"""The patient is described, not named, as far as privacy lets the sender (guide v5.03, sections D.1 to D.5)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.element import CONDITIONAL, REQUIRED, Code, Date, Number, Text, code, date, number, text
from shared.icsr.model.codes import AGE_UNITS, CodeList
from shared.icsr.model.dates import Precision

_AGE = "subjectOf2/observation[code=3@ich:1.19]/value[@xsi:type=PQ]"
_PRIVATE = "MSK UNK ASKU NASK"


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """D: who had the reaction."""

    initials: Text = text("D.1", "Patient (name or initials)", "player1/name/text()", 60, REQUIRED, _PRIVATE)
    birth_date: Date = date("D.2.1", "Date of birth", "player1/birthTime/@value", Precision.DAY, nulls="MSK")
    age: Number = number(
        "D.2.2a", "Age at time of onset of reaction / event (number)", _AGE + "/@value", 5, CONDITIONAL
    )
    age_unit: Text = text(
        "D.2.2b",
        "Age at time of onset of reaction / event (unit)",
        _AGE + "/@unit",
        50,
        CONDITIONAL,
        codes=AGE_UNITS,
    )
    age_group: Code = code(
        "D.2.3",
        "Patient age group (as per reporter)",
        "subjectOf2/observation[code=4@ich:1.19]/value[@xsi:type=CE][@codeSystem=ich:1.9]/@code",
        1,
        CodeList(
            "age groups",
            {
                "0": "foetus",
                "1": "neonate",
                "2": "infant",
                "3": "child",
                "4": "adolescent",
                "5": "adult",
                "6": "elderly",
            },
        ),
    )
    weight: Number = number(
        "D.3", "Body weight (kg)", "subjectOf2/observation[code=7@ich:1.19]/value[@xsi:type=PQ][@unit=kg]/@value", 6
    )
    height: Number = number(
        "D.4",
        "Height (cm)",
        "subjectOf2/observation[code=17@ich:1.19]/value[@xsi:type=PQ][@unit=cm]/@value",
        3,
        pattern=r"\d+",
    )
    sex: Code = code(
        "D.5",
        "Sex",
        "player1/administrativeGenderCode[@codeSystem=sex]/@code",
        1,
        CodeList("sexes", {"1": "male", "2": "female"}),
        nulls=_PRIVATE,
    )
