"""The scales as published: points typed by hand from the table, categories at their boundaries."""

import pytest

from triage.domain.causality_scales import CRITERIA, NARANJO, Answer, category_of, naranjo, who_umc

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


def test_what_was_answered_is_counted_and_what_is_unknown_is_not() -> None:
    scale = naranjo({"other_causes": Answer.YES, "after_the_drug": Answer.YES, "objective": Answer.UNKNOWN})
    assert [(each.name, each.answer, each.points) for each in scale.counted] == [
        ("after_the_drug", Answer.YES, 2),
        ("other_causes", Answer.YES, -1),
    ]
    assert (scale.score, scale.category) == (1, "possible")


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
    assert who_umc(met).category == category


@pytest.mark.parametrize(
    ("met", "because", "missing"),
    [
        (
            CERTAIN,
            ("plausible_time", "no_other_cause", "withdrawal_plausible", "definitive", "rechallenge_if_necessary"),
            {},
        ),
        (
            {"plausible_time", "other_cause_unlikely", "withdrawal_reasonable"},
            ("plausible_time", "other_cause_unlikely", "withdrawal_reasonable"),
            {"certain": ("no_other_cause", "withdrawal_plausible", "definitive", "rechallenge_if_necessary")},
        ),
        ({"reasonable_time", "no_other_cause"}, ("reasonable_time",), {"probable": ("withdrawal_reasonable",)}),
        (
            {"improbable_time", "other_cause_plausible"},
            ("improbable_time", "other_cause_plausible"),
            {"possible": ("reasonable_time",)},
        ),
        (
            {"more_data_needed", "improbable_time"},
            ("more_data_needed",),
            {"possible": ("reasonable_time",), "unlikely": ("other_cause_plausible",)},
        ),
        (set(), (), {"possible": ("reasonable_time",), "unlikely": ("improbable_time", "other_cause_plausible")}),
    ],
)
def test_who_umc_says_what_made_it_so_and_what_others_would_need(
    met: set[str], because: tuple[str, ...], missing: dict[str, tuple[str, ...]]
) -> None:
    found = who_umc(met)
    assert (found.because, found.missing) == (because, missing)


def test_a_criterion_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="mood is no criterion"):
        who_umc({"mood", *CRITERIA})
