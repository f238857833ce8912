"""Seriousness cues on data that they were not tuned on: the flags hidden, sensitivity and specificity counted."""

import pytest

from tests.reference import cues
from triage.domain.cues import Raising
from triage.domain.seriousness import Seriousness, determine
from triage.reference.source import load_raising

RAISING = load_raising({})
RANK = list(reversed(Seriousness))


def test_on_held_out_reports_nine_of_ten_serious_ones_are_found_at_the_goals_specificity() -> None:
    assert RAISING.weights is not None
    found = cues.at_specificity(cues.TRIAGE, RAISING.weights, 0.74)
    print(f"\n{found}\n{cues.openfda(cues.TRIAGE, RAISING.weights)}")  # noqa: T201 - figures for the reader of the run
    assert found.specificity >= 0.74
    assert found.sensitivity >= 0.90


def test_what_narratives_say_is_rarely_said_where_it_is_not_so() -> None:
    for found in cues.vaers(cues.TRIAGE):
        print(f"\n{found}")  # noqa: T201
        assert found.specificity >= 0.95
        assert found.sensitivity >= 0.15


@pytest.mark.parametrize("raising", [RAISING, Raising()])
def test_no_reported_flag_is_lowered(raising: Raising) -> None:
    for content, _ in cues.held_out(cues.TRIAGE):
        for before, after in zip(determine(content), determine(content, raising), strict=True):
            assert RANK.index(Seriousness(after.value)) >= RANK.index(Seriousness(before.value))
