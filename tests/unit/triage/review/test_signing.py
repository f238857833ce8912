"""Signing at review: proved again each time, shown wherever the record is (21 CFR 11.50, 11.200; ASVS 7.5.3)."""

import msgspec
import pytest

from tests.builders import a_report
from tests.unit.triage.review.conftest import EVERYTHING, PASSWORD, Review, read, told
from triage.domain.credentials import MOST_FAILURES

LOWER = {"pointer": "/reactions/0/criteria", "value": "[]", "reason": "a check-up"}
WRONG = {"reason": "complete", "password": "another password"}


def another(review: Review) -> None:
    """Let a second physician act."""
    review.hire("dr.second", EVERYTHING)
    review.client = review.signed_in("dr.second")


def test_an_approval_takes_the_password_and_shows_who_signed(review: Review) -> None:
    case = review.opened(a_report())
    assert review.form(case, "approve", {"reason": "complete"}).status_code == 303
    words = review.page(f"/cases/{case.id}").words
    assert "Dr.Test" in words
    assert "Signed by Dr.Test , approval" in words or "Signed by Dr.Test, approval" in words
    assert "Yes: the version is as it was signed" in words


@pytest.mark.parametrize("wrong", [WRONG, {"reason": "complete", "password": ""}])
def test_without_the_right_password_nothing_is_signed_and_nothing_typed_is_sent_back(
    wrong: dict[str, str], review: Review
) -> None:
    case = review.opened(a_report())
    answer = review.form(case, "approve", wrong)
    page = read(answer)
    assert answer.status_code == 403
    assert page.by_id("approve-reason")["value"] == "complete"
    assert page.by_id("approve-password")["value"] == ""
    assert page.by_id("approve-password")["aria-invalid"] == "true"
    assert review.held(case).signatures == ()


def test_the_first_signature_of_a_session_takes_a_code_too(review: Review) -> None:
    case = review.opened(a_report())
    session = next(s for s in review.sessions.held.values() if s.user == "dr.test")
    review.sessions.put(msgspec.structs.replace(session, is_signer=False))
    assert "Code of your authenticator" in review.page(f"/cases/{case.id}").words
    assert review.api(case, "approve", {"reason": "complete"}).status_code == 403


def test_a_signed_version_that_was_changed_in_the_database_is_told(review: Review) -> None:
    case = review.opened(a_report())
    review.form(case, "approve", {"reason": "complete"})
    version_id = review.held(case).versions[0].version_id
    version = review.cases.versions[version_id]
    snapshot = msgspec.structs.replace(version.snapshot, sponsor="another")
    review.cases.versions[version_id] = msgspec.structs.replace(version, snapshot=snapshot)
    assert "No: the version is not as it was signed" in review.page(f"/cases/{case.id}").words


def test_a_downgrade_goes_by_two_persons_on_pages(review: Review) -> None:
    case = review.opened(a_report())
    assert review.form(case, "downgrade", LOWER).status_code == 303
    assert "A downgrade is proposed by Dr.Test" in review.page(f"/cases/{case.id}").words
    assert review.form(case, "downgrade/confirm", {"revision": "2", "reason": "mine"}).status_code == 409
    another(review)
    assert review.form(case, "downgrade/confirm", {"revision": "2", "reason": "agreed"}).status_code == 303
    words = review.page(f"/cases/{case.id}").words
    assert "Signed by Dr.Test (responsibility" in words
    assert "Signed by Dr.Second (approval" in words


def test_a_downgrade_goes_by_two_persons_over_the_api(review: Review) -> None:
    case = review.opened(a_report())
    body = {"reason": "a check-up", "changes": [{"pointer": "/reactions/0/criteria", "value": []}]}
    assert told(review.api(case, "downgrade", body))["proposal"]["reason"] == "a check-up"
    another(review)
    answer = review.api(case, "downgrade/confirm", {"reason": "agreed"}, '"2"')
    assert (answer.status_code, told(answer)["current"]["cause"]["kind"]) == (200, "amendment")


def test_a_downgrade_is_declined_on_pages(review: Review) -> None:
    case = review.opened(a_report())
    review.form(case, "downgrade", LOWER)
    assert review.form(case, "downgrade/decline", {"revision": "2", "reason": "no"}).status_code == 303
    assert review.held(case).proposal is None


def test_a_nullification_goes_by_two_persons_on_pages(review: Review) -> None:
    case = review.opened(a_report())
    assert review.form(case, "nullify", {"reason": "no such patient"}).status_code == 303
    assert "A nullification is proposed by Dr.Test" in review.page(f"/cases/{case.id}").words
    another(review)
    wrong = review.form(case, "downgrade/confirm", {"revision": "2", "reason": "agreed"})
    assert wrong.status_code == 409
    assert review.form(case, "nullify/confirm", {"revision": "2", "reason": "agreed"}).status_code == 303
    page = review.page(f"/cases/{case.id}")
    assert "Nullified: no such patient" in page.words
    assert "Version 2: nullification" in page.words
    assert "Amend a field" not in page.words
    assert (page.unbalanced, page.open) == ([], [])


def test_a_nullification_goes_by_two_persons_over_the_api(review: Review) -> None:
    case = review.opened(a_report())
    assert told(review.api(case, "nullify", {"reason": "no such patient"}))["proposal"]["kind"] == "nullification"
    another(review)
    body = told(review.api(case, "nullify/confirm", {"reason": "agreed"}, '"2"'))
    assert (body["current"]["cause"]["kind"], body["snapshot"]["content"]["nullified"]) == (
        "nullification",
        "no such patient",
    )


def test_a_nullification_is_declined_on_pages(review: Review) -> None:
    case = review.opened(a_report())
    review.form(case, "nullify", {"reason": "no such patient"})
    assert review.form(case, "nullify/decline", {"revision": "2", "reason": "there is"}).status_code == 303
    assert review.held(case).proposal is None


def test_failed_signings_lock_the_account_and_end_its_sessions(review: Review) -> None:
    case = review.opened(a_report())
    for _ in range(MOST_FAILURES):
        review.form(case, "approve", WRONG)
    assert (
        review.form(case, "approve", {"reason": "complete", "password": PASSWORD})
        .headers["Location"]
        .startswith("/sign-in")
    )
    assert "user.locked" in [entry.action for entry in review.users.entries]


def test_another_sponsors_case_is_not_there_before_any_password_is_looked_at(review: Review) -> None:
    case = review.opened(a_report())
    review.grants("dr.test", [(role, sponsor) for role, sponsor in EVERYTHING if sponsor == "unassigned"])
    assert review.api(case, "approve", WRONG).status_code == 404
    assert review.users.held["dr.test"].credentials.failures == 0
