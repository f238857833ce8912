"""Day zero is the day on which the minimum criteria reached the sponsor or anyone acting for it (GVP VI.B.7).

Due dates are calendar dates, computed by arithmetic that is shown in words; a weekend does not move them. Business
days are counted only where a rule says so: neither weekends nor the country's public holidays.
"""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from shared.contracts.report_received import Receipt

_ONE = timedelta(days=1)
_SATURDAY = 5


def awareness_date(receipt: Receipt) -> date:
    """Return the day on which this receipt made the facts known.

    The calendar date at the receiving site, or an earlier one that the partner stated; a stated instant counts with
    the earlier of its own and the site's calendar date, for converting zones never makes day zero later.
    """
    received = receipt.received_at.astimezone(ZoneInfo(receipt.zone)).date()
    return min([received, *_stated(receipt.first_aware_at, ZoneInfo(receipt.zone))])


def due_date(clock_start: date, days: int, holidays_of: str | None = None) -> date:
    """Return the last day on which the report is in time: the clock's start is day zero, not day one.

    With ``holidays_of`` (ISO 3166-1 alpha-2) business days of that country are counted, else calendar days.
    """
    if holidays_of is None:
        return clock_start + timedelta(days=days)
    day = clock_start
    for _ in range(days):
        day = _next_business_day(day, holidays_of)
    return day


def in_words(clock_start: date, days: int, holidays_of: str | None = None) -> str:
    """Show the arithmetic."""
    due = due_date(clock_start, days, holidays_of)
    if holidays_of is None:
        return f"day zero {clock_start} + {days} calendar days = {due}"
    passed = [day for day in _between(clock_start, due) if day.weekday() < _SATURDAY and day in _free(holidays_of)]
    without = "".join(f", without {day} ({_free(holidays_of)[day]})" for day in passed)
    return f"day zero {clock_start} + {days} business days{without} = {due}"


def _next_business_day(day: date, holidays_of: str) -> date:
    day += _ONE
    while day.weekday() >= _SATURDAY or day in _free(holidays_of):
        day += _ONE
    return day


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]


@cache
def _free(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def _stated(first_aware_at: str | None, site: ZoneInfo) -> list[date]:
    if first_aware_at is None:
        return []
    if len(first_aware_at) == len("2026-11-23"):
        return [date.fromisoformat(first_aware_at)]
    instant = datetime.fromisoformat(first_aware_at)
    return [instant.date(), instant.astimezone(site).date()] if instant.tzinfo else [instant.date()]
