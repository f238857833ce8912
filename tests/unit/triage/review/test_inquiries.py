"""Follow-up attempts in review: what is to be asked stands in the queue, and one form or call records who was asked."""

import re
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.clinical import Reporter
from shared.contracts.code_lists import Qualification
from tests.builders import a_content, a_drug, a_report
from tests.unit.triage.review.conftest import EVERYTHING, Review, read, told
from triage.domain.case import Case
from triage.domain.identity import Role

REPORTERS = (
    Reporter(
        country="FR", qualification=Qualification.PHYSICIAN, organisation="Clinique du Lac", contact_consent=False
    ),
    Reporter(given_name="Ada", family_name="Bell", contact="ada@example.org", primary=True, confidential=True),
)
NO_PATIENT = a_content(patient=None, reporters=REPORTERS)
PHONED = {"means": "phone", "outcome": "no_answer_yet", "reason": "nobody at the desk"}


def invalid(review: Review, number: int = 1) -> Case:
    return review.opened(a_report(f"rep_{number}", content=NO_PATIENT))


def recorded(review: Review, case: Case, **said: Any) -> None:
    revision = f'"{review.held(case).revision}"'
    answer = review.api(case, "inquiry", PHONED | said, revision)
    assert answer.status_code == 200, answer.text


def test_the_case_says_what_is_missing_whom_to_ask_and_since_when(review: Review) -> None:
    page = review.page(f"/cases/{invalid(review).id}")
    assert page.unbalanced == []
    for said in (
        "To be asked for Missing identifiable patient",
        "Ask now since 2026-11-23; never asked",
        "Received 2026-11-23",
        "Ada Bell; ada@example.org; in confidence Clinique du Lac; physician; FR; does not want to be contacted",
    ):
        assert said in page.words
    valid = review.page(f"/cases/{review.opened(a_report('rep_2')).id}")
    assert "To be asked for" not in valid.words
    assert "Record a follow-up attempt" in valid.words


