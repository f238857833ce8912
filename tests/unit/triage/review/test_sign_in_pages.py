"""Sign-in as a person and as a script meet it: step by step, in the same words whatever is wrong."""

import json
import re
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from werkzeug.test import TestResponse

from shared.ids import sha256
from tests.builders import a_report
from tests.unit.triage.review.conftest import ADMINISTRATOR, Browser, Review, read, told
from triage.domain.identity import Grant, Role
from triage.review.browsing import COOKIE

WORDS, OTHERS = "lantern goat quarry", "quarry goat lantern"
WEAK = "password1234"
STEP = timedelta(seconds=30)


class Person:
    """A new user at her browser."""

    def __init__(self, review: Review) -> None:
        self.review = review
        grants = (Grant(sponsor="helvion", role=Role.SAFETY_PHYSICIAN),)
        self.one_time = review.administer.add(ADMINISTRATOR, "ann", "Ann Smith", grants) or ""
        self.browser, self.secret = review.browser(), ""

    def post(self, url: str, **form: str) -> TestResponse:
        return self.browser.post(url, data=form)

    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(self.review.clock.now())

    def first(self) -> None:
        """Sign in for the first time, and out again."""
        assert self.post("/sign-in", name="ann", password=self.one_time).location == "/sign-in/password"
        assert self.post("/sign-in/password", password=WORDS).location == "/sign-in/authenticator"
        page = read(self.browser.get("/sign-in/authenticator"))
        self.secret = "".join(re.findall(r"key there: ((?:[A-Z2-7]{4} ){8})", page.words)[0].split())
        assert self.post("/sign-in/authenticator", totp=self.code()).location == "/"
        self.post("/sign-out")
        self.review.clock.advance(STEP)

    def cookie(self) -> str:
        held = self.browser.get_cookie(COOKIE)
        assert held is not None
        return str(held.value)


@pytest.fixture
def person(review: Review) -> Person:
    return Person(review)


@pytest.fixture
def known(person: Person) -> Person:
    person.first()
    return person


def test_a_first_sign_in_leads_to_the_queue_and_says_who_is_in(person: Person) -> None:
    person.post("/sign-in", name="ann", password=person.one_time)
    assert person.browser.get("/").location == "/sign-in"
    assert person.browser.get("/sign-in/code").location == "/sign-in/password"
    weak = person.post("/sign-in/password", password=WEAK)
    assert weak.status_code == 422
    assert "first that somebody would try" in read(weak).words
    person.post("/sign-in/password", password=WORDS)
    image = person.browser.get("/sign-in/authenticator.svg")
    assert (image.status_code, image.mimetype) == (200, "image/svg+xml")
    page = read(person.browser.get("/sign-in/authenticator"))
    assert page.all("img")[0]["src"] == "/sign-in/authenticator.svg"
    person.secret = "".join(re.findall(r"key there: ((?:[A-Z2-7]{4} ){8})", page.words)[0].split())
    wrong = person.post("/sign-in/authenticator", totp="000000")
    assert wrong.status_code == 403
    person.post("/sign-in/authenticator", totp=person.code())
    queue = read(person.browser.get("/"))
    assert "Ann Smith" in queue.words
    assert "/sign-out" in [form["action"] for form in queue.all("form")]
    assert person.browser.get("/sign-in/authenticator.svg").location == "/sign-in"


def test_asvs_7_2_4_the_cookie_changes_at_every_step_up(known: Person) -> None:
    tokens = [known.cookie() for _ in [known.browser.get("/sign-in")]]
    known.post("/sign-in", name="ann", password=WORDS)
    tokens.append(known.cookie())
    assert known.post("/sign-in/code", totp=known.code()).location == "/"
    tokens.append(known.cookie())
    assert len(set(tokens)) == 3
    fixed = known.review.browser()
    for token in tokens[:2]:
        fixed.hold(token)
        assert fixed.get("/").location == "/sign-in"


def test_asvs_7_2_4_who_signs_in_anew_leaves_no_session_behind(known: Person) -> None:
    known.browser.post("/api/session", json={"name": "ann", "password": WORDS, "totp": known.code()})
    before = known.cookie()
    known.post("/sign-in", name="ann", password=WORDS)
    other = known.review.browser()
    other.hold(before)
    assert other.get("/").location == "/sign-in"


def test_asvs_3_3_the_cookie_is_host_only_secure_and_out_of_reach_of_scripts(person: Person) -> None:
    (header,) = person.browser.get("/sign-in").headers.getlist("Set-Cookie")
    name, *attributes = [part.strip() for part in header.split(";")]
    assert name.startswith("__Host-dayzero_session=")
    assert set(attributes) == {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}
    assert re.fullmatch(r"[\w-]+=new_[a-z2-7]{28}", name)  # 130 bits: ASVS 7.2.3


def test_a_visitor_is_stored_nowhere(person: Person) -> None:
    person.browser.get("/sign-in")
    assert sha256(person.cookie().encode()) not in person.review.sessions.held
    with person.review.browser().get("/static/review.css") as answer:
        assert "Set-Cookie" not in answer.headers


def test_asvs_14_3_1_who_signs_out_leaves_nothing(known: Person) -> None:
    known.post("/sign-in", name="ann", password=WORDS)
    known.post("/sign-in/code", totp=known.code())
    token = known.cookie()
    left = known.post("/sign-out")
    assert (left.status_code, left.location) == (303, "/sign-in")
    assert left.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    known.browser.hold(token)
    assert known.browser.get("/").location == "/sign-in"


