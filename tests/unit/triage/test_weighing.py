"""Words weigh for each event by itself, and each that took part is shown with its place."""

import pytest

from shared.contracts.clinical import CaseContent, Coding, Drug, Reaction
from shared.contracts.code_lists import Criterion
from triage.domain.weighing import Weights, finder, weighed

WEIGHTS = Weights(
    version="made up",
    base=-1.0,
    threshold=0.0,
    events={
        "life_threatening": {"haemorrhag*": (3, 1.5), "renal failure": (3, 1.5)},
        "hospitalisation": {"*ectomy": (3, 1.2)},
        "ordinary": {"site": (1, -0.9), "itching": (1, -0.4), "strange": (1, 0.05)},
    },
    indications={"cancer": 0.6},
)


def scores(*terms: str, treated: str | None = None) -> list[tuple[float, bool]]:
    drugs = (Drug(name="X", indication=treated),)
    content = CaseContent(reactions=tuple(Reaction(verbatim=term) for term in terms), drugs=drugs)
    return [(found.score, found.suspected) for found in weighed(content, WEIGHTS)]


@pytest.mark.parametrize(
    ("term", "score", "suspected"),
    [
        ("Cerebral haemorrhage", 0.5, True),
        ("Cerebral hemorrhage", 0.5, True),  # one spelling
        ("Injection site haemorrhage", -0.4, False),  # a neighbour makes it lighter
        ("Appendicectomy", 0.2, True),
        ("Failure renal", 0.5, True),  # terms are often turned around
        ("Renal pain", -1.0, False),
        ("No haemorrhage", -1.0, False),
        ("Itching. Haemorrhage", 0.5, True),  # the weightiest clause counts
        ("something strange", -0.95, False),
        ("zxqv", -1.0, False),
    ],
)
def test_what_a_term_comes_to(term: str, score: float, suspected: bool) -> None:
    assert scores(term) == [(score, suspected)]


def test_an_event_is_weighed_by_itself() -> None:
    assert scores("Haemorrhage", "Itching") == [(0.5, True), (-1.4, False)]


def test_the_disease_treated_counts_for_every_event() -> None:
    assert scores("Haemorrhage", "Itching", treated="Cancer of the breast") == [(1.1, True), (-0.8, False)]


def test_where_nothing_speaks_for_it_nothing_is_suspected() -> None:
    low = Weights(version="made up", base=0.0, threshold=-2.0, events=WEIGHTS.events, indications={})
    found = weighed(CaseContent(reactions=(Reaction(verbatim="Itching"), Reaction())), low)
    assert [each.suspected for each in found] == [False, False]


def test_every_word_that_took_part_is_shown_with_its_place() -> None:
    coded = Coding(dictionary="D", version="1", llt_code="9", pt_name="Haemorrhage")
    content = CaseContent(
        reactions=(Reaction(verbatim="bled at the site", coding=coded),), drugs=(Drug(name="X", indication="cancer"),)
    )
    (found,) = weighed(content, WEIGHTS)
    assert [str(sign) for sign in found.signs] == [
        "haemorrhag* +1.50 at /reactions/0/coding/pt_name, as in life threatening",
        "cancer +0.60 at /drugs/0/indication",
    ]
    assert found.criteria == (Criterion.LIFE_THREATENING,)
    assert found.words == ("haemorrhag*", "cancer")


def test_a_translation_is_read_instead_of_what_it_translates() -> None:
    content = CaseContent(reactions=(Reaction(verbatim="site", translation="haemorrhage"),))
    assert weighed(content, WEIGHTS)[0].score == 0.5


def test_words_stems_and_endings_are_found() -> None:
    find = finder(["sept*", "*ectomy", "renal failure"])
    assert set(find("Renal failure, septic, appendectomy")) == {"sept*", "*ectomy", "renal failure"}
    assert find("renal") == ()
