"""The patient is described, not named, as far as privacy lets the sender (guide v5.03, sections D.1 to D.5)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, date, many, number, text
from shared.icsr.element import CONDITIONAL, REQUIRED, Code, Date, Number, Text
from shared.icsr.model.codes import AGE_UNITS, GESTATION_UNITS, SEXES, WHOLE_NUMBER, CodeList
from shared.icsr.model.dates import Precision

_AGE = "subjectOf2/observation[code=3@ich:1.19]/value[@xsi:type=PQ]"
_GESTATION = "subjectOf2/observation[code=16@ich:1.19]/value[@xsi:type=PQ]"
_RECORD = "player1/asIdentifiedEntity[code={}@ich:1.4]/id[@root=ich:3.{}]/@extension"
_RECORD_NAME = "Patient medical record number(s) and source(s) of the record number ({})"
_PRIVATE = "MSK UNK ASKU NASK"


@dataclass(frozen=True, kw_only=True, slots=True)
class Race:
    """FDA.D.11.r: a race the patient says to belong to."""

    code: Code = text(
        "FDA.D.11.r.1",
        "Patient race code",
        "value[@xsi:type=CE][@codeSystem==ncit]/@code",
        10,
        CONDITIONAL,
        "MSK UNK NA OTH",
        CodeList(
            "FDA races",
            {
                "C16352": "African American",
                "C41259": "American Indian or Alaska Native",
                "C41260": "Asian",
                "C41219": "Native Hawaiian or other Pacific Islander",
                "C41261": "White",
            },
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """D: who had the reaction."""

    initials: Text = text("D.1", "Patient (name or initials)", "player1/name/text()", 60, REQUIRED, _PRIVATE)
    gp_record_number: Text = text(
        "D.1.1.1", _RECORD_NAME.format("GP medical record number"), _RECORD.format(1, 7), 20, nulls="MSK"
    )
    specialist_record_number: Text = text(
        "D.1.1.2", _RECORD_NAME.format("specialist record number"), _RECORD.format(2, 8), 20, nulls="MSK"
    )
    hospital_record_number: Text = text(
        "D.1.1.3", _RECORD_NAME.format("hospital record number"), _RECORD.format(3, 9), 20, nulls="MSK"
    )
    investigation_number: Text = text(
        "D.1.1.4", _RECORD_NAME.format("investigation number"), _RECORD.format(4, 10), 20, nulls="MSK"
    )
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
    gestation: Number = number(
        "D.2.2.1a",
        "Gestation period when reaction / event was observed in the foetus (number)",
        _GESTATION + "/@value",
        3,
        CONDITIONAL,
    )
    gestation_unit: Text = text(
        "D.2.2.1b",
        "Gestation period when reaction / event was observed in the foetus (unit)",
        _GESTATION + "/@unit",
        50,
        CONDITIONAL,
        codes=GESTATION_UNITS,
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
        pattern=WHOLE_NUMBER,
    )
    sex: Code = code(
        "D.5",
        "Sex",
        "player1/administrativeGenderCode[@codeSystem=sex]/@code",
        1,
        SEXES,
        nulls=_PRIVATE,
    )
    last_menstrual_period: Date = date(
        "D.6",
        "Last menstrual period date",
        "subjectOf2/observation[code=22@ich:1.19]/value[@xsi:type=TS]/@value",
        nulls="MSK",
    )
    fda_races: tuple[Race, ...] = many(Race, "FDA.D.11.r", "Patient race", "subjectOf2*/observation[code=C17049@ncit]")
    fda_ethnicity: Code = text(
        "FDA.D.12",
        "Patient ethnicity code",
        "subjectOf2/observation[code=C16564@ncit]/value[@xsi:type=CE][@codeSystem==ncit]/@code",
        10,
        CONDITIONAL,
        "NI MSK UNK NA",
        CodeList("FDA ethnicities", {"C17459": "Hispanic or Latino", "C41222": "not Hispanic or Latino"}),
    )
