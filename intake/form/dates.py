"""A date is asked for as day, month and year, and is taken as precise as it is known (DOMAIN 4: none is completed)."""

import msgspec

from intake.domain.dates import span

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_LONGEST_MONTH = 31


class Wrong(msgspec.Struct, frozen=True):
    """What makes no sense as it was typed: which of the three inputs, and words behind the name of the date."""

    input: int  # 0 day, 1 month, 2 year
    words: str


def read(day: str, month: str, year: str) -> str | Wrong | None:
    """Return ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` of what was typed; None where nothing was."""
    if not (day or month or year):
        return None
    wrong = _missing(day, month, year) or _unreadable(day, month, year)
    if wrong:
        return wrong
    parts = [f"{int(year):04}"]
    parts += [f"{_month(month):02}"] if month else []
    parts += [f"{int(day):02}"] if day else []
    text = "-".join(parts)
    if span(text):
        return text
    if not span(parts[0]):
        return Wrong(2, "must have a year from 1800 to 2199")
    return Wrong(0, f"must be a real date: {MONTHS[_month(month) - 1]} {int(year)} has no day {int(day)}")


def words(text: str) -> str:
    """Say a date as it is read: ``2026-03`` is March 2026."""
    year, month, day = (*text.split("-"), "", "")[:3]
    return " ".join(part for part in (day.lstrip("0"), MONTHS[int(month) - 1] if month else "", year) if part)


def _missing(day: str, month: str, year: str) -> Wrong | None:
    if not year:
        return Wrong(2, "must have a year")
    if day and not month:
        return Wrong(1, "must have a month, or no day")
    return None


def _unreadable(day: str, month: str, year: str) -> Wrong | None:
    if day and not (_number(day) and 1 <= int(day) <= _LONGEST_MONTH):
        return Wrong(0, "must have a day from 1 to 31")
    if month and not _month(month):
        return Wrong(1, "must have a month as a number or a name, for example 3 or March")
    if not _number(year) or len(year) != len("2026"):
        return Wrong(2, "must have a year of four digits, for example 2026")
    return None


def _number(typed: str) -> bool:
    return typed.isdecimal() and len(typed) < 5


def _month(typed: str) -> int:
    """Return the number of a month; 0 for what is none. Three letters are enough."""
    if _number(typed):
        return int(typed) if 1 <= int(typed) <= len(MONTHS) else 0
    name = typed.rstrip(".").casefold()
    found = [number for number, month in enumerate(MONTHS, 1) if month.casefold().startswith(name)]
    return found[0] if len(found) == 1 and len(name) >= len("Jan") else 0
