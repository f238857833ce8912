"""PADER quarters for three years, then years; periods and due dates typed by hand (21 CFR 314.80(c)(2)(i))."""

from datetime import date

import pytest
from msgspec import UNSET

from tests.unit.triage.rules.test_reference_cases import decide
from triage.domain.decision import Period
from triage.domain.periods import period_of
from triage.domain.registry import Authorisation


@pytest.mark.parametrize(
    ("approved", "day", "name", "first", "last", "due"),
    [
        ("2025-03-10", "2025-03-10", "quarterly", "2025-03-10", "2025-06-09", "2025-07-09"),
        ("2025-03-10", "2025-06-09", "quarterly", "2025-03-10", "2025-06-09", "2025-07-09"),
        ("2025-03-10", "2025-06-10", "quarterly", "2025-06-10", "2025-09-09", "2025-10-09"),
        ("2025-03-10", "2028-03-09", "quarterly", "2027-12-10", "2028-03-09", "2028-04-08"),
        ("2025-03-10", "2028-03-10", "annual", "2028-03-10", "2029-03-09", "2029-05-08"),
        ("2015-03-01", "2026-11-23", "annual", "2026-03-01", "2027-02-28", "2027-04-29"),
        ("2024-02-29", "2025-02-28", "quarterly", "2024-11-29", "2025-02-28", "2025-03-30"),
        ("2024-02-29", "2025-03-01", "quarterly", "2025-03-01", "2025-05-28", "2025-06-27"),
        ("2024-11-30", "2025-03-01", "quarterly", "2025-03-01", "2025-05-29", "2025-06-28"),
    ],
)
def test_the_period_that_holds_a_day(approved: str, day: str, name: str, first: str, last: str, due: str) -> None:
    held = Authorisation(country="US", number="1", type="NDA", holder="H")
    found = period_of(held, date.fromisoformat(approved), date.fromisoformat(day))
    expected = Period(
        name=name,
        authorisation="US 1",
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        due=date.fromisoformat(due),
    )
    assert found == expected


def test_a_periodic_decision_says_which_report_collects_it() -> None:
    decision = decide("fda_postmarketing", "serious=no country=US")
    assert decision.period
    assert (decision.period.name, decision.period.authorisation) == ("annual", "US US-NDA")
    assert decide("fda_postmarketing", "country=US").period is UNSET  # it goes by itself
