"""How much of the drug was taken, when, by which route and from which batch (guide v5.03, section G.k.4.r)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import date, number, term, text
from shared.icsr.element import CONDITIONAL, Date, Number, Term, Text
from shared.icsr.model.codes import DOSE_UNITS, INTERVAL_UNITS, TIME_UNITS

_PERIOD = "effectiveTime"
_PRODUCT = "consumable/instanceOfKind"
_FORM = _PRODUCT + "/kindOfProduct/formCode[@codeSystem?=dose-form]"
_ROUTE = "routeCode[@codeSystem?=route]"
_PARENT_ROUTE = (
    "inboundRelationship[@typeCode=REFR]/observation[code=28@ich:1.19]/value[@xsi:type=CE][@codeSystem?=route]"
)
_UNKNOWN = "UNK ASKU NASK"


@dataclass(frozen=True, kw_only=True, slots=True)
class Dosage:
    """G.k.4.r: one dosage regimen."""

    dose: Number = number("G.k.4.r.1a", "Dose (number)", "doseQuantity/@value", 8)
    dose_unit: Text = text("G.k.4.r.1b", "Dose (unit)", "doseQuantity/@unit", 50, CONDITIONAL, codes=DOSE_UNITS)
    interval: Number = number(
        "G.k.4.r.2", "Number of units in the interval", _PERIOD + "/period/@value", 4, CONDITIONAL
    )
    interval_unit: Text = text(
        "G.k.4.r.3",
        "Definition of the time interval unit",
        _PERIOD + "/period/@unit",
        50,
        CONDITIONAL,
        codes=INTERVAL_UNITS,
    )
    start_date: Date = date(
        "G.k.4.r.4", "Date and time of start of drug", _PERIOD + "/low/@value", nulls="MSK ASKU NASK"
    )
    end_date: Date = date(
        "G.k.4.r.5", "Date and time of last administration", _PERIOD + "/high/@value", nulls="MSK ASKU NASK"
    )
    duration: Number = number(
        "G.k.4.r.6a", "Duration of drug administration (number)", _PERIOD + "/width/@value", 5, CONDITIONAL
    )
    duration_unit: Text = text(
        "G.k.4.r.6b",
        "Duration of drug administration (unit)",
        _PERIOD + "/width/@unit",
        50,
        CONDITIONAL,
        codes=TIME_UNITS,
    )
    batch_number: Text = text(
        "G.k.4.r.7",
        "Batch / lot number",
        _PRODUCT + "/productInstanceInstance/lotNumberText/text()",
        35,
    )
    dosage_text: Text = text("G.k.4.r.8", "Dosage text", "text/text()", 2000)
    form_text: Text = text(
        "G.k.4.r.9.1",
        "Pharmaceutical dose form (free text)",
        _FORM + "/originalText/text()",
        60,
        nulls=_UNKNOWN,
    )
    form_version: Text = text(
        "G.k.4.r.9.2a", "Pharmaceutical dose form TermID version date / number", _FORM + "/@codeSystemVersion", 10
    )
    form: Term = term("G.k.4.r.9.2b", "Pharmaceutical dose form TermID", _FORM + "/@code", 100)
    route_text: Text = text(
        "G.k.4.r.10.1", "Route of administration (free text)", _ROUTE + "/originalText/text()", 60, nulls=_UNKNOWN
    )
    route_version: Text = text(
        "G.k.4.r.10.2a", "Route of administration TermID version date / number", _ROUTE + "/@codeSystemVersion", 10
    )
    route: Term = term("G.k.4.r.10.2b", "Route of administration TermID", _ROUTE + "/@code", 100)
    parent_route_text: Text = text(
        "G.k.4.r.11.1",
        "Parent route of administration (free text)",
        _PARENT_ROUTE + "/originalText/text()",
        60,
        nulls=_UNKNOWN,
    )
    parent_route_version: Text = text(
        "G.k.4.r.11.2a",
        "Parent route of administration TermID version date / number",
        _PARENT_ROUTE + "/@codeSystemVersion",
        10,
    )
    parent_route: Term = term("G.k.4.r.11.2b", "Parent route of administration TermID", _PARENT_ROUTE + "/@code", 100)
