"""``dayzero.case.opened.v1``: triage to intake. The report has become a version of a case."""

from enum import StrEnum

import msgspec


class Opening(StrEnum):
    """How the report met its case."""

    OPENED = "opened"
    FOLLOW_UP = "follow_up"


class CaseOpened(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to ``report.received``."""

    report_id: str
    case_id: str
    version: int
    opening: Opening
    valid: bool
