"""How much of the drug was taken, when, by which route and from which batch (guide v5.03, section G.k.4.r)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.element import CONDITIONAL, Date, Number, Text, date, number, text
from shared.icsr.model.codes import DOSE_UNITS

_PERIOD = "effectiveTime/comp[@xsi:type=IVL_TS][@operator=A]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Dosage:
    """G.k.4.r: one dosage regimen."""

    dose: Number = number("G.k.4.r.1a", "Dose (number)", "doseQuantity/@value", 8)
    dose_unit: Text = text("G.k.4.r.1b", "Dose (unit)", "doseQuantity/@unit", 50, CONDITIONAL, codes=DOSE_UNITS)
    start_date: Date = date(
        "G.k.4.r.4", "Date and time of start of drug", _PERIOD + "/low/@value", nulls="MSK ASKU NASK"
    )
    end_date: Date = date(
        "G.k.4.r.5", "Date and time of last administration", _PERIOD + "/high/@value", nulls="MSK ASKU NASK"
    )
    batch_number: Text = text(
        "G.k.4.r.7",
        "Batch / lot number",
        "consumable/instanceOfKind/productInstanceInstance/lotNumberText/text()",
        35,
    )
    dosage_text: Text = text("G.k.4.r.8", "Dosage text", "text/text()", 2000)
    route_text: Text = text(
        "G.k.4.r.10.1",
        "Route of administration (free text)",
        "routeCode/originalText/text()",
        60,
        nulls="UNK ASKU NASK",
    )