@pytest.mark.parametrize("url", ["/?status=closed", "/cases/case_x", "/parked"])
def test_who_was_asked_to_sign_in_comes_to_where_she_wanted(url: str, known: Person) -> None:
    sent = known.browser.get(url)
    assert sent.status_code == 303
    step = known.browser.post(sent.location, data={"name": "ann", "password": WORDS})
    assert known.browser.post(step.location, data={"totp": known.code()}).location == url


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil", "/a\nb"]
)
def test_and_never_to_another_site(onward: str, known: Person) -> None:
    known.browser.post("/sign-in", query_string={"next": onward}, data={"name": "ann", "password": WORDS})
    answer = known.browser.post("/sign-in/code", query_string={"next": onward}, data={"totp": known.code()})
    assert answer.location == "/"


def test_whatever_is_wrong_the_page_is_the_same(known: Person) -> None:
    def shown(name: str) -> tuple[int, str]:
        answer = known.browser.post("/sign-in", data={"name": name, "password": "wrong"})
        return answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)

    known.review.hire("bob", [])
    known.review.administer.disable(ADMINISTRATOR, "bob")
    assert len({shown(name) for name in ("ann", "bob", "nobody")}) == 1
    assert WORDS not in known.post("/sign-in", name="x", password=WORDS).text


def test_an_administrator_without_cases_comes_to_her_account(review: Review) -> None:
    review.hire("root", [(Role.ADMINISTRATOR, "installation")])
    browser = review.signed_in("root")
    refused = browser.get("/")
    assert refused.status_code == 403
    assert "Queue" not in read(refused).words
    assert "administrator of installation" in read(browser.get("/account")).words


def test_a_password_is_changed_by_who_knows_it(known: Person) -> None:
    known.post("/sign-in", name="ann", password=WORDS)
    known.post("/sign-in/code", totp=known.code())
    assert known.post("/account", current="wrong", password=OTHERS).status_code == 422
    assert known.post("/account", current=WORDS, password=WORDS[:5]).status_code == 422
    changed = known.post("/account", current=WORDS, password=OTHERS)
    assert "Your password is changed" in read(known.browser.get(changed.location)).words


def test_an_expired_session_is_asked_to_sign_in(review: Review) -> None:
    assert review.client.get("/").status_code == 200
    review.clock.advance(timedelta(minutes=31))
    assert review.client.get("/").location == "/sign-in"
    assert review.client.get("/api/cases").status_code == 401


def test_a_script_signs_in_in_one_step_or_in_all(person: Person) -> None:
    def step(path: str, body: Any) -> Any:
        answer = person.browser.post(f"/api/session{path}", json=body)
        assert answer.status_code == 200, answer.text
        return told(answer)

    before = told(person.browser.get("/api/session"))
    assert (before["signed_in"], before["missing"]) == (False, "password")
    assert step("", {"name": "ann", "password": person.one_time})["missing"] == "new_password"
    enrolling = step("/password", {"password": WORDS})
    person.secret = enrolling["secret"]
    assert enrolling["missing"] == "authenticator"
    assert enrolling["uri"].startswith("otpauth://totp/DayZero:ann?secret=")
    done = step("/authenticator", {"totp": person.code()})
    assert (done["signed_in"], done["missing"], done["full_name"]) == (True, None, "Ann Smith")
    assert done["grants"] == [{"sponsor": "helvion", "role": "safety_physician", "unblinded": False}]
    gone = person.browser.delete("/api/session")
    assert (gone.status_code, "Clear-Site-Data" in gone.headers) == (204, True)
    person.review.clock.advance(STEP)
    assert step("", {"name": "ann", "password": WORDS})["missing"] == "code"
    assert step("/code", {"totp": person.code()})["signed_in"]
    person.review.clock.advance(STEP)
    assert step("", {"name": "ann", "password": WORDS, "totp": person.code()})["signed_in"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "ann", "password": "wrong"}, 403),
        ({"name": "nobody", "password": "wrong", "totp": "000000"}, 403),
        ({"name": "ann"}, 422),
        ({"name": {"$ne": ""}, "password": {"$ne": ""}}, 422),
        ({"name": "ann", "password": "x", "admin": True}, 422),
        ([], 422),
    ],
)
def test_a_script_that_is_wrong_is_told_in_a_problem(body: Any, status: int, known: Person) -> None:
    answer = known.browser.post("/api/session", json=body)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_a_signature_takes_the_proof_of_who_is_signed_in(known: Person) -> None:
    review, browser = known.review, known.browser
    case = review.opened(a_report())
    browser.post("/api/session", json={"name": "ann", "password": WORDS, "totp": known.code()})
    acted = browser.post(f"/api/cases/{case.id}/return", json={"reason": "r"}, headers={"If-Match": '"1"'})
    assert acted.status_code == 200
    assert review.cases.audit[-1].actor == "ann"


def test_asvs_6_3_1_who_guesses_is_slowed_down_and_told_how_long(review: Review) -> None:
    browser = review.browser()
    for _ in range(30):
        assert browser.post("/sign-in", data={"name": "nobody", "password": "x"}).status_code == 403
    refused = browser.post("/sign-in", data={"name": "nobody", "password": "x"})
    assert (refused.status_code, refused.mimetype) == (429, "text/html")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    script = browser.post("/api/session", json={"name": "nobody", "password": "x"})
    assert (script.status_code, script.content_type) == (429, "application/problem+json")
    assert review.client.get("/").status_code == 200


def test_the_browsers_of_tests_hold_what_they_are_given(review: Review) -> None:
    assert isinstance(review.browser(), Browser)
    assert json.loads(review.client.get("/api/session").data)["name"] == "dr.test"
