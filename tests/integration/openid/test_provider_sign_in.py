"""An OpenID provider vouches: for users we know, for this browser's question, freshly where a signature is meant."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from werkzeug.test import TestResponse

from shared.clock import SetClock, SystemClock
from shared.settings import SettingsError, load
from tests.openid.provider import ACR, CLIENT, Provider, providing
from tests.unit.triage.review.conftest import ADMINISTRATOR, Browser, Review, read, told
from triage import config
from triage.config import OpenIDSettings
from triage.domain.identity import Grant, Role
from triage.domain.session import TO_SIGN
from triage.prove import NotLetIn
from triage.review.browsing import COOKIE
from triage.review.provider import OpenIDProvider

GRANTS = (Grant(sponsor="helvion", role=Role.APPROVER),)
BACK = "http://localhost/sign-in/provider/back"


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with providing(BACK, secrets.token_urlsafe(32)) as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.forgetful = False
    running.asked.clear()
    return running


class Person:
    """Somebody at her browser, which is known to the provider too."""

    def __init__(self, provider: Provider, **settings: Any) -> None:
        stated = OpenIDSettings(
            issuer=provider.issuer, client_id=CLIENT, client_secret=provider.client_secret, **settings
        )
        self.clock = SetClock(SystemClock().now())
        self.review = Review(self.clock, OpenIDProvider(stated, self.clock))
        self.review.administer.add(ADMINISTRATOR, "ann", "Ann Smith", GRANTS, subject="subject-of-ann")
        self.review.administer.add(ADMINISTRATOR, "bob", "Bob Jones", GRANTS, subject="subject-of-bob")
        self.browser, self.at_provider = self.review.browser(), requests.Session()

    def way(self, url: str = "/sign-in/provider", onward: str = "/cases/x") -> str:
        """Return where the browser is sent."""
        left = self.browser.post(url, data={"next": onward})
        assert left.status_code == 200, left.text
        (refresh,) = [meta["content"] for meta in read(left).all("meta") if "http-equiv" in meta]
        return str(refresh).removeprefix("0; url=")

    def prove(self, url: str, who: str) -> str:
        """Be at the provider, and return where it sends the browser."""
        answer = self.at_provider.get(url, allow_redirects=False)
        if answer.status_code == 200:
            login = url.replace("/authorization?", "/login?")
            answer = self.at_provider.post(login, data={"who": who}, allow_redirects=False)
        return answer.headers["Location"]

    def comes_back(self, location: str) -> TestResponse:
        return self.browser.get(location.removeprefix("http://localhost"))

    def sign_in(self, who: str = "ann") -> TestResponse:
        return self.comes_back(self.prove(self.way(), who))

    def step_up(self, who: str = "ann") -> TestResponse:
        return self.comes_back(self.prove(self.way("/account/prove"), who))

    def sign(self) -> Any:
        """Sign, as a route does."""
        held = self.browser.get_cookie(COOKIE)
        opened = self.review.sign_in.of(str(held.value) if held else "")
        assert opened is not None
        return self.review.sign_in.sign(opened)

    def told(self) -> list[tuple[str, str]]:
        return [(entry.actor, entry.action) for entry in self.review.users.entries if entry.actor != "root"]


@pytest.fixture
def person(provider: Provider) -> Person:
    return Person(provider)


def who(browser: Browser) -> Any:
    return told(browser.get("/api/session")).get("name")


def test_who_is_known_to_us_and_to_the_provider_is_in(person: Person, provider: Provider) -> None:
    back = person.sign_in()
    assert (back.status_code, back.location) == (303, "/cases/x")
    assert who(person.browser) == "ann"
    assert person.told() == [("ann", "user.signed_in")]
    (asked,) = [each for each in provider.asked if each["client_id"] == CLIENT][:1]
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == ("code", "S256", "openid")
    assert "prompt" not in asked


def test_an_unknown_subject_is_refused_and_entered(person: Person) -> None:
    back = person.sign_in("eve")
    assert (back.status_code, who(person.browser)) == (403, None)
    assert person.told() == [("anonymous", "user.sign_in_refused")]
    assert person.review.users.entries[-1].reason == "unknown subject subject-of-eve"


def test_a_disabled_user_is_refused_though_the_provider_vouches(person: Person) -> None:
    person.review.administer.disable(ADMINISTRATOR, "ann")
    assert person.sign_in().status_code == 403
    assert person.told()[-1] == ("ann", "user.sign_in_refused")


def test_she_has_no_password_here(person: Person) -> None:
    assert person.browser.post("/sign-in", data={"name": "ann", "password": ""}).status_code == 403


def test_an_answer_is_good_in_the_browser_that_asked_and_once(person: Person) -> None:
    location = person.prove(person.way(), "ann")
    other = person.review.browser()
    assert other.get(location.removeprefix("http://localhost")).status_code == 403
    assert person.comes_back(location).status_code == 303
    assert person.comes_back(location).status_code == 403


@pytest.mark.parametrize(
    "changed",
    [
        {"state": "x"},
        {"code": "x"},
        {"code": ""},
        {"iss": "https://evil.example"},
        {"error": "access_denied", "code": ""},
    ],
)
def test_an_answer_to_another_question_lets_nobody_in(changed: dict[str, str], person: Person) -> None:
    location = urlsplit(person.prove(person.way(), "ann"))
    given = dict(parse_qsl(location.query)) | changed
    assert person.browser.get(location.path, query_string=given).status_code == 403
    assert who(person.browser) is None


def test_a_token_for_another_question_is_none(person: Person) -> None:
    """The nonce: a code that was made for one question does not answer another."""
    stolen = dict(parse_qsl(urlsplit(person.prove(person.way(), "ann")).query))["code"]
    given = dict(parse_qsl(urlsplit(person.prove(person.way(), "ann")).query)) | {"code": stolen}
    assert person.browser.get("/sign-in/provider/back", query_string=given).status_code == 403


def test_an_answer_that_comes_late_is_none(person: Person) -> None:
    location = person.prove(person.way(), "ann")
    person.clock.advance(timedelta(minutes=11))
    assert person.comes_back(location).status_code == 403


def test_a_signature_takes_a_fresh_proof_and_each_its_own(person: Person, provider: Provider) -> None:
    person.sign_in()
    with pytest.raises(NotLetIn):
        person.sign()
    before = person.browser.get_cookie(COOKIE)
    assert person.step_up().location == "/cases/x"
    assert person.browser.get_cookie(COOKIE) != before
    assert (provider.asked[-1]["prompt"], provider.asked[-1]["max_age"]) == ("login", "0")
    signing = person.sign()
    assert (signing.signer, signing.full_name, signing.components) == ("ann", "Ann Smith", ("oidc",))
    with pytest.raises(NotLetIn):
        person.sign()


def test_a_proof_that_is_not_used_soon_is_worth_nothing(person: Person) -> None:
    person.sign_in()
    person.step_up()
    person.clock.advance(TO_SIGN + timedelta(seconds=1))
    with pytest.raises(NotLetIn):
        person.sign()


def test_a_provider_that_does_not_ask_again_is_not_believed(person: Person, provider: Provider) -> None:
    person.sign_in()
    provider.forgetful = True
    person.clock.advance(timedelta(seconds=15))
    assert person.step_up().status_code == 403
    assert person.told()[-1] == ("ann", "user.proof_refused")
    with pytest.raises(NotLetIn):
        person.sign()


def test_nobody_proves_for_another(person: Person) -> None:
    person.sign_in()
    assert person.step_up("bob").status_code == 403
    assert person.told()[-1] == ("bob", "user.proof_refused")
    with pytest.raises(NotLetIn):
        person.sign()


def test_a_signature_may_need_a_class_of_sign_in(provider: Provider) -> None:
    person = Person(provider, acr="urn:example:none-such")
    assert person.sign_in().status_code == 303
    assert person.step_up().status_code == 403
    person = Person(provider, acr=ACR)
    person.sign_in()
    assert person.step_up().status_code == 303


def test_who_has_a_password_here_proves_here(person: Person) -> None:
    browser = person.review.signed_in("dr.test")
    assert browser.post("/account/prove", data={}).status_code == 403


def test_a_provider_that_is_away_is_told_and_heals(provider: Provider) -> None:
    clock = SetClock(SystemClock().now())
    nowhere = OpenIDSettings(issuer="http://127.0.0.1:9", client_id=CLIENT, client_secret="x" * 32)
    review = Review(clock, OpenIDProvider(nowhere, clock))
    answer = review.browser().post("/sign-in/provider")
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert answer.headers["Retry-After"]


def test_without_a_provider_there_is_no_way_to_one() -> None:
    review = Review()
    assert review.browser().post("/sign-in/provider").status_code == 404
    assert "organisation" not in read(review.browser().get("/sign-in")).words


@pytest.mark.parametrize("issuer", ["http://login.example.com", "login.example.com", "ftp://127.0.0.1"])
def test_an_issuer_without_tls_is_refused_at_the_start(
    issuer: str, suite_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (suite_env | {"DAYZERO_OIDC_ISSUER": issuer}).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="DAYZERO_OIDC_ISSUER"):
        load(config.read)
