"""Both opinions are exported, with situations, numbers and articles; what was received is said once."""

from reporting.domain.icsr_of_case import icsr_of
from shared.contracts.clinical import CaseContent, Causality, Parent, Study
from shared.contracts.code_lists import CausalityResult, CausalitySource, ReportType, Situation
from shared.icsr import api
from shared.icsr.model.message import SafetyReport
from tests.builders import a_content, a_drug, a_reaction, assessed
from tests.unit.icsr.filled import filled
from tests.unit.reporting.cases import EU, FDA, NOW
from tests.unit.reporting.received import content_of
from tests.unit.reporting.test_carried import approval

OPINIONS = (
    Causality(source=CausalitySource.INVESTIGATOR, drug="Alvora", method="WHO-UMC", result_text="probable"),
    Causality(source=CausalitySource.SPONSOR, result=CausalityResult.NOT_RELATED),
)


def sent(content: CaseContent) -> SafetyReport:
    return icsr_of(approval(content, FDA), NOW).batch.messages[0].report


def a_case() -> CaseContent:
    told = a_content(
        report_type=ReportType.STUDY,
        reactions=(a_reaction(causality=OPINIONS), a_reaction(verbatim="headache")),
        drugs=(a_drug(situations=(Situation.OVERDOSE,)),),
        study=Study(number="HEL-301", type=1, registrations=("2024-500001-11-00",), ind_number="123456"),
        parent=Parent(identification="M.", birth_date="1991-02-03"),
        literature=("Doe J. A case. 2026.",),
        linked_cases=("DE-HELV-00000007",),
    )
    return assessed(told).content


def test_both_opinions_are_exported_by_what_they_are_of() -> None:
    report = sent(a_case())
    (link,) = report.drugs[0].reactions
    assert link.reaction == report.reactions[0].id
    assert [(each.source, each.method, each.result) for each in link.assessments] == [
        ("Investigator", "WHO-UMC", "probable"),
        ("Sponsor", None, "Not related"),
    ]


def test_situations_numbers_articles_parent_and_linked_cases_are_exported() -> None:
    report = sent(a_case())
    assert [each.code for each in report.drugs[0].additional] == ["2"]
    assert [each.number for each in report.study.registrations] == ["2024-500001-11-00"]
    assert report.study.fda_ind_number == "123456"
    assert [each.citation for each in report.literature] == ["Doe J. A case. 2026."]
    assert [each.identifier for each in report.identification.linked_reports] == ["DE-HELV-00000007"]
    assert report.parent.identification == "M."


def test_it_is_read_as_it_was_written() -> None:
    batch = icsr_of(approval(a_case(), EU), NOW).batch
    written = api.write(batch)
    assert written.xml is not None
    again = api.read(written.xml).messages[0].report
    assert [len(link.assessments) for link in again.drugs[0].reactions] == [2]
    assert [each.code for each in again.drugs[0].additional] == ["2"]


def test_what_was_received_is_said_once() -> None:
    report = filled(messages=1).messages[0].report
    content = content_of(report)
    after = sent(content)
    assert sum(len(link.assessments) for drug in after.drugs for link in drug.reactions) == sum(
        len(link.assessments) for drug in report.drugs for link in drug.reactions
    )
    assert len(after.literature) == len(report.literature)
    assert len(after.identification.linked_reports) == len(report.identification.linked_reports)
