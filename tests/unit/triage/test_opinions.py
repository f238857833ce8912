"""Opinions add up: none is overwritten by a follow-up, and taking one away that says related takes two persons."""

from typing import Any

import msgspec
import pytest

from shared.contracts.clinical import CaseContent, Causality, Drug, Parent, Patient, Study
from shared.contracts.code_lists import CausalityResult, CausalitySource, Sex, Situation
from tests.builders import DICTIONARY, a_content, a_drug, a_reaction
from triage.domain.amendment import Edit, EditRefused, edited
from triage.domain.follow_up import join
from triage.domain.seriousness import lowers

RELATED = Causality(source=CausalitySource.INVESTIGATOR, result=CausalityResult.RELATED)
NOT = Causality(source=CausalitySource.SPONSOR, result=CausalityResult.NOT_RELATED)
TURNED = msgspec.structs.replace(RELATED, result=CausalityResult.NOT_RELATED)


def judged(*opinions: Causality, **facts: Any) -> CaseContent:
    return a_content(reactions=(a_reaction(causality=opinions),), **facts)


def of(content: CaseContent) -> tuple[Causality, ...]:
    return content.reactions[0].causality


@pytest.mark.parametrize("news", [NOT, TURNED])
def test_a_follow_up_adds_an_opinion_and_overwrites_none(news: Causality) -> None:
    assert of(join(judged(RELATED), judged(news))) == (RELATED, news)
    assert of(join(judged(RELATED), judged())) == (RELATED,)


def test_an_opinion_that_a_follow_up_repeats_is_one() -> None:
    """An E2B follow-up tells the whole case again."""
    again = msgspec.structs.replace(judged(RELATED, NOT), received_icsr={"identification": {}})
    assert of(join(again, again)) == (RELATED, NOT)


@pytest.mark.parametrize(
    "source", [CausalitySource.INVESTIGATOR, CausalitySource.REPORTER, CausalitySource.OTHER, None]
)
def test_taking_away_that_somebody_holds_it_related_is_a_downgrade(source: CausalitySource | None) -> None:
    related = msgspec.structs.replace(RELATED, source=source)
    before = judged(related, NOT)
    assert lowers(before, judged(NOT))
    assert lowers(before, judged(msgspec.structs.replace(related, result=CausalityResult.NOT_RELATED), NOT))
    assert lowers(before, judged(msgspec.structs.replace(related, source=CausalitySource.SPONSOR), NOT))
    assert not lowers(before, judged(related))
    assert not lowers(before, judged(related, TURNED, NOT))
    assert not lowers(judged(NOT), before)


def test_a_sponsor_may_think_again() -> None:
    assert not lowers(judged(msgspec.structs.replace(NOT, result=CausalityResult.RELATED)), judged(NOT))


def test_one_person_cannot_turn_it_by_an_amendment() -> None:
    edit = Edit("/reactions/0/causality/0/result", "not_related")
    with pytest.raises(EditRefused) as refused:
        edited(judged(RELATED), [edit], DICTIONARY)
    assert refused.value.rule == "downgrade"
    content, _ = edited(judged(RELATED), [edit], DICTIONARY, may_lower=True)
    assert of(content) == (TURNED,)


def named(name: str) -> Causality:
    return msgspec.structs.replace(RELATED, drug=name)


@pytest.mark.parametrize(
    ("drugs", "opinions", "after"),
    [
        (("Alvora",), (named("alvora"), NOT), (named("Saline"), NOT)),
        (("Alvora", "Other"), (named("Other"),), (named("Other"),)),
        (("Alvora", "Alvora"), (named("Alvora"),), (named("Alvora"), named("Saline"))),
        (("Alvora",), (named("Nothing"),), (named("Nothing"),)),
    ],
)
def test_a_drug_that_gets_another_name_takes_its_opinions_along(
    drugs: tuple[str, ...], opinions: tuple[Causality, ...], after: tuple[Causality, ...]
) -> None:
    """As on unblinding; by one person, for no opinion is lowered."""
    before = judged(*opinions, drugs=tuple(a_drug(name=name, substances=()) for name in drugs))
    content, _ = edited(before, [Edit("/drugs/0/name", "Saline")], DICTIONARY)
    assert of(content) == after


def test_situations_add_up_and_what_was_once_said_stays() -> None:
    before = a_content(
        patient=Patient(initials="A", pregnant=True),
        drugs=(a_drug(situations=(Situation.OVERDOSE,), malfunction=True, remedial_action=False),),
    )
    news = a_content(
        patient=Patient(pregnant=False),
        drugs=(a_drug(situations=(Situation.MISUSE, Situation.OVERDOSE), malfunction=False, remedial_action=None),),
    )
    joined = join(before, news)
    (drug,) = joined.drugs
    assert isinstance(drug, Drug)
    assert drug.situations == (Situation.OVERDOSE, Situation.MISUSE)
    assert (drug.malfunction, drug.remedial_action) == (True, False)
    assert joined.patient is not None
    assert (joined.patient.initials, joined.patient.pregnant) == ("A", True)


def test_numbers_articles_and_links_add_up_and_a_parent_is_joined() -> None:
    before = a_content(
        study=Study(number="HEL-301", registrations=("NCT1",)),
        literature=("Doe J. 2026.",),
        linked_cases=("DE-HELV-7",),
        parent=Parent(sex=Sex.FEMALE),
    )
    news = a_content(
        study=Study(registrations=("EU2", "NCT1"), ind_number="123456"),
        literature=("Roe R. 2026.", "Doe J. 2026."),
        linked_cases=("DE-HELV-8",),
        parent=Parent(identification="M."),
    )
    joined = join(before, news)
    assert joined.study == Study(number="HEL-301", registrations=("NCT1", "EU2"), ind_number="123456")
    assert joined.literature == ("Doe J. 2026.", "Roe R. 2026.")
    assert joined.linked_cases == ("DE-HELV-7", "DE-HELV-8")
    assert joined.parent == Parent(sex=Sex.FEMALE, identification="M.")
