"""What is not expedited is collected for the periodic report: each quarter for three years, then each year.

21 CFR 314.80(c)(2)(i) and 600.80(c)(2)(i): a quarterly report is due within 30 days of the close of its quarter, an
annual one within 60 days of the anniversary of the approval.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec
from msgspec import UNSET

from triage.domain.case import Case
from triage.domain.decision import Decision, Period
from triage.domain.registry import Authorisation, Sponsor
from triage.domain.rulebook import Kind

_QUARTERLY_YEARS = 3
_QUARTER, _YEAR = 3, 12  # months
_DUE_AFTER = {_QUARTER: 30, _YEAR: 60}  # days
_NAMES = {_QUARTER: "quarterly", _YEAR: "annual"}


def with_period(decision: Decision, day: date, sponsor: Sponsor) -> Decision:
    """Say which periodic report collects a case that became known on a day, where its authorisation has a date."""
    if decision.kind is not Kind.PERIODIC:
        return decision
    named = decision.facts.get("authorisation")
    held = (a for product in sponsor.products for a in product.authorisations)
    authorisation = next((a for a in held if f"{a.country} {a.number}" == named), None)
    if authorisation is None or authorisation.valid_from is None or day < authorisation.valid_from:
        return decision
    return msgspec.structs.replace(decision, period=period_of(authorisation, authorisation.valid_from, day))


def collected(cases: Iterable[Case]) -> dict[tuple[str, Period], list[str]]:
    """Return the ids of the cases that each periodic report collects, by destination and period, the soonest due first.

    A case that is expedited now has left its period: it was sent by itself.
    """
    found: dict[tuple[str, Period], list[str]] = {}
    for case in cases:
        for decision in case.decisions:
            if decision.kind is Kind.PERIODIC and decision.period is not UNSET:
                found.setdefault((decision.destination, decision.period), []).append(case.id)
    return dict(sorted(found.items(), key=lambda each: (each[0][1].due, each[0][0])))


def period_of(authorisation: Authorisation, approved: date, day: date) -> Period:
    """Return the period of the approval's calendar that holds a day."""
    months = _QUARTER if day < _after(approved, _QUARTERLY_YEARS * _YEAR) else _YEAR
    passed = (day.year - approved.year) * _YEAR + day.month - approved.month
    count = passed // months + 1
    while _after(approved, count * months) > day:
        count -= 1
    first, following = _after(approved, count * months), _after(approved, (count + 1) * months)
    return Period(
        name=_NAMES[months],
        authorisation=f"{authorisation.country} {authorisation.number}",
        first=first,
        last=following - timedelta(days=1),
        due=following - timedelta(days=1) + timedelta(days=_DUE_AFTER[months]),
    )


def _after(start: date, months: int) -> date:
    """Return the same day so many months later; where that month has none, the first of the next."""
    year, month = divmod(start.year * _YEAR + start.month - 1 + months, _YEAR)
    try:
        return start.replace(year=year, month=month + 1)
    except ValueError:
        return _first_of_next(year, month + 1)


def _first_of_next(year: int, month: int) -> date:
    return date(year + month // _YEAR, month % _YEAR + 1, 1)