def test_a_form_records_an_attempt_and_the_page_keeps_it(review: Review) -> None:
    case = invalid(review)
    typed = PHONED | {"ask_again": "2026-12-01", "no_more": "no"}
    answer = review.form(case, "inquiry", typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{case.id}")
    words = review.page(f"/cases/{case.id}").words
    assert "Ask on 2026-12-01 asked once, last entry 2026-11-23 by dr.test" in words
    assert "identifiable patient version 1 phone no answer yet nobody at the desk ask again 2026-12-01" in words
    assert (
        review.form(case, "inquiry", PHONED | {"revision": "2", "ask_again": "", "no_more": "yes"}).status_code == 303
    )
    words = review.page(f"/cases/{case.id}").words
    assert "No more is asked asked 2 times" in words
    assert review.held(case).current.number == 1


@pytest.mark.parametrize(
    ("said", "field", "status"),
    [
        ({"reason": ""}, "reason", 422),
        ({"means": ""}, "means", 422),
        ({"outcome": "perhaps"}, "outcome", 422),
        ({"means": "none"}, "means", 422),
        ({"ask_again": "soon"}, "ask_again", 422),
        ({"ask_again": "2026-12-01", "no_more": "yes"}, "ask_again", 422),
        ({"no_more": "perhaps"}, "no_more", 422),
        ({"ask_again": "2026-11-22"}, "ask_again", 409),
    ],
)
def test_what_is_wrong_comes_back_beside_what_was_typed(
    said: dict[str, str], field: str, status: int, review: Review
) -> None:
    case = invalid(review)
    answer = review.form(case, "inquiry", PHONED | said)
    page = read(answer)
    assert (answer.status_code, page.unbalanced) == (status, [])
    assert page.by_id(f"inquire-{field}")["aria-invalid"] == "true"
    assert f"inquire-{field}-error" in page.by_id(f"inquire-{field}")["aria-describedby"]
    assert [a["href"] for a in page.all("a") if a["href"] == f"#inquire-{field}"]
    typed = PHONED | said
    assert page.by_id("inquire-reason")["value"] == typed["reason"]
    assert typed["outcome"] not in {"no_answer_yet"} or [
        o for o in page.all("option") if o["value"] == "no_answer_yet" and "selected" in o
    ]
    pointers = {each["pointer"] for each in told(review.api(case, "inquiry", typed))["errors"]}
    assert pointers == {f"/{field}"}
    assert review.held(case).inquiries == ()


def test_the_queue_lists_what_is_to_be_asked_page_by_page(review: Review) -> None:
    cases = [invalid(review, number) for number in range(3)]
    review.opened(a_report("rep_valid"))
    page = review.page("/?status=awaiting_minimum_criteria")
    assert "To ask (3)" in page.words
    assert page.words.count("no identifiable patient Ask now since 2026-11-23; never asked") == 3
    assert page.words.count("undetermined until it is valid") == 3
    recorded(review, cases[0], ask_again="2026-11-30")
    recorded(review, cases[1], no_more=True)
    page = review.page("/?to_ask=true")
    assert "1 case, the longest to be asked first" in page.words
    assert [a["href"] for a in page.all("a") if a.get("aria-current")] == ["/?to_ask=true"]
    words = review.page("/?status=awaiting_minimum_criteria").words
    assert "Ask on 2026-11-30 asked once, last entry 2026-11-23 by dr.test" in words
    assert "No more is asked asked once" in words
    review.advance(timedelta(days=7))
    first = told(review.client.get("/api/cases?to_ask=true&limit=1"))
    second = told(review.client.get("/api/cases", query_string={"to_ask": "true", "limit": 1, "after": first["next"]}))
    assert [each["id"] for each in (*first["cases"], *second["cases"])] == [cases[2].id, cases[0].id]
    assert [each["task"]["asked"] for each in (*first["cases"], *second["cases"])] == [0, 1]
    assert second["next"] is None
    following = review.page("/?to_ask=true&limit=1")
    assert [a["href"] for a in following.all("a") if a.get("rel") == "next"] == [
        f"/?to_ask=true&limit=1&after=2026-11-23~{cases[2].id}"
    ]


def test_a_status_and_what_is_to_be_asked_are_two_lists(review: Review) -> None:
    assert review.client.get("/api/cases?to_ask=true&status=returned").status_code == 422
    assert review.client.get("/api/cases?to_ask=maybe").status_code == 422
    assert "show all" in review.page("/?to_ask=true").words


def test_the_case_tells_its_task_and_attempts_by_the_api(review: Review) -> None:
    case = invalid(review)
    recorded(review, case, ask_again="2026-11-30")
    body = told(review.client.get(f"/api/cases/{case.id}"))
    assert (body["task"]["missing"], body["task"]["ask_on"]) == (["identifiable patient"], "2026-11-30")
    assert [(each["means"], each["actor"], each["version"]) for each in body["inquiries"]] == [("phone", "dr.test", 1)]


def test_who_may_not_amend_reads_the_task_and_has_no_form(review: Review) -> None:
    case = invalid(review)
    review.hire("only.reads", [(Role.APPROVER, "helvion")])
    page = read(review.signed_in("only.reads").get(f"/cases/{case.id}"))
    assert "To be asked for" in page.words
    assert "Record a follow-up attempt" not in page.words


def without_tokens(page: str) -> str:
    """A form's token is signed with the second in which it was made."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def test_nothing_of_it_is_for_blinded_eyes(review: Review) -> None:
    content = a_content(patient=None, drugs=(a_drug(blinded=True),))
    case = review.opened(a_report(content=content))
    assert "To ask (0)" in review.page("/").words
    assert review.api(case, "inquiry", PHONED).status_code == 403
    before = without_tokens(review.client.get(f"/cases/{case.id}").text)
    review.hire("dr.sees", [])
    review.grants("dr.sees", EVERYTHING, unblinded=True)
    review.client, blind = review.signed_in("dr.sees"), review.client
    recorded(review, case)
    assert "To ask (1)" in review.page("/").words
    assert without_tokens(blind.get(f"/cases/{case.id}").text) == before
    assert review.cases.audit[-1].discloses


def test_the_audit_trail_says_what_was_recorded(review: Review) -> None:
    case = invalid(review)
    recorded(review, case, no_more=True)
    review.grants("dr.test", [(Role.AUDITOR, "helvion")])
    words = review.page("/audit?sponsor=helvion&action=inquiry.given_up").words
    assert 'inquiry.given_up 1 change inquiries/1 was – , is "phone: no_answer_yet; no more is asked"' in words
    assert "nobody at the desk" in words
