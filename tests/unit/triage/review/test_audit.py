"""The audit trail is there to be reviewed, within one's sponsors, and discloses no allocation (21 CFR 11.10(e))."""

import pytest

from tests.builders import a_content, a_drug, a_report
from tests.unit.triage.review.conftest import EVERYTHING, Review, read, told
from triage.domain.identity import Role
from triage.review.naming import user_id

AUDITOR = [(Role.AUDITOR, "helvion")]


@pytest.fixture
def audited(review: Review) -> Review:
    """A case that was returned and a blinded one, and an auditor who is blinded."""
    case = review.opened(a_report())
    review.api(case, "return", {"reason": "<b>look</b> again"})
    review.opened(a_report("rep_2", content=a_content(drugs=(a_drug(name="Study drug", blinded=True),))))
    review.hire("ann", AUDITOR)
    review.client = review.signed_in("ann")
    return review


def test_entries_are_shown_the_newest_first_with_what_changed(audited: Review) -> None:
    page = audited.page("/audit?sponsor=helvion")
    assert "case.returned" in page.words
    assert "<b>look</b> again" in page.words
    assert 'status was "needs_review" , is "returned"' in page.words
    assert page.words.index("case.returned") < page.words.index("case.opened")
    assert (page.unbalanced, page.open) == ([], [])


def test_a_blinded_auditor_sees_that_an_entry_is_withheld_and_cannot_ask_which(audited: Review) -> None:
    entries = told(audited.client.get("/api/audit?sponsor=helvion"))["entries"]
    withheld = [entry for entry in entries if entry["withheld"]]
    assert len(withheld) == 1
    assert not [name for name, value in withheld[0].items() if value and name not in {"seq", "withheld"}]
    blinded = next(case for case in audited.cases.heads.values() if case.blinded_trial)
    assert told(audited.client.get(f"/api/audit?sponsor=helvion&subject={blinded.id}"))["entries"] == []
    assert "Withheld" in audited.page("/audit?sponsor=helvion").words


def test_who_may_know_sees_them_and_that_is_entered(audited: Review) -> None:
    audited.grants("ann", AUDITOR, unblinded=True)
    blinded = next(case for case in audited.cases.heads.values() if case.blinded_trial)
    (entry,) = told(audited.client.get(f"/api/audit?sponsor=helvion&subject={blinded.id}"))["entries"]
    assert (entry["action"], entry["discloses"]) == ("case.opened", True)
    assert audited.users.entries[-1].action == "trail.seen_unblinded"


def test_entries_are_asked_for_by_what_who_and_page_by_page(audited: Review) -> None:
    user = audited.users.held["dr.test"].user
    ask = audited.client.get
    by = told(ask(f"/api/audit?sponsor=helvion&by={user_id(user)}"))["entries"]
    assert {entry["actor"] for entry in by} == {"dr.test"}
    assert told(ask("/api/audit?sponsor=helvion&by=usr_nobody"))["entries"] == []
    assert len(told(ask("/api/audit?sponsor=helvion&action=case.opened"))["entries"]) == 1  # the other is withheld
    answer = ask("/api/audit?sponsor=helvion&limit=1")
    first = told(answer)
    assert f"before={first['next']}" in answer.headers["Link"]
    second = told(ask(f"/api/audit?sponsor=helvion&limit=1&before={first['next']}"))
    assert second["entries"][0]["seq"] == first["entries"][0]["seq"] - 1


@pytest.mark.parametrize("query", ["sponsor=unassigned", "sponsor=nobody", "sponsor=installation"])
def test_another_sponsors_trail_is_not_there(query: str, audited: Review) -> None:
    assert audited.client.get(f"/audit?{query}").status_code == 404
    assert audited.client.get(f"/api/audit?{query}").status_code == 404


def test_a_case_shows_its_own_trail_to_auditors_only(audited: Review) -> None:
    case = next(case for case in audited.cases.heads.values() if not case.blinded_trial)
    assert "Audit trail Entries" in audited.page(f"/cases/{case.id}").words
    audited.hire("dr.other", EVERYTHING)
    page = read(audited.signed_in("dr.other").get(f"/cases/{case.id}"))
    assert "Audit trail" not in page.words
