"""Opinions add up: none is overwritten by a follow-up, and taking one away that says related takes two persons."""

import msgspec

from shared.contracts.clinical import Causality, Drug
from shared.contracts.code_lists import CausalityResult, CausalitySource, Situation
from tests.builders import a_content, a_drug, a_reaction
from triage.domain.follow_up import join
from triage.domain.seriousness import lowers

RELATED = Causality(source=CausalitySource.INVESTIGATOR, result=CausalityResult.RELATED)
NOT = Causality(source=CausalitySource.SPONSOR, result=CausalityResult.NOT_RELATED)


def test_a_follow_up_adds_an_opinion() -> None:
    before, news = (a_content(reactions=(a_reaction(causality=(each,)),)) for each in (RELATED, NOT))
    assert join(before, news).reactions[0].causality == (RELATED, NOT)


def test_taking_away_that_the_investigator_holds_it_related_is_a_downgrade() -> None:
    before = a_content(reactions=(a_reaction(causality=(RELATED, NOT)),))
    assert lowers(before, a_content(reactions=(a_reaction(causality=(NOT,)),)))
    assert not lowers(before, a_content(reactions=(a_reaction(causality=(RELATED,)),)))
    turned = msgspec.structs.replace(RELATED, result=CausalityResult.NOT_RELATED)
    assert lowers(before, a_content(reactions=(a_reaction(causality=(turned, NOT)),)))


def test_situations_add_up_and_a_malfunction_stays() -> None:
    before = a_content(drugs=(a_drug(situations=(Situation.OVERDOSE,), malfunction=True),))
    news = a_content(drugs=(a_drug(situations=(Situation.MISUSE,), malfunction=False),))
    (drug,) = join(before, news).drugs
    assert isinstance(drug, Drug)
    assert (drug.situations, drug.malfunction) == ((Situation.OVERDOSE, Situation.MISUSE), True)
