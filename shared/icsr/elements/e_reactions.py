"""Each reaction has its own term, seriousness, dates and outcome (guide v5.03, section E.i)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, date, flag, identity, number, text
from shared.icsr.element import CONDITIONAL, MANDATORY, Code, Date, Flag, Number, Text
from shared.icsr.model.codes import COUNTRIES, LANGUAGES, MEDDRA_CODE, MEDDRA_VERSION, TIME_UNITS, TRUE_ONLY, CodeList

_TERM = "value[@xsi:type=CE][@codeSystem=meddra]"
_FACT = "outboundRelationship2[@typeCode=PERT]/observation[code={}@ich:1.19]/value[@xsi:type={}]"
_CRITERION = _FACT.format("{}", "BL") + "/@value"
_PERIOD = "effectiveTime"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reaction:
    """E.i: one reaction or event; `id` is what drugs refer to it by (G.k.9.i.1)."""

    id: str | None = identity()

    reported_text: Text = text(
        "E.i.1.1a",
        "Reaction / event as reported by the primary source in native language",
        _TERM + "/originalText/text()",
        250,
    )
    reported_language: Text = text(
        "E.i.1.1b",
        "Reaction / event as reported by the primary source language",
        _TERM + "/originalText/@language",
        3,
        CONDITIONAL,
        codes=LANGUAGES,
        letters=True,
    )
    translated_text: Text = text(
        "E.i.1.2",
        "Reaction / event as reported by the primary source for translation",
        _FACT.format(30, "ED") + "/text()",
        250,
    )
    meddra_version: Text = text(
        "E.i.2.1a",
        "MedDRA version for reaction / event",
        _TERM + "/@codeSystemVersion",
        4,
        MANDATORY,
        pattern=MEDDRA_VERSION,
    )
    meddra_code: Code = code(
        "E.i.2.1b",
        "Reaction / event (MedDRA code)",
        _TERM + "/@code",
        8,
        conformance=MANDATORY,
        pattern=MEDDRA_CODE,
    )
    highlighted: Code = code(
        "E.i.3.1",
        "Term highlighted by the reporter",
        _FACT.format(37, "CE") + "[@codeSystem=ich:1.10]/@code",
        1,
        CodeList(
            "term highlighted by the reporter",
            {
                "1": "highlighted by the reporter, not serious",
                "2": "not highlighted by the reporter, not serious",
                "3": "highlighted by the reporter, serious",
                "4": "not highlighted by the reporter, serious",
            },
        ),
    )
    results_in_death: Flag = flag("E.i.3.2a", "Results in death", _CRITERION.format(34), MANDATORY, "NI", TRUE_ONLY)
    life_threatening: Flag = flag("E.i.3.2b", "Life threatening", _CRITERION.format(21), MANDATORY, "NI", TRUE_ONLY)
    hospitalisation: Flag = flag(
        "E.i.3.2c", "Caused / prolonged hospitalisation", _CRITERION.format(33), MANDATORY, "NI", TRUE_ONLY
    )
    disabling: Flag = flag("E.i.3.2d", "Disabling / incapacitating", _CRITERION.format(35), MANDATORY, "NI", TRUE_ONLY)
    congenital_anomaly: Flag = flag(
        "E.i.3.2e", "Congenital anomaly / birth defect", _CRITERION.format(12), MANDATORY, "NI", TRUE_ONLY
    )
    other_medically_important: Flag = flag(
        "E.i.3.2f", "Other medically important condition", _CRITERION.format(26), MANDATORY, "NI", TRUE_ONLY
    )
    fda_required_intervention: Flag = flag(
        "FDA.E.i.3.2h",
        "Required intervention",
        "outboundRelationship2[@typeCode=PERT]/observation[code=7@fda:2.1.3]/value[@xsi:type=BL]/@value",
        CONDITIONAL,
        "NI",
        TRUE_ONLY,
    )
    start_date: Date = date(
        "E.i.4", "Date of start of reaction / event", _PERIOD + "/low/@value", nulls="MSK ASKU NASK"
    )
    end_date: Date = date("E.i.5", "Date of end of reaction / event", _PERIOD + "/high/@value", nulls="MSK ASKU NASK")
    duration: Number = number(
        "E.i.6a", "Duration of reaction / event (number)", _PERIOD + "/width/@value", 5, CONDITIONAL
    )
    duration_unit: Text = text(
        "E.i.6b", "Duration of reaction / event (unit)", _PERIOD + "/width/@unit", 50, CONDITIONAL, codes=TIME_UNITS
    )
    outcome: Code = code(
        "E.i.7",
        "Outcome of reaction / event at the time of last observation",
        _FACT.format(27, "CE") + "[@codeSystem=ich:1.11]/@code",
        1,
        CodeList(
            "outcomes",
            {
                "1": "recovered/resolved",
                "2": "recovering/resolving",
                "3": "not recovered/not resolved/ongoing",
                "4": "recovered/resolved with sequelae",
                "5": "fatal",
                "0": "unknown",
            },
        ),
        MANDATORY,
    )
    medically_confirmed: Flag = flag("E.i.8", "Medical confirmation by healthcare professional", _CRITERION.format(24))
    country: Text = text(
        "E.i.9",
        "Identification of the country where the reaction / event occurred",
        "location/locatedEntity/locatedPlace/code[@codeSystem=country]/@code",
        2,
        codes=COUNTRIES,
        letters=True,
    )
