"""The staff application over in-memory stores, wired as its door does, on Monday, 23 November 2026."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from shared import loopback, problem
from shared.clock import SetClock
from shared.contracts.audit import INSTALLATION
from shared.contracts.envelope import Event
from tests.builders import REGISTRY
from tests.unit.triage.fake_keys import InMemoryPartnerKeys
from tests.unit.triage.fake_users import InMemorySessions, InMemoryUsers
from tests.unit.triage.fakes import InMemoryCases, InMemoryParked, InMemoryReference, InMemoryTrail
from triage.administer import Administer, By
from triage.completeness import Completeness
from triage.decide import Decide
from triage.domain import credentials as proofs
from triage.domain.case import Case
from triage.domain.credentials import Credentials
from triage.domain.identity import Grant, Role
from triage.domain.session import Stage, new_session
from triage.downgrade import Downgrade
from triage.handlers import handlers
from triage.inquire import Inquire
from triage.nullify import Nullify
from triage.open_case import OpenCase
from triage.ports import Provider
from triage.replay import ReplayParked
from triage.review import blueprint
from triage.review.browsing import COOKIE
from triage.review.services import Services
from triage.sign_in import SignIn
from triage.significance import Significance
from triage.unblind import Unblind
from triage.worklist import Worklist

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
VOID = {"meta", "link", "input", "br", "img", "hr"}


PASSWORD = "correct horse battery staple"  # noqa: S105 - of nobody
CREDENTIALS = proofs.changed(Credentials(totp=proofs.new_secret()), PASSWORD)  # once: a hash costs time on purpose
SIGNED = {
    "approve",
    "unblind",
    "downgrade",
    "downgrade/confirm",
    "nullify",
    "nullify/confirm",
    "not-significant",
    "complete",
}
ADMINISTRATOR = By(actor="root", authentication="console", scopes=(INSTALLATION,), reason="a test")
EVERYTHING = [
    (role, sponsor)
    for sponsor in REGISTRY.scopes()
    for role in (Role.INTAKE_ASSOCIATE, Role.SAFETY_PHYSICIAN, Role.APPROVER, Role.SUBMISSIONS_OFFICER)
]
ELSEWHERE = [(role, sponsor) for role, sponsor in EVERYTHING if sponsor == "unassigned"]


class Browser(FlaskClient):
    """A browser that sends with every change the token that the page before gave it."""

    sends_token = True

    def hold(self, token: str) -> None:
        """Hold a session's cookie."""
        self.set_cookie(COOKIE, token, path="/", secure=True)

    def token(self) -> str:
        """Return the CSRF token that goes with the cookie."""
        return str(json.loads(self.get("/api/session").data)["csrf_token"])

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request."""
        if self.sends_token and kwargs.get("method", "GET") in {"POST", "DELETE"}:
            headers = Headers(kwargs.get("headers") or {})
            headers.setdefault("X-CSRF-Token", self.token())
            kwargs["headers"] = headers
        return super().open(*args, **kwargs)


class Review:
    """The application with its stores in sight."""

    def __init__(self, clock: Any = None, provider: Provider | None = None) -> None:
        self.cases, self.parked, self.clock = InMemoryCases(), InMemoryParked(), clock or SetClock(NOW)
        self.users, self.sessions = InMemoryUsers(), InMemorySessions()
        self.sign_in = SignIn(self.users, self.sessions, self.clock, "test")
        self.administer = Administer(self.users, self.sessions, REGISTRY.scopes, self.clock, "test")
        reference = InMemoryReference()
        self.open_case = OpenCase(self.cases, reference, self.clock)
        self.handlers = handlers(self.cases, self.parked, InMemoryPartnerKeys(), reference, self.clock)
        decide = Decide(self.cases, reference, self.clock)
        services = Services(
            worklist=Worklist(self.cases, self.parked),
            decide=decide,
            downgrade=Downgrade(decide, self.cases, self.clock),
            nullify=Nullify(decide, self.cases, self.clock),
            significance=Significance(decide, self.cases),
            completeness=Completeness(decide, self.cases),
            inquire=Inquire(decide, self.cases, self.clock),
            unblind=Unblind(decide, self.cases, self.clock, lambda entry: self.users.enter([entry])),
            replay=ReplayParked(self.parked, self.cases, self.handlers, (ConnectionError,)),
            sign_in=self.sign_in,
            administer=self.administer,
            trail=InMemoryTrail(lambda: [*self.cases.audit, *self.users.entries]),
            clock=self.clock,
            secret_key="k" * 32,
            provider=provider,
        )
        self.app = app = Flask(__name__, static_folder=None)
        app.test_client_class = Browser
        problem.register(app)
        loopback.guard(app)
        blueprint.register(app, services)
        self.hire("dr.test", EVERYTHING)
        self.client = self.signed_in("dr.test")

    def hire(self, name: str, roles: Sequence[tuple[Role, str]]) -> None:
        """Add a user, who has chosen PASSWORD."""
        grants = tuple(Grant(role=role, sponsor=sponsor) for role, sponsor in roles)
        self.administer.add(ADMINISTRATOR, name, name.title(), grants)
        self.users.held[name] = msgspec.structs.replace(self.users.held[name], credentials=CREDENTIALS)

    def signed_in(self, name: str) -> "Browser":
        """Return a browser in which a user has signed in: the steps are tested in test_sign_in_pages.py."""
        token, session = new_session(Stage.SIGNED_IN, self.clock.now(), name, "password+totp")
        self.sessions.put(msgspec.structs.replace(session, is_signer=True))
        browser = self.browser()
        browser.hold(token)
        return browser

    def browser(self) -> "Browser":
        """Return a browser that has never been here."""
        browser = self.app.test_client()
        assert isinstance(browser, Browser)
        return browser

    def grants(self, name: str, roles: Sequence[tuple[Role, str]], *, unblinded: bool = False) -> None:
        """Let a user hold these roles and no others."""
        account = self.users.held[name]
        grants = tuple(Grant(role=role, sponsor=sponsor, unblinded=unblinded) for role, sponsor in roles)
        user = msgspec.structs.replace(account.user, grants=grants)
        self.users.held[name] = msgspec.structs.replace(account, user=user)

    def advance(self, by: timedelta) -> None:
        """Let time pass; who was signed in signs in again."""
        self.clock.advance(by)
        self.client = self.signed_in("dr.test")

    def opened(self, report: Event) -> Case:
        """Take a report in and return its case."""
        self.open_case(report)
        return next(reversed(self.cases.heads.values()))

    def held(self, case: Case) -> Case:
        """Return the case as the store has it now."""
        return self.cases.heads[case.id]

    def api(self, case: Case, action: str, body: object, if_match: str | None = '"1"') -> TestResponse:
        """Act through the API; what is signed has the password with it."""
        if isinstance(body, dict) and action in SIGNED:
            body = {"password": PASSWORD} | body
        headers = {} if if_match is None else {"If-Match": if_match}
        return self.client.post(f"/api/cases/{case.id}/{action}", json=body, headers=headers)

    def form(self, case: Case, action: str, fields: Mapping[str, str]) -> TestResponse:
        """Act as the page's form does."""
        proof = {"password": PASSWORD} if action in SIGNED else {}
        return self.client.post(f"/cases/{case.id}/{action}", data={"revision": "1"} | proof | dict(fields))

    def page(self, url: str) -> "Page":
        """Return a page that answers 200."""
        answer = self.client.get(url)
        assert answer.status_code == 200, answer.text
        return read(answer)


class Page(HTMLParser):
    """What a browser makes of a page: its elements in order, its text, and tags that are not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.text = f"{self.text} {data}" if data.strip() else self.text
        if self.open and self.open[-1] == "title":
            self.title += data

    @property
    def words(self) -> str:
        """The text, with single spaces."""
        return " ".join(self.text.split())

    def all(self, tag: str) -> list[dict[str, Any]]:
        """Return the attributes of every element of a name."""
        return [attrs for name, attrs in self.elements if name == tag]

    def forms(self) -> list[dict[str, Any]]:
        """Return the page's own forms: to sign out is on every page."""
        return [form for form in self.all("form") if form["action"] != "/sign-out"]

    def by_id(self, name: str) -> dict[str, Any]:
        """Return the attributes of the one element with an id."""
        (found,) = [attrs for _, attrs in self.elements if attrs.get("id") == name]
        return found


def told(answer: TestResponse) -> Any:
    """Return what an answer says in JSON."""
    return json.loads(answer.data)


def read(answer: TestResponse) -> Page:
    """Parse a page."""
    page = Page()
    page.feed(answer.text)
    page.close()
    return page


@pytest.fixture
def review() -> Review:
    return Review()
