"""The stand-in physician resolves what the report resolves, and says why it leaves the rest (DOMAIN 4)."""

from typing import Any

import pytest

from deploy.demo.physician_rules import Act, Step, next_step
from deploy.demo.terms import Terms

TERMS = Terms({"Yellow skin": "99000440", "Irregular heartbeat": "99000100", "Fit": "99000041"})
UNCODED = {"pointer": "/reactions/0/coding", "rule_id": "E.i.2.1b-uncoded", "words": "'x' is not coded"}
NO_CRITERION = {
    "pointer": "/reactions/0/criteria",
    "rule_id": "serious_criterion_not_stated",
    "words": "a person must choose",
}
NO_ROLE = {"pointer": "/drugs/0/role", "rule_id": "G.k.1-not-stated", "words": "the role was not stated"}


def case(
    status: str = "needs_review",
    kind: str = "expedited",
    facts: dict[str, str] | None = None,
    blockers: tuple[dict[str, str], ...] = (),
    approvals: tuple[dict[str, Any], ...] = (),
    narrative: str = "",
    **reaction: Any,
) -> dict[str, Any]:
    return {
        "status": status,
        "decisions": [{"kind": kind, "facts": facts or {}}],
        "blockers": list(blockers),
        "approvals": list(approvals),
        "snapshot": {"version": 2, "content": {"reactions": [reaction], "narrative": narrative}},
    }


def changes(step: Step) -> dict[str, Any]:
    assert step.act is Act.AMEND
    return {edit.pointer: edit.value for edit in step.edits}


def rejected(version: int) -> dict[str, Any]:
    return {"version": version, "state": "rejected", "errors": ["D.9.1 Date of death: please correct."]}


def test_a_case_without_questions_is_approved() -> None:
    assert next_step(case(), TERMS).act is Act.APPROVE


@pytest.mark.parametrize("status", ["approved", "closed", "returned", "awaiting_minimum_criteria"])
def test_a_case_at_rest_is_left(status: str) -> None:
    assert next_step(case(status=status), TERMS).act is Act.LEAVE


def test_an_unmatched_product_is_left_for_whoever_keeps_the_registry() -> None:
    step = next_step(case(kind="undetermined", facts={"product": "unmatched"}), TERMS)
    assert step.act is Act.LEAVE
    assert "registry" in step.reason


@pytest.mark.parametrize(
    ("facts", "asked"),
    [({"seriousness": "not_stated"}, "whether it was serious"), ({"seriousness": "non_serious"}, "where the event")],
)
def test_an_open_question_goes_back_to_the_source(facts: dict[str, str], asked: str) -> None:
    step = next_step(case(kind="undetermined", facts=facts), TERMS)
    assert step.act is Act.RETURN
    assert asked in step.reason


def test_an_uncoded_event_is_coded_by_its_translation() -> None:
    step = next_step(case(blockers=(UNCODED,), translation="yellow skin"), TERMS)
    assert changes(step) == {"/reactions/0/coding": {"llt_code": "99000440"}}


def test_an_uncoded_event_is_coded_by_the_one_term_of_the_narrative() -> None:
    step = next_step(case(blockers=(UNCODED,), narrative="An irregular heartbeat, benefitting nobody."), TERMS)
    assert changes(step) == {"/reactions/0/coding": {"llt_code": "99000100"}}


def test_of_two_terms_none_is_chosen() -> None:
    step = next_step(case(blockers=(UNCODED,), narrative="A fit, and yellow skin."), TERMS)
    assert step.act is Act.RETURN


def test_of_two_events_the_narrative_may_mean_another() -> None:
    asked = case(blockers=(UNCODED,), narrative="Yellow skin.")
    asked["snapshot"]["content"]["reactions"].append({"verbatim": "Yellow skin"})
    assert next_step(asked, TERMS).act is Act.RETURN


def test_words_that_no_term_says_go_back() -> None:
    step = next_step(case(blockers=(UNCODED,)), TERMS)
    assert step.act is Act.RETURN
    assert "'x' is not coded" in step.reason


@pytest.mark.parametrize(
    ("said", "criterion"),
    [
        ({"outcome": "fatal"}, "results_in_death"),
        ({"narrative": "She was admitted to hospital."}, "hospitalisation"),
        ({"narrative": "Went to intensive care."}, "life_threatening"),
    ],
)
def test_a_criterion_is_chosen_where_the_report_names_it(said: dict[str, Any], criterion: str) -> None:
    step = next_step(case(blockers=(NO_CRITERION,), **said), TERMS)
    assert changes(step) == {"/reactions/0/criteria": [criterion]}


def test_a_criterion_that_the_report_does_not_name_is_asked_for() -> None:
    assert next_step(case(blockers=(NO_CRITERION,), narrative="It was serious."), TERMS).act is Act.RETURN


def test_a_role_that_was_not_stated_is_suspect() -> None:
    step = next_step(case(blockers=(NO_ROLE,)), TERMS)
    assert changes(step) == {"/drugs/0/role": "suspect"}


def test_blockers_do_not_matter_where_nothing_is_sent() -> None:
    assert next_step(case(kind="periodic", blockers=(NO_ROLE,)), TERMS).act is Act.APPROVE


def test_a_rejected_date_of_death_is_taken_from_the_narrative() -> None:
    step = next_step(case(approvals=(rejected(2),), narrative="The patient died on 2025-03-09."), TERMS)
    assert changes(step) == {"/patient/death_date": "2025-03-09"}


def test_a_rejection_that_the_report_cannot_mend_goes_back() -> None:
    assert next_step(case(approvals=(rejected(2),), narrative="The patient died."), TERMS).act is Act.RETURN


def test_a_rejection_of_an_earlier_version_is_mended_already() -> None:
    assert next_step(case(approvals=(rejected(1),)), TERMS).act is Act.APPROVE


def test_everything_that_can_be_told_is_amended_at_once() -> None:
    step = next_step(case(blockers=(NO_CRITERION, NO_ROLE), outcome="fatal"), TERMS)
    assert changes(step) == {"/reactions/0/criteria": ["results_in_death"], "/drugs/0/role": "suspect"}


def test_a_choice_is_made_only_where_the_run_asks_for_it_and_says_so() -> None:
    step = next_step(case(blockers=(NO_CRITERION,)), TERMS, chooses=True)
    assert changes(step) == {"/reactions/0/criteria": ["other_medically_important"]}
    assert "stand-in's choice" in step.reason


def test_a_country_is_chosen_only_where_there_is_no_reporter() -> None:
    asked = case(kind="undetermined", facts={"seriousness": "non_serious"})
    assert changes(next_step(asked, TERMS, chooses=True)) == {"/reporters/0": {"country": "US"}}
    asked["snapshot"]["content"]["reporters"] = [{"qualification": "physician"}]
    assert next_step(asked, TERMS, chooses=True).act is Act.RETURN
