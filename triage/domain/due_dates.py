"""Day zero is the day on which the minimum criteria reached the sponsor or anyone acting for it (GVP VI.B.7).

Due dates are calendar dates, computed by arithmetic that is shown in words; a weekend does not move them.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.contracts.report_received import Receipt


def awareness_date(receipt: Receipt) -> date:
    """Return the day on which this receipt made the facts known.

    The calendar date at the receiving site, or an earlier one that the partner stated; a stated instant counts with
    the earlier of its own and the site's calendar date, for converting zones never makes day zero later.
    """
    received = receipt.received_at.astimezone(ZoneInfo(receipt.zone)).date()
    return min([received, *_stated(receipt.first_aware_at, ZoneInfo(receipt.zone))])


def due_date(clock_start: date, days: int) -> date:
    """Return the last calendar day on which the report is in time: the clock's start is day zero, not day one."""
    return clock_start + timedelta(days=days)


def in_words(clock_start: date, days: int) -> str:
    """Show the arithmetic."""
    return f"day zero {clock_start} + {days} calendar days = {due_date(clock_start, days)}"


def _stated(first_aware_at: str | None, site: ZoneInfo) -> list[date]:
    if first_aware_at is None:
        return []
    if len(first_aware_at) == len("2026-11-23"):
        return [date.fromisoformat(first_aware_at)]
    instant = datetime.fromisoformat(first_aware_at)
    return [instant.date(), instant.astimezone(site).date()] if instant.tzinfo else [instant.date()]
