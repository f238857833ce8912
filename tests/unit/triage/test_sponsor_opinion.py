"""The sponsor's opinion takes the place of its own earlier one, of that drug, and of nobody else's."""

from typing import Any

import msgspec
import pytest

from shared.contracts.clinical import CaseContent, Causality
from shared.contracts.code_lists import CausalityResult, CausalitySource, DrugRole
from tests.builders import DICTIONARY, a_content, a_drug, a_reaction
from triage.domain.amendment import amended
from triage.domain.fitness import AmendmentError
from triage.domain.refusal import Refusal
from triage.domain.sponsor_opinion import judgement, suspect_places

RELATED, NOT_RELATED = CausalityResult.RELATED, CausalityResult.NOT_RELATED
INVESTIGATOR = Causality(source=CausalitySource.INVESTIGATOR, drug="Alvora", result=RELATED)
SPONSOR = Causality(source=CausalitySource.SPONSOR, drug="alvora", result=RELATED)
OF_ALL = msgspec.structs.replace(SPONSOR, drug=None)
OF_OTHER = msgspec.structs.replace(SPONSOR, drug="Biovex")
OF_SUBSTANCE = msgspec.structs.replace(SPONSOR, drug="water")
NEW = Causality(source=CausalitySource.SPONSOR, drug="Alvora", method="WHO-UMC: unlikely", result=NOT_RELATED)
DRUGS = (a_drug(), a_drug(name="Biovex"), a_drug(name="Tea", role=DrugRole.CONCOMITANT))
ALONE = (a_drug(),)
BARE = (*ALONE, a_drug(name=None, substances=("water",)))


def judged(*opinions: Causality, drugs: Any = DRUGS) -> CaseContent:
    return a_content(reactions=(a_reaction(), a_reaction(causality=opinions)), drugs=drugs)


@pytest.mark.parametrize(
    ("opinions", "drugs", "pointer", "after"),
    [
        ((), DRUGS, "/0", (NEW,)),
        ((INVESTIGATOR,), DRUGS, "/1", (INVESTIGATOR, NEW)),
        ((SPONSOR, INVESTIGATOR), DRUGS, "/0", (NEW, INVESTIGATOR)),
        ((OF_OTHER,), DRUGS, "/1", (OF_OTHER, NEW)),
        ((OF_ALL, INVESTIGATOR), ALONE, "/0", (NEW, INVESTIGATOR)),
        ((OF_ALL, INVESTIGATOR), DRUGS, "", (NEW, OF_OTHER, INVESTIGATOR)),
        ((OF_ALL,), BARE, "", (NEW, OF_SUBSTANCE)),
        ((SPONSOR, INVESTIGATOR, msgspec.structs.replace(SPONSOR, method="1")), DRUGS, "", (NEW, INVESTIGATOR)),
    ],
)
def test_only_the_sponsors_own_opinion_of_that_drug_gives_way(
    opinions: tuple[Causality, ...], drugs: Any, pointer: str, after: tuple[Causality, ...]
) -> None:
    before = judged(*opinions, drugs=drugs)
    edit = judgement(before, 1, 0, NOT_RELATED, "WHO-UMC: unlikely")
    assert edit.pointer == f"/reactions/1/causality{pointer}"
    content, _ = amended(before, edit.pointer, edit.value, DICTIONARY)
    assert content.reactions[1].causality == after
    assert content == msgspec.structs.replace(before, reactions=content.reactions)


def test_the_same_again_is_no_amendment() -> None:
    edit = judgement(judged(NEW), 1, 0, NOT_RELATED, "WHO-UMC: unlikely")
    with pytest.raises(AmendmentError, match="has that value already"):
        amended(judged(NEW), edit.pointer, edit.value, DICTIONARY)


def test_a_drug_without_a_name_is_given_one_first() -> None:
    with pytest.raises(Refusal, match="amend /drugs/1/name first"):
        judgement(judged(drugs=BARE), 1, 1, RELATED, None)


def test_suspects_are_those_that_may_have_caused_it() -> None:
    assert suspect_places(judged()) == [0, 1]
    assert suspect_places(judged(drugs=BARE)) == [0, 1]
