"""FDA asks for elements of its own, identified by FDA.* (FDA regional implementation guide, section on C.1).

FDA's element list gives a place for FDA.C.1.7.1 that none of FDA's own sample files uses; the samples' place, an
observation C54588 beside the one for C.1.7, is the one its system accepts and the one declared here.
"""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import flag, text
from shared.icsr.element import CONDITIONAL, MANDATORY, Code, Flag
from shared.icsr.model.codes import CodeList


@dataclass(frozen=True, kw_only=True, slots=True)
class FdaReport:
    """FDA.C.1: what FDA asks of a report beyond ICH."""

    local_criteria_report_type: Code = text(
        "FDA.C.1.7.1",
        "Local criteria report type",
        "component/observationEvent[code=C54588@ncit]/value[@xsi:type=CE][@codeSystem=fda:2.1.1.1]/@code",
        1,
        MANDATORY,
        codes=CodeList(
            "FDA local criteria report types",
            {"1": "15-day", "2": "non-expedited adverse event", "4": "5-day", "5": "30-day", "6": "7-day"},
        ),
    )
    combination_product: Flag = flag(
        "FDA.C.1.12",
        "Combination product report indicator",
        "component/observationEvent[code=C156384@ncit]/value[@xsi:type=BL]/@value",
        CONDITIONAL,
        "NI",
    )
