"""What a message says of causality, situations, study, parent and articles is in the case (DOMAIN 12, 16)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from intake.domain.icsr.case import Told
from shared.contracts.clinical import Age, Causality, Parent, Study
from shared.contracts.code_lists import AgeUnit, CausalityResult, CausalitySource, Sex, Situation
from shared.contracts.opinions import received, source_of
from shared.icsr.elements.c1_identification import LinkedReport
from shared.icsr.elements.c4_literature import LiteratureReference
from shared.icsr.elements.c5_study import Study as StudyRecord
from shared.icsr.elements.c5_study import StudyRegistration
from shared.icsr.elements.d10_parent import Parent as ParentRecord
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.elements.g_drugs import AdditionalInformation
from shared.icsr.elements.g_matrix import Assessment, DrugReaction
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Drug
from shared.icsr.model.null_flavor import NullFlavor
from tests.e2b_files import message
from tests.unit.intake.test_icsr_mapping import found, told, told_of

RELATED, NOT_RELATED = CausalityResult.RELATED, CausalityResult.NOT_RELATED


def assessed(*assessments: Assessment, of: str = "r1") -> Told:
    link = DrugReaction(reaction=of, assessments=assessments)
    return told(
        reactions=(Reaction(id="r0", reported_text="Fall"), Reaction(id="r1", reported_text="Rash")),
        drugs=(Drug(name="Alvora", reactions=(link,)),),
    )


def test_both_opinions_are_of_their_reaction_and_drug_in_their_words() -> None:
    investigator = Assessment(source="Investigator", method="global introspection", result="Related")
    fall, rash = assessed(investigator, Assessment(source="MAH", result="unlikely")).content.reactions
    assert fall.causality == ()
    assert rash.causality == (
        Causality(
            source=CausalitySource.INVESTIGATOR,
            drug="Alvora",
            method="global introspection",
            result=RELATED,
            result_text="Related",
        ),
        Causality(source=CausalitySource.SPONSOR, drug="Alvora", result_text="unlikely"),
    )


@pytest.mark.parametrize(
    ("facts", "result"),
    [
        ({"result": "related"}, RELATED),
        ({"result": " Reasonable  Possibility. "}, RELATED),
        ({"result": "Suspected"}, RELATED),
        ({"result": "NOT RELATED"}, NOT_RELATED),
        ({"result": "not-related"}, NOT_RELATED),
        ({"result": "unrelated"}, NOT_RELATED),
        ({"result": "No reasonable possibility"}, NOT_RELATED),
        ({"result": "Not Suspected"}, NOT_RELATED),
        ({"eu_result": "1"}, RELATED),
        ({"eu_result": "2"}, NOT_RELATED),
        # Of a scale, or of no certain meaning: kept in their words.
        ({"result": "possible"}, None),
        ({"result": "probably not related"}, None),
        ({"result": "not unrelated"}, None),
        ({"result": "unlikely related"}, None),
        ({"result": "related?"}, None),
        ({"result": "0.76"}, None),
        ({"eu_result": "3"}, None),
        ({"source": "Investigator"}, None),
    ],
)
def test_a_result_counts_where_its_meaning_is_certain(facts: dict[str, Any], result: CausalityResult | None) -> None:
    (given,) = assessed(Assessment(**{"source": "Reporter"} | facts)).content.reactions[1].causality
    assert given.result is result
    assert given == received(Assessment(**{"source": "Reporter"} | facts), "Alvora")


def test_an_unknown_code_of_a_result_is_asked_about() -> None:
    of = assessed(Assessment(source="Reporter", eu_result="3"))
    assert found(of)["report/drugs/0/reactions/0/assessments/0/eu_result"] == "unknown-code"


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("Investigator", CausalitySource.INVESTIGATOR),
        ("Reporting investigator", CausalitySource.INVESTIGATOR),
        ("Sub-Investigator", CausalitySource.INVESTIGATOR),
        ("Primary Source Reporter", CausalitySource.REPORTER),
        ("REPORTER", CausalitySource.REPORTER),
        ("Sponsor", CausalitySource.SPONSOR),
        ("Company", CausalitySource.SPONSOR),
        ("MAH", CausalitySource.SPONSOR),
        ("Marketing Authorisation Holder", CausalitySource.SPONSOR),
        ("Sponsor-Investigator", CausalitySource.OTHER),  # of two, nobody knows whose opinion it is
        ("Dr. Muster", CausalitySource.OTHER),
        ("Mahler", CausalitySource.OTHER),
        (None, CausalitySource.OTHER),
    ],
)
def test_who_judged(words: str | None, source: CausalitySource) -> None:
    assert source_of(words) is source


def test_the_same_opinion_on_each_dose_of_a_drug_is_one_and_an_empty_one_is_none() -> None:
    link = DrugReaction(reaction="r0", assessments=(Assessment(source="Reporter", result="related"), Assessment()))
    drug = Drug(name="Alvora", reactions=(link,))
    of = told(reactions=(Reaction(id="r0", reported_text="Fall"),), drugs=(drug, drug, replace(drug, name="Other")))
    assert [each.drug for each in of.content.reactions[0].causality] == ["Alvora", "Other"]


def test_an_opinion_on_a_reaction_that_is_not_there_is_of_none() -> None:
    reactions = assessed(Assessment(source="Reporter", result="related"), of="r9").content.reactions
    assert [each.causality for each in reactions] == [(), ()]


def test_situations_are_words_and_an_unknown_one_is_asked_about() -> None:
    codes = tuple(AdditionalInformation(code=code) for code in ("2", "11", "12"))
    of = told(drugs=(Drug(name="Alvora", additional=codes),))
    assert of.content.drugs[0].situations == (Situation.OVERDOSE, Situation.OFF_LABEL)
    assert found(of)["report/drugs/0/additional/2/code"] == "unknown-code"


def test_a_study_has_its_numbers_and_a_case_its_articles_and_links() -> None:
    numbers = (StudyRegistration(number="2024-500001-11-00", country="EU"), StudyRegistration(number=NullFlavor.ASKU))
    like = message("SE-ORBIS-1")
    report = replace(
        like.report,
        identification=replace(like.report.identification, linked_reports=(LinkedReport(identifier="DE-HELV-7"),)),
        study=StudyRecord(sponsor_study_number="HEL-301", registrations=numbers, fda_ind_number="123456"),
        literature=(LiteratureReference(citation="Doe J. 2026."), LiteratureReference(citation=NullFlavor.NASK)),
    )
    content = told_of(replace(like, report=report)).content
    assert content.study == Study(number="HEL-301", registrations=("2024-500001-11-00",), ind_number="123456")
    assert (content.literature, content.linked_cases) == (("Doe J. 2026.",), ("DE-HELV-7",))


def test_a_parent_is_told_of_where_there_is_one() -> None:
    record = ParentRecord(
        identification="M.", birth_date=TS("1991"), age=Decimal(34), age_unit="a", sex="2", history_narrative="Asthma"
    )
    assert told(parent=record).content.parent == Parent(
        identification="M.",
        birth_date="1991",
        age=Age(value=34, unit=AgeUnit.YEAR),
        sex=Sex.FEMALE,
        medical_history="Asthma",
    )
    assert told().content.parent is None
