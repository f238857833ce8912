"""When a provider says that somebody signed in is believed within reason (ASVS 5.0: 6.8.4)."""

from datetime import UTC, datetime, timedelta

import pytest

from triage.ports import NotVouched
from triage.review.provider import signed_in_at

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("ago", [0, 1, 3600])
def test_asvs_6_8_4_an_instant_that_has_been_is_believed(ago: int) -> None:
    assert signed_in_at(int(NOW.timestamp()) - ago, NOW) == NOW - timedelta(seconds=ago)


def test_clocks_may_differ_a_little() -> None:
    assert signed_in_at(int(NOW.timestamp()) + 20, NOW) == NOW + timedelta(seconds=20)


def test_who_says_nothing_of_it_vouches_without_it() -> None:
    assert signed_in_at(None, NOW) is None


@pytest.mark.parametrize(
    "stated", [int(NOW.timestamp()) + 86400, 10**18, -(10**18), 0, -1, True, "1764000000", 1764000000.5, [], {}]
)
def test_asvs_6_8_4_what_is_no_instant_that_has_been_is_refused(stated: object) -> None:
    with pytest.raises(NotVouched):
        signed_in_at(stated, NOW)
