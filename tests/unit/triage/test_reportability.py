"""One fact of a report is changed and value, rule and reason change with it. Verdicts and dates are typed by hand."""

from datetime import date

import pytest

from shared.contracts.clinical import CaseContent, Causality, Patient, Study
from shared.contracts.code_lists import CausalityResult, CausalitySource, Criterion, DrugRole, Outcome, ReportType
from tests.builders import RULES, a_content, a_drug, a_reaction, assessed, changed, with_reaction
from triage.domain.decision import Decision

HEADACHE = {"verbatim": "headache"}
NON_SERIOUS = {"serious": False, "criteria": ()}

# what is changed | FDA: kind, rule, due | EU: kind, rule, due
VERDICTS: dict[str, tuple[CaseContent, tuple[str, str, str | None], tuple[str, str, str | None]]] = {
    "serious and unlisted": (
        a_content(),
        ("expedited", "FDA-314.80-15D", "2026-12-08"),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
    "serious but listed": (
        changed(with_reaction(**HEADACHE, country="US")),
        ("periodic", "FDA-PERIODIC-SERIOUS", None),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
    "serious, listed, foreign to the US": (
        with_reaction(**HEADACHE),
        ("none", "FDA-FOREIGN-NOT-ALERT", None),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
    "listed, but not with a fatal outcome": (
        with_reaction(**HEADACHE, criteria=(Criterion.DEATH,)),
        ("expedited", "FDA-314.80-15D", "2026-12-08"),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
    "listed with a fatal outcome": (
        with_reaction(verbatim="liver failure", criteria=(Criterion.DEATH,), country="US"),
        ("periodic", "FDA-PERIODIC-SERIOUS", None),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
    "non-serious, occurred in the EU": (
        with_reaction(**NON_SERIOUS),
        ("none", "FDA-FOREIGN-NON-SERIOUS", None),
        ("expedited", "EU-107-NON-SERIOUS-90D", "2027-02-21"),
    ),
    "non-serious, occurred in the US": (
        with_reaction(**NON_SERIOUS, country="US"),
        ("periodic", "FDA-PERIODIC-NON-SERIOUS", None),
        ("none", "EU-107-NON-SERIOUS-OUTSIDE", None),
    ),
    "non-serious, nobody knows where": (
        changed(
            with_reaction(**NON_SERIOUS, country=None), reporters=a_content().reporters[:0], first_sender="regulator"
        ),
        ("periodic", "FDA-PERIODIC-NON-SERIOUS", None),
        ("undetermined", "EU-ORIGIN-OPEN", "2027-02-21"),
    ),
    "serious without a criterion": (
        with_reaction(criteria=()),
        ("expedited", "FDA-314.80-15D", "2026-12-08"),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
    "fatal outcome, said to be non-serious": (
        with_reaction(**NON_SERIOUS, outcome=Outcome.FATAL),
        ("expedited", "FDA-314.80-15D", "2026-12-08"),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
    "seriousness not stated": (
        with_reaction(serious=None, criteria=()),
        ("undetermined", "FDA-SERIOUSNESS-OPEN", "2026-12-08"),
        ("undetermined", "EU-SERIOUSNESS-OPEN", "2026-12-08"),
    ),
    "the patient died, of no stated event": (
        changed(with_reaction(**NON_SERIOUS), patient=Patient(initials="A", death_date="2026-11")),
        ("undetermined", "FDA-SERIOUSNESS-OPEN", "2026-12-08"),
        ("undetermined", "EU-SERIOUSNESS-OPEN", "2026-12-08"),
    ),
    "not coded: counts as unexpected": (
        with_reaction(verbatim="a strange feeling"),
        ("expedited", "FDA-314.80-15D", "2026-12-08"),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
    "a biological": (
        a_content(drugs=(a_drug(name="Biovex"),)),
        ("expedited", "FDA-600.80-15D", "2026-12-08"),
        ("none", "EU-NOT-AUTHORISED", None),
    ),
    "same active moiety, authorised elsewhere only": (
        a_content(drugs=(a_drug(name="Alvora Oral"),)),
        ("expedited", "FDA-314.80-15D", "2026-12-08"),
        ("none", "EU-NOT-AUTHORISED", None),
    ),
    "product unmatched": (
        a_content(drugs=(a_drug(name="Aspirin"),)),
        ("undetermined", "FDA-PRODUCT-UNMATCHED", "2026-12-08"),
        ("undetermined", "EU-PRODUCT-UNMATCHED", "2026-12-08"),
    ),
    "a person said that it is not the sponsor's": (
        a_content(drugs=(a_drug(name="Aspirin", sponsor_product=False),)),
        ("none", "FDA-NOT-AUTHORISED", None),
        ("none", "EU-NOT-AUTHORISED", None),
    ),
    "role not stated: counts as suspect": (
        a_content(drugs=(a_drug(role=None),)),
        ("expedited", "FDA-314.80-15D", "2026-12-08"),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
    "only concomitant: no suspect product": (
        a_content(drugs=(a_drug(role=DrugRole.CONCOMITANT),)),
        ("undetermined", "FDA-NOT-VALID", None),
        ("undetermined", "EU-NOT-VALID", None),
    ),
    "no patient": (
        a_content(patient=None),
        ("undetermined", "FDA-NOT-VALID", None),
        ("undetermined", "EU-NOT-VALID", None),
    ),
    "from a study, serious but listed": (
        changed(with_reaction(**HEADACHE, country="US"), report_type=ReportType.STUDY),
        ("none", "FDA-STUDY-EXPECTED", None),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
    "two events: one listed and serious, one unlisted and non-serious": (
        a_content(reactions=(a_reaction(**HEADACHE, country="US"), a_reaction(**NON_SERIOUS, country="US"))),
        ("periodic", "FDA-PERIODIC-SERIOUS", None),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
    "two suspects, one of them unmatched": (
        changed(with_reaction(**HEADACHE, country="US"), drugs=(a_drug(), a_drug(name="Aspirin"))),
        ("undetermined", "FDA-PRODUCT-UNMATCHED", "2026-12-08"),
        ("expedited", "EU-107-SERIOUS-15D", "2026-12-08"),
    ),
}


def verdict(decision: Decision) -> tuple[str, str, str | None]:
    return decision.kind.value, decision.rule_id, decision.due.isoformat() if decision.due else None


@pytest.mark.parametrize("case", VERDICTS)
def test_verdict_for_each_destination(case: str) -> None:
    content, fda, eu = VERDICTS[case]
    decisions = {decision.destination: decision for decision in assessed(content).decisions}
    assert verdict(decisions["fda_postmarketing"]) == fda
    assert verdict(decisions["eu_postmarketing"]) == eu


def test_every_decision_has_its_record() -> None:
    for content, _, _ in VERDICTS.values():
        for decision in assessed(content).decisions:
            assert decision.reason
            assert decision.paragraph
            assert decision.rulebook == RULES.version
            assert [tried.rule_id for tried in decision.tried if tried.applied]
            assert decision.facts["validity"] in {"valid", "invalid"}


def test_a_near_miss_names_the_condition_that_was_missed() -> None:
    fda = assessed(with_reaction(**HEADACHE, country="US")).decisions[0]
    missed = {tried.rule_id: tried.missed for tried in fda.tried if tried.near_miss}
    assert missed["FDA-314.80-15D"] == ("expectedness",)
    assert missed["FDA-FOREIGN-NOT-ALERT"] == ("origin",)


@pytest.mark.parametrize(
    ("day_zero", "due"),
    [
        (date(2028, 2, 20), "2028-03-06"),  # a leap year has 29 February
        (date(2027, 2, 20), "2027-03-07"),
        (date(2026, 12, 25), "2027-01-09"),  # a Saturday stays a Saturday
        (date(2026, 3, 20), "2026-04-04"),  # over the change to summer time
    ],
)
def test_fifteen_calendar_days(day_zero: date, due: str) -> None:
    decision = assessed(a_content(), day_zero).decisions[0]
    assert decision.due is not None
    assert decision.due.isoformat() == due
    assert decision.arithmetic == f"day zero {day_zero} + 15 calendar days = {due}"


def test_a_question_without_a_clock_hides_none() -> None:
    """One event waits for a sign-off, which has no days; of the other seriousness is open, and its clock is held."""
    denied = Causality(source=CausalitySource.INVESTIGATOR, result=CausalityResult.NOT_RELATED)
    content = a_content(
        report_type=ReportType.STUDY,
        study=Study(type=3),
        reactions=(a_reaction(causality=(denied,)), a_reaction(serious=None, criteria=())),
    )
    fda = assessed(content).decisions[0]
    assert (fda.kind.value, fda.rule_id) == ("undetermined", "FDA-STUDY-NOT-SUSPECTED")
    assert fda.due == date(2026, 12, 8)
    assert "by FDA-SERIOUSNESS-OPEN, which is open" in (fda.arithmetic or "")
