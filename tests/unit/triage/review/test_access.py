"""Every route says who may use it, and is held to it; changes need a token of the session (OWASP ASVS 5.0, 3.5, 8)."""

import re
from typing import Any

import pytest
from flask import Flask

from shared import problem
from tests.builders import a_report
from tests.unit.triage.review.conftest import EVERYTHING, Review, told
from triage.domain.identity import PERMISSIONS, Permission, Role
from triage.review import access, browsing
from triage.review.access import declared, needs, public, same_site

FILLED = {r"<int:\w+>": "1", r"<path:\w+>": "review.css", r"<any\(.*?(\w+)\):\w+>": r"\1"}
PUBLIC = {
    "GET /sign-in",
    "POST /sign-in",
    "POST /sign-in/provider",
    "GET /sign-in/provider/back",
    "GET /api/session",
    "POST /api/session",
    "GET /static/<path:filename>",
}


def routes(review: Review) -> list[tuple[str, str, Any]]:
    """Return method, rule and declaration of every route."""
    return [
        (method, rule.rule, declared(review.app, rule.endpoint))
        for rule in review.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def filled(rule: str) -> str:
    """Return a URL of a rule, of nothing that there is."""
    for part, value in FILLED.items():
        rule = re.sub(part, value, rule)
    return re.sub("<.*?>", "none", rule)


def test_asvs_8_2_1_every_route_declares_its_access_and_little_is_public(review: Review) -> None:
    assert all(found is not None for _, _, found in routes(review))
    assert {f"{method} {rule}" for method, rule, found in routes(review) if found is access.PUBLIC} == PUBLIC


def test_an_application_with_an_undeclared_route_does_not_start(review: Review) -> None:
    app = Flask(__name__)
    app.add_url_rule("/open", "open", lambda: "open to all")
    with pytest.raises(RuntimeError, match="declares no access"):
        access.enforce(app, review.sign_in, browsing.protect(app, "k" * 32))


def test_a_route_that_came_later_is_denied(review: Review) -> None:
    app = Flask(__name__, static_folder=None)
    problem.register(app)
    access.enforce(app, review.sign_in, browsing.protect(app, "k" * 32))
    app.view_functions["later"] = lambda: "open to all"
    app.url_map.add(app.url_rule_class("/later", endpoint="later"))
    app.add_url_rule("/sign-in", "pages.sign_in", public(lambda: "sign in"))
    assert app.test_client().get("/later").status_code == 303


def test_a_stranger_sees_nothing_but_the_way_in(review: Review) -> None:
    stranger = review.browser()
    for method, rule, found in routes(review):
        if found is access.PUBLIC:
            continue
        answer = stranger.open(filled(rule), method=method)
        if rule.startswith("/api/") and found is not access.BEGUN:
            assert (answer.status_code, answer.content_type) == (401, "application/problem+json"), rule
            assert answer.headers["WWW-Authenticate"]
        elif not rule.startswith("/api/"):
            assert (answer.status_code, str(answer.location).partition("?")[0]) == (303, "/sign-in"), rule


@pytest.mark.parametrize("role", list(Role))
def test_asvs_8_2_1_a_role_opens_what_it_permits_and_nothing_else(role: Role, review: Review) -> None:
    review.hire("ann", [(role, "helvion")])
    browser = review.signed_in("ann")
    for method, rule, found in routes(review):
        if found.permission is not None:
            status = browser.open(filled(rule), method=method).status_code
            assert (status == 403) == (found.permission not in PERMISSIONS[role]), (method, rule, status)


def test_asvs_8_4_1_what_is_anothers_is_not_there(review: Review) -> None:
    case = review.opened(a_report())
    review.hire("ann", [(role, "unassigned") for role in Role])
    browser = review.signed_in("ann")
    for url in (f"/cases/{case.id}", f"/api/cases/{case.id}"):
        theirs, nobodys = browser.get(url), browser.get(url.replace(case.id, "case_none"))
        assert (theirs.status_code, theirs.data) == (404, nobodys.data)


def test_asvs_16_3_2_what_was_denied_is_entered_and_not_what_was_typed(review: Review) -> None:
    review.hire("ann", [(Role.AUDITOR, "unassigned")])
    case, browser = review.opened(a_report()), review.signed_in("ann")
    before = len(review.users.entries)
    browser.get(f"/cases/{case.id}")
    browser.get("/cases/John Doe 1980")
    browser.post(f"/cases/{case.id}/approve", data={"reason": "mine", "revision": "1"})
    told = [(e.sponsor, e.actor, e.action, e.subject, e.reason) for e in review.users.entries[before:]]
    assert told == [
        ("unassigned", "ann", "access.denied", case.id, "GET pages.case: 404"),
        ("unassigned", "ann", "access.denied", "none", "GET pages.case: 404"),
        ("unassigned", "ann", "access.denied", case.id, "POST pages.case_approve: 403"),
    ]


def test_asvs_8_3_2_a_role_that_is_taken_is_gone_at_the_next_request(review: Review) -> None:
    assert review.client.get("/").status_code == 200
    review.grants("dr.test", [])
    assert review.client.get("/").status_code == 403


def changes(review: Review) -> list[tuple[str, str]]:
    return [(method, filled(rule)) for method, rule, _ in routes(review) if method not in {"GET"}]


def test_asvs_3_5_1_every_change_needs_the_token_of_its_own_session(review: Review) -> None:
    review.grants("dr.test", [*EVERYTHING, (Role.ADMINISTRATOR, "helvion")])
    begun = review.browser()
    token = begun.token()
    begun.sends_token = review.client.sends_token = False
    for method, url in changes(review):
        if url.startswith(("/sign-in/", "/api/session/")):
            continue  # of who has begun: told apart in test_sign_in_pages.py
        for given in ({}, {"X-CSRF-Token": token}, {"X-CSRF-Token": "x"}):
            answer = review.client.open(url, method=method, headers=given)
            assert answer.status_code == 400, (method, url, answer.status_code)
    assert review.client.get("/").status_code == 200


def test_asvs_3_5_3_nothing_changes_by_get(review: Review) -> None:
    case = review.opened(a_report())
    for action in ("approve", "return", "amend"):
        assert review.client.get(f"/cases/{case.id}/{action}").status_code == 405
    assert review.client.get("/sign-out").status_code == 405
    assert review.held(case) == case


def test_the_token_comes_by_page_or_by_header(review: Review) -> None:
    case = review.opened(a_report())
    page = review.page(f"/cases/{case.id}")
    (token,) = {field["value"] for field in page.all("input") if field.get("name") == "csrf_token"} or {""}
    review.client.sends_token = False
    data = {"revision": "1", "reason": "r", "csrf_token": token}
    assert review.client.post(f"/cases/{case.id}/return", data=data).status_code == 303
    header = {"X-CSRF-Token": told(review.client.get("/api/session"))["csrf_token"], "If-Match": '"2"'}
    assert review.client.post(f"/api/cases/{case.id}/return", json={"reason": "r"}, headers=header).status_code == 200


@pytest.mark.parametrize("url", ["", None, "https://x/", "//x", "/\\x", "x", "/a\x00", "http:/x"])
def test_onward_is_a_path_of_ours(url: str | None) -> None:
    assert same_site(url) == "/"
    assert same_site("/cases/x?amend=/a") == "/cases/x?amend=/a"


def test_a_permission_is_named_by_its_route() -> None:
    def view() -> str:
        return ""

    assert needs(Permission.CASE_READ)(view) is view
