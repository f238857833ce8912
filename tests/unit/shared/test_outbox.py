"""Pauses grow and end at ten minutes; what is confirmed is not published again."""

from datetime import timedelta

import pytest

from shared.outbox import LONGEST_PAUSE, pause


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 5), (1, 10), (2, 20), (6, 320), (7, 600), (1000, 600)])
def test_pauses_double_up_to_ten_minutes(attempts: int, seconds: int) -> None:
    assert pause(attempts, timedelta(seconds=5)) == timedelta(seconds=seconds)
    assert pause(attempts, timedelta(seconds=5)) <= LONGEST_PAUSE
