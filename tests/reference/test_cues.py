"""Seriousness cues on data that they were not tuned on: the flags hidden, sensitivity and specificity counted."""

import msgspec
import pytest

from shared.contracts.clinical import CaseContent
from tests.reference import cues
from tests.reference.public_reports import BY_DRUG, FAERS, OPENFDA, Report, tuning
from triage.domain.cues import Raising
from triage.domain.seriousness import Seriousness, determine
from triage.domain.weighing import Weights
from triage.reference.files import read_raising

RAISING, _ = read_raising({})
RANK = list(reversed(Seriousness))


@pytest.fixture
def weights() -> Weights:
    assert RAISING.weights is not None
    return RAISING.weights


def test_of_held_out_openfda_reports_the_goal_is_met_at_the_threshold_that_is_shipped(weights: Weights) -> None:
    found = cues.by_file(weights, OPENFDA)
    print(f"\n{found}")  # noqa: T201 - figures for the reader of the run
    assert found.sensitivity >= cues.GOAL[0]
    assert found.specificity >= cues.GOAL[1]


@pytest.mark.parametrize(
    ("file", "sensitivity", "specificity"), [(BY_DRUG, 0.84, 0.65), (FAERS, 0.85, 0.57), (None, 0.88, 0.73)]
)
def test_other_files_stay_above_their_floors(
    weights: Weights, file: str | None, sensitivity: float, specificity: float
) -> None:
    found = cues.by_file(weights, file)
    print(f"\n{found}")  # noqa: T201
    assert found.sensitivity >= sensitivity
    assert found.specificity >= specificity


def test_nothing_measured_on_may_be_of_what_was_tuned_on() -> None:
    tuned = {key for report in tuning() for key in report.keys}
    measured = cues.reports()
    assert len(measured) > 3000
    assert all(tuned.isdisjoint(report.keys) for report in measured)


def test_what_narratives_say_is_rarely_said_where_it_is_not_so() -> None:
    for found in cues.vaers():
        print(f"\n{found}")  # noqa: T201
        assert found.specificity >= 0.94
        assert found.sensitivity >= 0.15


@pytest.mark.parametrize("raising", [RAISING, Raising()])
def test_no_reported_flag_is_lowered(raising: Raising) -> None:
    for report in cues.reports():
        for content in (report.content, flagged(report)):
            for before, after in zip(determine(content), determine(content, raising), strict=True):
                assert RANK.index(Seriousness(after.value)) >= RANK.index(Seriousness(before.value))


def flagged(report: Report) -> CaseContent:
    said = (
        msgspec.structs.replace(each, serious=report.serious, criteria=tuple(report.criteria))
        for each in report.content.reactions
    )
    return msgspec.structs.replace(report.content, reactions=tuple(said))
