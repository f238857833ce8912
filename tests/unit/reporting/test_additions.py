"""Both opinions are exported, with situations, numbers, parent and articles; what was received is said once."""

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from reporting.domain.icsr_of_case import icsr_of
from shared.contracts.case_approved import DestinationIdentity
from shared.contracts.clinical import Age, CaseContent, Causality, Parent, Study
from shared.contracts.code_lists import (
    AgeUnit,
    CausalityResult,
    CausalitySource,
    DrugRole,
    ReportType,
    Sex,
    Situation,
)
from shared.icsr import api
from shared.icsr.api import Severity, check
from shared.icsr.elements.g_matrix import Assessment, DrugReaction
from shared.icsr.model.dates import TS
from shared.icsr.model.message import SafetyReport
from shared.icsr.model.null_flavor import NullFlavor
from tests.builders import a_content, a_drug, a_reaction, assessed
from tests.unit.reporting.cases import EU, FDA, IND, NOW
from tests.unit.reporting.received import content_of
from tests.unit.reporting.test_carried import FULL, RICH, approval, changed

INVESTIGATOR = Causality(source=CausalitySource.INVESTIGATOR, drug="alvora", method="WHO-UMC", result_text="probable")
SPONSOR = Causality(source=CausalitySource.SPONSOR, result=CausalityResult.NOT_RELATED)
OPINIONS = (INVESTIGATOR, SPONSOR)


def sent(content: CaseContent, destination: DestinationIdentity = FDA) -> SafetyReport:
    return icsr_of(approval(content, destination), NOW).batch.messages[0].report


def told(report: SafetyReport, drug: int = 0) -> list[tuple[object, object, object]]:
    return [(a.source, a.method, a.result) for link in report.drugs[drug].reactions for a in link.assessments]


def a_case(**facts: object) -> CaseContent:
    content = a_content(
        report_type=ReportType.STUDY,
        reactions=(a_reaction(causality=OPINIONS), a_reaction(verbatim="headache")),
        drugs=(a_drug(situations=(Situation.OVERDOSE,)),),
        study=Study(
            name="A trial", number="HEL-301", type=1, registrations=("2024-500001-11-00",), ind_number="123456"
        ),
        parent=Parent(
            identification="M.",
            birth_date="1991-02-03",
            age=Age(value=34, unit=AgeUnit.YEAR),
            sex=Sex.FEMALE,
            medical_history="Asthma",
        ),
        literature=("Doe J. A case. 2026.",),
        linked_cases=("DE-HELV-00000007",),
    )
    return assessed(msgspec.structs.replace(content, **facts)).content


def test_both_opinions_are_exported_by_what_they_are_of() -> None:
    report = sent(a_case())
    (link,) = report.drugs[0].reactions
    assert link.reaction == report.reactions[0].id
    assert told(report) == [("Investigator", "WHO-UMC", "probable"), ("Sponsor", None, "Not related")]
    assert report.reactions[1].id is None


def test_an_opinion_on_no_named_drug_is_on_each_suspect_one_and_once_on_each_product() -> None:
    drugs = (a_drug(), a_drug(), a_drug(name="Other"), a_drug(name="Tea", role=DrugRole.CONCOMITANT))
    report = sent(a_case(drugs=drugs))
    assert [len(told(report, place)) for place in range(4)] == [2, 0, 1, 0]


def test_an_opinion_on_a_concomitant_drug_by_its_name_is_told() -> None:
    judged = a_reaction(causality=(msgspec.structs.replace(SPONSOR, drug="Tea"),))
    report = sent(a_case(reactions=(judged,), drugs=(a_drug(), a_drug(name="Tea", role=DrugRole.CONCOMITANT))))
    assert (told(report, 0), told(report, 1)) == ([], [("Sponsor", None, "Not related")])


def test_an_opinion_on_a_drug_that_the_case_does_not_have_is_told_in_words() -> None:
    judged = a_reaction(causality=(msgspec.structs.replace(INVESTIGATOR, drug="Nothing"),))
    report = sent(a_case(reactions=(judged,)))
    assert told(report) == []
    words = 'Assessed by investigator: reaction "rash" with "Nothing", which is no drug of this case: probable.'
    assert words in str(report.narrative.sender_comments)


def test_situations_numbers_articles_parent_and_linked_cases_are_exported() -> None:
    report = sent(a_case())
    assert [each.code for each in report.drugs[0].additional] == ["2"]
    assert [each.number for each in report.study.registrations] == ["2024-500001-11-00"]
    assert [each.citation for each in report.literature] == ["Doe J. A case. 2026."]
    assert [each.identifier for each in report.identification.linked_reports] == ["DE-HELV-00000007"]
    parent = report.parent
    assert (parent.identification, parent.birth_date, parent.sex) == ("M.", TS("19910203"), "2")
    assert (parent.age, parent.age_unit, parent.history_narrative) == (Decimal(34), "a", "Asthma")


