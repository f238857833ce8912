"""What blinded people see of a blinded trial at review, on pages and by API (DOMAIN 19; ASVS 8.2.3)."""

import re

import msgspec
import pytest

from shared.contracts.parked_work import ParkedKind
from tests.builders import a_content, a_drug, a_report, parked
from tests.unit.triage.review.conftest import EVERYTHING, PASSWORD, Review, read, told
from triage.domain.case import Case

ALLOCATION = "Saline 0.9 %"
UNBLIND = {"reason": "must be treated", "allocations": [{"drug": 0, "name": ALLOCATION, "placebo": True}]}


@pytest.fixture
def trial(review: Review) -> Review:
    """A physician who knows, and one who does not."""
    review.grants("dr.test", EVERYTHING, unblinded=True)
    review.hire("dr.blind", EVERYTHING)
    return review


def opened(review: Review, report_id: str = "rep_1") -> Case:
    return review.opened(a_report(report_id, content=a_content(drugs=(a_drug(name="Study drug", blinded=True),))))


def all_that_is_shown(review: Review, case: Case) -> list[str]:
    """Return what a blinded reader is answered, for each way to ask."""
    blind = review.signed_in("dr.blind")
    one = f"/api/cases/{case.id}"
    urls = ["/", "/blinded", "/parked", f"/cases/{case.id}", one, f"{one}/versions/1", f"{one}/versions/2"]
    answers = [blind.get(url) for url in (*urls, "/api/cases", "/api/blinded", "/api/parked")]
    volatile = r'value="[^"]{60,}"|"request_id":"[^"]*"'
    return [f"{each.status_code} {re.sub(volatile, '', each.text)}" for each in answers]


def test_nothing_that_a_blinded_reader_is_answered_changes_with_the_unblinding(trial: Review) -> None:
    case = opened(trial)
    before = all_that_is_shown(trial, case)
    assert trial.api(case, "unblind", UNBLIND).status_code == 200
    assert trial.api(case, "return", {"reason": "look at it"}, '"2"').status_code == 200
    assert all_that_is_shown(trial, case) == before
    assert not [each for each in before if "placebo" in each.lower() or "Overdue" in each]


def test_the_blinded_page_says_that_it_is_one_and_has_no_forms(trial: Review) -> None:
    case = opened(trial)
    page = read(trial.signed_in("dr.blind").get(f"/cases/{case.id}"))
    assert "You see this case blinded" in page.words
    assert page.forms() == []
    assert "expedited" not in page.words
    assert (page.unbalanced, page.open) == ([], [])


@pytest.mark.parametrize("action", ["approve", "return", "amend", "unblind", "downgrade", "nullify", "inquiry"])
def test_who_is_blinded_does_not_act_at_any_revision(action: str, trial: Review) -> None:
    case = opened(trial)
    trial.client = trial.signed_in("dr.blind")
    for revision in ('"1"', '"7"'):
        assert trial.api(case, action, {"reason": "because"}, revision).status_code == 403
    assert trial.form(case, action, {"reason": "because"}).status_code == 403
    assert trial.held(case).revision == 1


def test_the_tab_leads_to_the_list_by_receipt_page_by_page(trial: Review) -> None:
    cases = [opened(trial, f"rep_{number}") for number in range(3)]
    blind = trial.signed_in("dr.blind")
    assert "Blinded trials (3)" in read(blind.get("/")).words
    assert "Blinded trials (" not in trial.page("/").words
    answer = blind.get("/api/blinded?limit=2")
    first = told(answer)
    assert 'rel="next"' in answer.headers["Link"]
    second = told(blind.get("/api/blinded", query_string={"limit": 2, "after": first["next"]}))
    assert {each["id"] for each in first["cases"] + second["cases"]} == {case.id for case in cases}
    assert second["next"] is None
    assert blind.get("/api/blinded?after=x").status_code == 422


def test_who_may_know_unblinds_on_the_page_with_her_signature_and_what_she_sees_is_entered(trial: Review) -> None:
    case = opened(trial)
    page = trial.page(f"/cases/{case.id}")
    assert page.by_id("unblind-given-0")["required"] is None
    assert "The treatment is blinded" in page.words
    typed = {"given-0": ALLOCATION, "placebo-0": "yes", "reason": "must be treated", "password": "wrong password"}
    assert trial.form(case, "unblind", typed).status_code == 403
    assert trial.form(case, "unblind", typed | {"password": PASSWORD}).status_code == 303
    words = trial.page(f"/cases/{case.id}").words
    assert "The patient was unblinded" in words
    assert ALLOCATION in words
    assert "Unblind this patient" not in words
    seen = [entry for entry in trial.users.entries if entry.action == "case.seen_unblinded"]
    assert seen
    assert all(each.discloses and each.actor == "dr.test" and each.subject == case.id for each in seen)


def test_a_case_of_no_blinded_trial_is_seen_and_nothing_entered(review: Review) -> None:
    case = review.opened(a_report())
    review.page(f"/cases/{case.id}")
    assert not [entry for entry in review.users.entries if entry.action == "case.seen_unblinded"]
    assert msgspec.structs.asdict(review.held(case))["blinded_title"] is None


def test_a_stopped_approval_of_a_blinded_trial_and_what_came_are_not_for_blinded_eyes(trial: Review) -> None:
    case = opened(trial)
    trial.parked.keep(parked("prk_1", kind=ParkedKind.APPROVAL, subject=case.id), b"", None)
    trial.parked.keep(parked("prk_2"), b"given: " + ALLOCATION.encode(), None)
    for name, expected in (("dr.test", {"prk_1", "prk_2"}), ("dr.blind", {"prk_2"})):
        works = told(trial.signed_in(name).get("/api/parked"))["parked"]
        assert {work["id"] for work in works} == expected
    blind = trial.signed_in("dr.blind")
    assert blind.get("/parked/prk_1").status_code == 404
    assert blind.post("/api/parked/prk_1/close", json={"reason": "because"}).status_code == 404
    words = read(blind.get("/parked/prk_2")).words
    assert "Withheld" in words
    assert ALLOCATION not in words
    assert ALLOCATION in trial.page("/parked/prk_2").words
