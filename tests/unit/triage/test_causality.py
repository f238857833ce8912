"""What is suspected of an event with a drug: each rule alone, and what the facts keep (DOMAIN 12)."""

import pytest

from shared.contracts.clinical import Causality
from shared.contracts.code_lists import CausalityResult, CausalitySource, ReportType
from tests.builders import a_content, a_drug, a_reaction
from triage.domain.causality import determine, implied
from triage.domain.products import Suspect

INVESTIGATOR, REPORTER, SPONSOR, OTHER = (
    CausalitySource.INVESTIGATOR,
    CausalitySource.REPORTER,
    CausalitySource.SPONSOR,
    CausalitySource.OTHER,
)
YES, NO = CausalityResult.RELATED, CausalityResult.NOT_RELATED
BLAMED = [Suspect(index=0, drug=a_drug(), product=None, matched_by=None)]
Said = tuple[CausalitySource | None, CausalityResult | None]


@pytest.mark.parametrize(
    ("said", "value", "rule"),
    [
        ([(INVESTIGATOR, YES)], "suspected", "CAU-2"),
        ([(SPONSOR, YES), (INVESTIGATOR, NO)], "suspected", "CAU-2"),
        ([(SPONSOR, NO), (INVESTIGATOR, YES)], "suspected", "CAU-2"),
        ([(OTHER, YES), (INVESTIGATOR, NO)], "suspected", "CAU-2"),
        ([], "suspected", "CAU-3"),
        ([(INVESTIGATOR, None), (SPONSOR, NO)], "suspected", "CAU-3"),
        ([(SPONSOR, NO)], "suspected", "CAU-3"),  # that the investigator said nothing is no "not related"
        ([(OTHER, NO), (None, NO)], "suspected", "CAU-3"),
        ([(INVESTIGATOR, NO)], "not_suspected", "CAU-4"),
        ([(REPORTER, NO), (SPONSOR, NO)], "not_suspected", "CAU-4"),
    ],
)
def test_in_a_study_each_source_counts(said: list[Said], value: str, rule: str) -> None:
    opinions = tuple(Causality(source=source, result=result) for source, result in said)
    content = a_content(report_type=ReportType.STUDY, reactions=(a_reaction(causality=opinions),))
    found = determine(content, BLAMED)[0, 0]
    assert (found.stage, found.value, found.rule_id) == ("causality", value, rule)
    assert found.subject == "/reactions/0 x /drugs/0"
    kept = found.facts["assessments"]
    assert isinstance(kept, list)
    assert len(kept) == len(said)


@pytest.mark.parametrize("kind", [*ReportType, None])
def test_a_report_from_no_study_implies_suspicion(kind: ReportType | None) -> None:
    content = a_content(report_type=kind, reactions=(a_reaction(causality=(Causality(result=NO),)),))
    is_study = kind is ReportType.STUDY
    assert implied(content) == (None if is_study else "suspected")
    assert bool(determine(content, BLAMED)) is is_study


def test_an_opinion_on_another_drug_is_none_on_this() -> None:
    on_another = Causality(source=INVESTIGATOR, drug="Other", result=NO)
    content = a_content(report_type=ReportType.STUDY, reactions=(a_reaction(causality=(on_another,)),))
    assert determine(content, BLAMED)[0, 0].rule_id == "CAU-3"
