"""Causality scales support a person's judgement; neither ever sets what is sent (GVP VI.B.2; G.k.9.i.2.r).

Naranjo: ten questions, each yes, no or unknown, add up to -4 to 13 (Naranjo et al. 1981). WHO-UMC: six categories, the
first whose criteria are all met, as the centre orders them.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

import msgspec


class Answer(StrEnum):
    """What is known of a question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Question(msgspec.Struct, frozen=True):
    """A question of Naranjo's scale and what yes and no add; unknown adds nothing."""

    name: str
    words: str
    yes: int
    no: int


NARANJO = (
    Question("earlier_reports", "Are there earlier conclusive reports of this reaction?", 1, 0),
    Question("after_the_drug", "Did the event appear after the drug was given?", 2, -1),
    Question("better_when_stopped", "Did it improve when the drug was stopped or an antagonist given?", 1, 0),
    Question("reappeared", "Did it reappear when the drug was given again?", 2, -1),
    Question("other_causes", "Are there other causes that could alone have caused it?", -1, 2),
    Question("with_placebo", "Did it reappear when a placebo was given?", -1, 1),
    Question("toxic_level", "Was the drug found in blood or another fluid at a toxic level?", 1, 0),
    Question("dose_dependent", "Was it worse on a higher dose, or better on a lower one?", 1, 0),
    Question("similar_before", "Did the patient react alike to the same or a similar drug before?", 1, 0),
    Question("objective", "Was it confirmed by objective evidence?", 1, 0),
)
_CATEGORIES = ((9, "definite"), (5, "probable"), (1, "possible"))
_OTHERWISE = "doubtful"

# WHO-UMC: the criteria of each category, the most certain first; a person says which are met.
WHO_UMC: Mapping[str, tuple[str, ...]] = {
    "certain": ("plausible_time", "no_other_cause", "withdrawal_plausible", "definitive", "rechallenge_if_necessary"),
    "probable": ("reasonable_time", "other_cause_unlikely", "withdrawal_reasonable"),
    "possible": ("reasonable_time",),
    "unlikely": ("improbable_time", "other_cause_plausible"),
    "conditional": ("more_data_needed",),
    "unassessable": ("cannot_be_completed",),
}
CRITERIA: Mapping[str, str] = {
    "plausible_time": "Event with plausible time relationship to drug intake",
    "no_other_cause": "Cannot be explained by disease or other drugs",
    "withdrawal_plausible": "Response to withdrawal plausible, pharmacologically and pathologically",
    "definitive": "Event definitive: an objective and specific disorder or a recognised phenomenon",
    "rechallenge_if_necessary": "Rechallenge satisfactory, if necessary",
    "reasonable_time": "Event with reasonable time relationship to drug intake",
    "other_cause_unlikely": "Unlikely to be attributed to disease or other drugs",
    "withdrawal_reasonable": "Response to withdrawal clinically reasonable",
    "improbable_time": "Time to drug intake makes a relationship improbable, but not impossible",
    "other_cause_plausible": "Disease or other drugs provide plausible explanations",
    "more_data_needed": "More data for proper assessment needed, or under examination",
    "cannot_be_completed": "Information insufficient or contradictory, and cannot be completed or verified",
}
# What meets the stricter criterion meets the wider one.
_IMPLIES = {
    "plausible_time": "reasonable_time",
    "no_other_cause": "other_cause_unlikely",
    "withdrawal_plausible": "withdrawal_reasonable",
}


# Which categories a person would look at next: the one above; where nothing is graded, those that grade the relation.
_FURTHER: Mapping[str | None, tuple[str, ...]] = {
    "certain": (),
    "probable": ("certain",),
    "possible": ("probable",),
    "unlikely": ("possible",),
}
_NOT_GRADED = ("possible", "unlikely")


class Counted(msgspec.Struct, frozen=True):
    """A question that was answered yes or no, and what that added."""

    name: str
    words: str
    answer: Answer
    points: int


class Naranjo(msgspec.Struct, frozen=True):
    """A score with its category and what it was added up from."""

    score: int
    category: str
    counted: tuple[Counted, ...]


class WhoUmc(msgspec.Struct, frozen=True):
    """A category, None where no criteria are all met; the criteria that made it so, and what others would need."""

    category: str | None
    because: tuple[str, ...]
    missing: Mapping[str, tuple[str, ...]]  # by category


def naranjo(answers: Mapping[str, Answer]) -> Naranjo:
    """Add the answers up; a question without one is unknown. Raises ValueError for a question that there is not."""
    unknown = set(answers) - {question.name for question in NARANJO}
    if unknown:
        raise ValueError(f"{min(unknown)} is no question of the scale")
    given = [(question, answers.get(question.name, Answer.UNKNOWN)) for question in NARANJO]
    counted = tuple(
        Counted(question.name, question.words, answer, question.yes if answer is Answer.YES else question.no)
        for question, answer in given
        if answer is not Answer.UNKNOWN
    )
    score = sum(each.points for each in counted)
    return Naranjo(score, category_of(score), counted)


def category_of(score: int) -> str:
    """Return the category of a score."""
    return next((name for least, name in _CATEGORIES if score >= least), _OTHERWISE)


def who_umc(met: Collection[str]) -> WhoUmc:
    """Find the first category whose criteria are all met. Raises ValueError for a criterion that there is not."""
    unknown = set(met) - set(CRITERIA)
    if unknown:
        raise ValueError(f"{min(unknown)} is no criterion of the scale")
    by = {each: each for each in met}  # which of what was met meets a criterion
    by = {_IMPLIES[each]: each for each in met if each in _IMPLIES} | by
    category = next((name for name, criteria in WHO_UMC.items() if by.keys() >= set(criteria)), None)
    because = tuple(by[each] for each in WHO_UMC[category]) if category else ()
    further = _FURTHER.get(category, _NOT_GRADED)
    missing = {name: tuple(each for each in WHO_UMC[name] if each not in by) for name in further}
    return WhoUmc(category, because, missing)
