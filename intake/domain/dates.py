"""Dates keep the precision they were reported with: ``2026``, ``2026-03``, ``2026-03-09``; none is completed."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from intake.domain.findings import Read, refused

_DAY = timedelta(days=1)
_PARTIAL = re.compile("([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_FULL = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_YEARS = range(1800, 2200)  # outside, a date is a slip of the pen and an instant may not fit another zone


class Span(NamedTuple):
    """The days that a date of some precision may mean."""

    first: date
    last: date


@lru_cache(maxsize=4096)  # the same few dates come again and again, each asked for several times a report
def span(text: str) -> Span | None:
    """Return the days that ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` may mean; None for what is no calendar date."""
    match = _PARTIAL.fullmatch(text)
    if match is None or int(match[1]) not in _YEARS:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        return _span(year or 0, month, day)
    except ValueError:
        return None


def _span(year: int, month: int | None, day: int | None) -> Span:
    if month is None:
        return Span(date(year, 1, 1), date(year, 12, 31))
    if day is None:
        after = date(year + month // 12, month % 12 + 1, 1)
        return Span(date(year, month, 1), after - _DAY)
    return Span(date(year, month, day), date(year, month, day))


def partial_date(value: object) -> Read[str]:
    """Read a calendar date of any of the three precisions."""
    if isinstance(value, str) and span(value):
        return value, ()
    return refused("date", "Write a real calendar date as YYYY-MM-DD, or as YYYY-MM or YYYY if no more is known.")


def full_date(value: object) -> Read[str]:
    """Read a calendar date to the day."""
    if isinstance(value, str) and _FULL.fullmatch(value) and span(value):
        return value, ()
    return refused("full-date", "Write a real calendar date to the day: YYYY-MM-DD.")


def date_or_instant(value: object) -> Read[str]:
    """Read a calendar date to the day or an RFC 3339 instant with its offset."""
    if isinstance(value, str) and ((_FULL.fullmatch(value) and span(value)) or instant(value)):
        return value, ()
    return refused("date-or-instant", "Write YYYY-MM-DD, or an instant with its offset: 2026-03-09T14:05:00+01:00.")


def instant(text: str) -> datetime | None:
    """Return an RFC 3339 instant; None for anything else."""
    if not _INSTANT.fullmatch(text) or int(text[:4]) not in _YEARS:
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def surely_before(earlier: str | None, later: str | None) -> bool:
    """Say whether one date lies before the other whatever days they mean; unknown dates never do."""
    first, second = span(earlier or ""), span(later or "")
    return bool(first and second and first.last < second.first)


def after_receipt(stated: str, received: datetime) -> bool:
    """Say whether a stated date or instant lies after the receipt, given in the receiving site's zone."""
    moment = instant(stated)
    if moment is not None:
        return moment > received
    return date.fromisoformat(stated) > received.date()
