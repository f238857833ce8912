"""Administrators change others' access on pages, within their sponsors; nobody her own (21 CFR 11.10(d), (g))."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.unit.triage.review.conftest import ADMINISTRATOR, Browser, Review, read
from triage.domain.identity import Grant, Role
from triage.review.naming import user_id

UNASSIGNED = Grant(sponsor="unassigned", role=Role.AUDITOR)
APPROVER = Grant(sponsor="helvion", role=Role.APPROVER)


class Office:
    """An administrator of helvion, and the users ann (hers), bob (hers too) and cay (none of hers)."""

    def __init__(self, review: Review) -> None:
        self.review = review
        review.hire("hilda", [(Role.ADMINISTRATOR, "helvion")])
        for name, grants in (("ann", [APPROVER]), ("bob", [APPROVER, UNASSIGNED]), ("cay", [UNASSIGNED])):
            review.administer.add(ADMINISTRATOR, name, f"{name.title()} Smith", grants)
        self.hilda: Browser = review.signed_in("hilda")

    def url(self, name: str, action: str = "") -> str:
        return f"/admin/users/{user_id(self.review.users.held[name].user)}{action}"

    def act(self, name: str, action: str, **form: str) -> TestResponse:
        return self.hilda.post(self.url(name, f"/{action}"), data={"reason": "asked for"} | form)

    def held(self, name: str) -> Any:
        return self.review.users.held[name].user


@pytest.fixture
def office(review: Review) -> Office:
    return Office(review)


def test_she_sees_her_users_and_what_they_hold_for_her_sponsor(office: Office) -> None:
    page = read(office.hilda.get("/admin/users"))
    assert [a["href"] for a in page.all("a") if "/admin/users/" in a["href"]][:1]
    assert "Bob Smith" in page.words
    assert "Cay Smith" not in page.words
    assert "auditor of unassigned" not in page.words
    assert {o["value"] for o in page.all("option")} >= {"helvion", "approver"}
    assert "unassigned" not in {o["value"] for o in page.all("option")}
    assert office.hilda.get(office.url("cay")).data == office.hilda.get("/admin/users/usr_none").data
    assert office.hilda.get(office.url("cay")).status_code == 404


def test_she_gives_and_takes_roles_with_a_reason(office: Office) -> None:
    given = office.act("ann", "grant", sponsor="helvion", role="auditor", unblinded="yes")
    assert (given.status_code, given.location) == (303, office.url("ann"))
    assert "auditor of helvion, unblinded" in read(office.hilda.get("/admin/users")).words
    office.act("ann", "revoke", sponsor="helvion", role="auditor")
    assert office.held("ann").grants == (APPROVER,)
    without = office.hilda.post(
        office.url("ann", "/revoke"), data={"reason": " ", "sponsor": "helvion", "role": "approver"}
    )
    page = read(without)
    assert (without.status_code, page.by_id("revoke-1-reason")["aria-invalid"]) == (422, "true")
    assert office.held("ann").grants == (APPROVER,)
    assert office.act("ann", "revoke", sponsor="helvion", role="approver").location == "/admin/users"


@pytest.mark.parametrize(
    ("name", "action", "form", "status"),
    [
        ("ann", "grant", {"sponsor": "unassigned", "role": "auditor"}, 409),
        ("ann", "grant", {"sponsor": "installation", "role": "administrator"}, 409),
        ("ann", "grant", {"sponsor": "helvion", "role": "emperor"}, 409),
        ("ann", "grant", {"sponsor": "helvion", "role": "approver"}, 409),
        ("ann", "revoke", {"sponsor": "helvion", "role": "auditor"}, 409),
        ("bob", "disable", {}, 409),
        ("bob", "reset", {}, 409),
        ("bob", "revoke", {"sponsor": "unassigned", "role": "auditor"}, 409),
        ("cay", "disable", {}, 404),
        ("hilda", "grant", {"sponsor": "helvion", "role": "approver"}, 409),
        ("hilda", "disable", {}, 409),
    ],
)
def test_what_is_not_hers_to_do_is_refused(
    name: str, action: str, form: dict[str, str], status: int, office: Office
) -> None:
    before = office.held(name)
    answer = office.act(name, action, **form)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert office.held(name) == before
    if status == 409:
        page = read(answer)
        assert page.title.startswith("Error: ")
        for link in [a["href"][1:] for a in page.all("a") if a["href"].startswith(f"#{action}")]:
            assert page.by_id(link)["aria-invalid"] == "true"


def test_who_is_disabled_is_out_and_in_again(office: Office) -> None:
    ann = office.review.signed_in("ann")
    assert ann.get("/").status_code == 200
    office.act("ann", "disable")
    assert ann.get("/").location == "/sign-in"
    assert "Let her in again" in read(office.hilda.get(office.url("ann"))).words
    office.act("ann", "enable")
    assert not office.held("ann").disabled


def test_a_one_time_password_is_shown_once_and_opens_a_first_sign_in(office: Office) -> None:
    shown = office.act("ann", "reset")
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    (password,) = re.findall(r"within 72 hours: (\S+)", read(shown).words)
    browser = office.review.browser()
    assert browser.post("/sign-in", data={"name": "ann", "password": password}).location == "/sign-in/password"


def test_a_user_is_added(office: Office) -> None:
    form = {"name": "dan", "full_name": "Dan", "sponsor": "helvion", "role": "approver", "reason": "hired"}
    assert "dan may sign in" in read(office.hilda.post("/admin/users", data=form)).words
    again = office.hilda.post("/admin/users", data=form)
    page = read(again)
    assert (again.status_code, page.by_id("add-name")["value"]) == (409, "dan")
    assert "never given again" in page.words
    at_provider = office.hilda.post("/admin/users", data=form | {"name": "eve", "subject": "sub-1"})
    assert "At the OpenID provider" in read(at_provider).words
    assert office.held("eve").subject == "sub-1"


def test_no_name_stands_in_a_url(office: Office) -> None:
    page = read(office.hilda.get("/admin/users"))
    assert not [a for a in page.all("a") if "ann" in a["href"] or "bob" in a["href"]]


def test_who_administers_nobody_sees_no_page(office: Office) -> None:
    ann = office.review.signed_in("ann")
    assert ann.get("/admin/users").status_code == 403
    assert "Users" not in read(ann.get("/")).words