def test_what_is_known_of_a_parent_and_fits_no_element_is_told_in_words() -> None:
    report = sent(a_case(parent=Parent(birth_date="1991", age=Age(value=34))))
    assert (report.parent.birth_date, report.parent.age, report.parent.sex) == (None, None, NullFlavor.UNK)
    comments = str(report.narrative.sender_comments)
    assert "The date of birth of the parent was reported as 1991." in comments
    assert "The age of the parent was reported as 34, of no stated unit." in comments


def test_the_number_of_an_ind_goes_to_its_address_only_with_the_words_that_fda_wants() -> None:
    """R0107: it is refused after marketing; R0026, R0085 to R0087: with it the other INDs and an assessment."""
    assert sent(a_case()).study.fda_ind_number is None
    mapped = icsr_of(approval(a_case(), IND), NOW)
    report = mapped.batch.messages[0].report
    assert report.study.fda_ind_number == "123456"
    assert [each.number for each in report.study.fda_cross_reported] == [NullFlavor.NA]
    assert told(report) == [("Investigator", "WHO-UMC", "probable"), ("Sponsor", "FDA", "Not Suspected")]
    wrong = {each.rule_id for each in check(mapped.batch) if each.severity is Severity.ERROR}
    assert wrong.isdisjoint({f"FDA.R{n:04}" for n in (24, 26, 85, 86, 87, 107, 109)})


def test_it_is_read_as_it_was_written() -> None:
    written = api.write(icsr_of(approval(a_case(), EU), NOW).batch)
    assert written.xml is not None
    again = api.read(written.xml).messages[0].report
    assert told(again) == told(sent(a_case()))
    assert [each.code for each in again.drugs[0].additional] == ["2"]
    assert again.parent.history_narrative == "Asthma"


@pytest.mark.parametrize("report", [FULL, RICH], ids=["every element", "rich"])
def test_what_was_received_is_said_once(report: SafetyReport) -> None:
    after = sent(content_of(report), EU)
    for drug, received in zip(after.drugs, report.drugs, strict=True):
        assert [link.assessments for link in drug.reactions] == [link.assessments for link in received.reactions]
        assert drug.additional == received.additional
    assert after.literature == report.literature
    assert after.study.registrations == report.study.registrations
    assert after.identification.linked_reports == report.identification.linked_reports
    assert replace(after.parent, identification=None) == replace(report.parent, identification=None)


def test_what_was_added_stands_beside_what_was_received() -> None:
    content = content_of(FULL)
    reaction = content.reactions[0]
    content = changed(content, "reactions", 0, causality=(*reaction.causality, SPONSOR))
    content = changed(content, "drugs", 0, situations=(*content.drugs[0].situations, Situation.MISUSE))
    content = msgspec.structs.replace(
        content, literature=(*content.literature, "Doe J. 2026."), parent=Parent(sex=Sex.MALE)
    )
    report = sent(content, EU)
    known = told(FULL)
    assert [each for each in told(report) if each not in known] == [("Sponsor", None, "Not related")]
    assert len(told(report)) == len(known) + 1
    assert [each.code for each in report.drugs[0].additional][-1] == "8"
    assert report.literature == (*FULL.literature, replace(FULL.literature[0], citation="Doe J. 2026.", included=None))
    assert (report.parent.sex, report.parent.identification, report.parent.past_drugs) == (
        "1",
        None,
        FULL.parent.past_drugs,
    )


def test_a_correction_stands_beside_the_opinion_that_was_received() -> None:
    """What somebody else judged goes on in her own words: the case's own result is added, and takes no place."""
    link = DrugReaction(reaction="R0", assessments=(Assessment(source="Investigator", result="related"),))
    received = replace(FULL, drugs=(replace(FULL.drugs[0], reactions=(link,)),))
    content = content_of(received)
    assert told(sent(content)) == [("Investigator", None, "related")]
    corrected = (
        Causality(
            source=CausalitySource.INVESTIGATOR, drug=str(FULL.drugs[0].name), result=CausalityResult.NOT_RELATED
        ),
    )
    after = sent(changed(content, "reactions", 0, causality=corrected))
    assert told(after) == [("Investigator", None, "related"), ("Investigator", None, "Not related")]


def test_a_result_of_the_eu_list_goes_elsewhere_in_words() -> None:
    link = DrugReaction(reaction="R0", assessments=(Assessment(source="Sponsor", eu_method="1", eu_result="1"),))
    content = content_of(replace(FULL, drugs=(replace(FULL.drugs[0], reactions=(link,)),)))
    assert told(sent(content, FDA)) == [("Sponsor", None, "Related")]
    (kept,) = sent(content, EU).drugs[0].reactions
    assert kept.assessments == link.assessments
