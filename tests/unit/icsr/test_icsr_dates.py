"""Dates keep what was reported and claim no more (guide v5.03, Appendix II)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.icsr.model.dates import TS, Precision

_ZONES = st.sampled_from(["", "+00", "-05", "+0530", "-1145", "+1400"])


@pytest.mark.parametrize(
    ("value", "precision", "offset"),
    [
        ("2026", Precision.YEAR, None),
        ("202602", Precision.MONTH, None),
        ("20260228", Precision.DAY, None),
        ("2026022823", Precision.HOUR, None),
        ("202602282359+09", Precision.MINUTE, timedelta(hours=9)),
        ("20260228235959-0330", Precision.SECOND, -timedelta(hours=3, minutes=30)),
        ("20260228235959.1234+0000", Precision.SECOND, timedelta(0)),
    ],
)
def test_precision_and_offset_are_those_stated(value: str, precision: Precision, offset: timedelta | None) -> None:
    assert TS(value).precision is precision
    assert TS(value).offset == offset
    assert str(TS(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        "",
        "26",
        "2026-02-28",
        "20260229",
        "20251399",
        "202602282",
        "20260228+0100",
        "2026022824",
        "20260228 ",
        "２０２６",
    ],
)
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"date|exist"):
        TS(value)


def test_a_date_without_offset_begins_where_the_day_begins_first() -> None:
    assert TS("20260402").earliest() == datetime(2026, 4, 1, 10, tzinfo=UTC)
    assert TS("20260402000000-0500").earliest() == datetime(2026, 4, 2, 5, tzinfo=UTC)


def test_only_what_is_later_everywhere_is_certainly_later() -> None:
    created = TS("20260401120000+0000")
    assert TS("20260402").reads_later_than(created)
    assert not TS("20260402").certainly_after(created)  # in Kiribati it is that day already
    assert TS("20260403").certainly_after(created)
    assert not TS("2026").reads_later_than(created)
    assert TS("20260403").certainly_after(TS("20260402"))


@given(st.datetimes().filter(lambda moment: moment.year > 999), st.integers(0, 5), _ZONES)
def test_every_partial_date_is_kept(moment: datetime, precision: int, zone: str) -> None:
    digits = moment.strftime("%Y%m%d%H%M%S")[: (4, 6, 8, 10, 12, 14)[precision]]
    stated = TS(digits + (zone if precision > 2 else ""))
    assert stated.precision == precision
    assert stated.digits == digits
