"""Tests and procedures tell what was looked for, and found (guide v5.03, section F.r)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, date, flag, number, text
from shared.icsr.element import CONDITIONAL, Code, Date, Flag, Number, Text
from shared.icsr.model.codes import MEDDRA_CODE, MEDDRA_VERSION, CodeList

_TERM = "code[@codeSystem=meddra]"
_RESULT = "value[@xsi:type=IVL_PQ]"
_VALUE = "Test result (value / qualifier)"
_UNIT = "Test result (unit)"
_LIMIT = "referenceRange[@typeCode=REFV]/observationRange[interpretationCode={}@hl7-interpretation]/value[@xsi:type=PQ]"
_SAID = "outboundRelationship2[@typeCode={}]/observation[code={}@ich:1.19]/value[@xsi:type={}]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Test:
    """F.r: one test or procedure, with its result.

    F.r.3.2 is a number (`result`), or open to one side: `result_above` 10 with `result_below` PINF says "more than 10",
    and "10 or more" if `result_above_inclusive` is true.
    """

    __test__ = False  # pytest takes classes of this name for its own

    test_date: Date = date("F.r.1", "Test date", "effectiveTime/@value", conformance=CONDITIONAL, nulls="UNK")
    name: Text = text("F.r.2.1", "Test name (free text)", _TERM + "/originalText/text()", 250)
    meddra_version: Text = text(
        "F.r.2.2a",
        "MedDRA version for test name",
        _TERM + "/@codeSystemVersion",
        4,
        CONDITIONAL,
        pattern=MEDDRA_VERSION,
    )
    meddra_code: Code = code(
        "F.r.2.2b", "Test name (MedDRA code)", _TERM + "/@code", 8, conformance=CONDITIONAL, pattern=MEDDRA_CODE
    )
    result_code: Code = code(
        "F.r.3.1",
        "Test result (code)",
        "interpretationCode[@codeSystem=ich:1.12]/@code",
        1,
        CodeList("test results", {"1": "positive", "2": "negative", "3": "borderline", "4": "inconclusive"}),
        CONDITIONAL,
    )
    result: Number = number("F.r.3.2", _VALUE, _RESULT + "/center/@value", 50, CONDITIONAL, "NINF PINF")
    result_unit: Text = text("F.r.3.3", _UNIT, _RESULT + "/center/@unit", 50, CONDITIONAL)
    result_above: Number = number(
        "F.r.3.2", _VALUE, _RESULT + "/low/@value", 50, CONDITIONAL, "NINF PINF", part="lower end"
    )
    result_above_unit: Text = text("F.r.3.3", _UNIT, _RESULT + "/low/@unit", 50, CONDITIONAL, part="lower end")
    result_above_inclusive: Flag = flag(
        "F.r.3.2", _VALUE, _RESULT + "/low/@inclusive", CONDITIONAL, part="whether the lower end is included"
    )
    result_below: Number = number(
        "F.r.3.2", _VALUE, _RESULT + "/high/@value", 50, CONDITIONAL, "NINF PINF", part="upper end"
    )
    result_below_unit: Text = text("F.r.3.3", _UNIT, _RESULT + "/high/@unit", 50, CONDITIONAL, part="upper end")
    result_below_inclusive: Flag = flag(
        "F.r.3.2", _VALUE, _RESULT + "/high/@inclusive", CONDITIONAL, part="whether the upper end is included"
    )
    result_text: Text = text(
        "F.r.3.4", "Result unstructured data (free text)", "value[@xsi:type=ED]/text()", 2000, CONDITIONAL
    )
    normal_low: Number = number("F.r.4", "Normal low value", _LIMIT.format("L") + "/@value", 50)
    normal_low_unit: Text = text("F.r.4", "Normal low value", _LIMIT.format("L") + "/@unit", 50, part="unit")
    normal_high: Number = number("F.r.5", "Normal high value", _LIMIT.format("H") + "/@value", 50)
    normal_high_unit: Text = text("F.r.5", "Normal high value", _LIMIT.format("H") + "/@unit", 50, part="unit")
    comments: Text = text("F.r.6", "Comments (free text)", _SAID.format("PERT", 10, "ED") + "/text()", 2000)
    more_available: Flag = flag("F.r.7", "More information available", _SAID.format("REFR", 25, "BL") + "/@value")
