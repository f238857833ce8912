"""``dayzero.report.parked.v1``: triage to intake. The report or refusal waits for a person, who can see it."""

import msgspec


class ReportParked(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a refusal, or to a report that could not be processed."""

    parked_id: str
    reason: str
