"""The scales as published: points typed by hand from the table, categories at their boundaries."""

import pytest

from triage.domain.causality_scales import NARANJO, Answer, category_of, naranjo, who_umc

POINTS = {
    "earlier_reports": (1, 0),
    "after_the_drug": (2, -1),
    "better_when_stopped": (1, 0),
    "reappeared": (2, -1),
    "other_causes": (-1, 2),
    "with_placebo": (-1, 1),
    "toxic_level": (1, 0),
    "dose_dependent": (1, 0),
    "similar_before": (1, 0),
    "objective": (1, 0),
}
BEST = {name: Answer.YES if yes > no else Answer.NO for name, (yes, no) in POINTS.items()}
WORST = {name: Answer.NO if yes > no else Answer.YES for name, (yes, no) in POINTS.items()}


@pytest.mark.parametrize("name", POINTS)
def test_each_question_has_its_points(name: str) -> None:
    yes, no = POINTS[name]
    scores = [naranjo({name: answer}).score for answer in (Answer.YES, Answer.NO, Answer.UNKNOWN)]
    assert scores == [yes, no, 0]


def test_there_are_ten_questions_from_minus_four_to_thirteen() -> None:
    assert [question.name for question in NARANJO] == list(POINTS)
    assert naranjo(BEST).score == 13
    assert naranjo(WORST).score == -4


@pytest.mark.parametrize(
    ("score", "category"),
    [
        (-4, "doubtful"),
        (0, "doubtful"),
        (1, "possible"),
        (4, "possible"),
        (5, "probable"),
        (8, "probable"),
        (9, "definite"),
        (13, "definite"),
    ],
)
def test_a_score_has_its_category(score: int, category: str) -> None:
    assert category_of(score) == category


def test_a_question_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="mood is no question"):
        naranjo({"mood": Answer.YES})


CERTAIN = {"plausible_time", "no_other_cause", "withdrawal_plausible", "definitive", "rechallenge_if_necessary"}


@pytest.mark.parametrize(
    ("met", "category"),
    [
        (CERTAIN, "certain"),
        (CERTAIN - {"rechallenge_if_necessary"}, "probable"),
        (CERTAIN - {"no_other_cause"}, "possible"),
        ({"reasonable_time", "other_cause_unlikely", "withdrawal_reasonable"}, "probable"),
        ({"reasonable_time"}, "possible"),
        ({"improbable_time", "other_cause_plausible"}, "unlikely"),
        ({"more_data_needed"}, "conditional"),
        ({"cannot_be_completed"}, "unassessable"),
        (set(), None),
    ],
)
def test_who_umc_is_the_first_category_whose_criteria_are_met(met: set[str], category: str | None) -> None:
    assert who_umc(met) == category
