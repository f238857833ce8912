"""The staff application over in-memory stores, wired as its door does, on Monday, 23 November 2026."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from shared import loopback, problem
from shared.clock import SetClock
from shared.contracts.envelope import Event
from tests.builders import REGISTRY
from tests.unit.triage.fakes import InMemoryCases, InMemoryParked, InMemoryReference
from triage.decide import Decide
from triage.domain.case import Case
from triage.handlers import handlers
from triage.open_case import OpenCase
from triage.replay import ReplayParked
from triage.review import blueprint
from triage.review.services import Services
from triage.worklist import Worklist

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Review:
    """The application with its stores in sight."""

    def __init__(self) -> None:
        self.cases, self.parked, self.clock = InMemoryCases(), InMemoryParked(), SetClock(NOW)
        self.scopes = REGISTRY.scopes()
        reference = InMemoryReference()
        self.open_case = OpenCase(self.cases, reference, self.clock)
        self.handlers = handlers(self.cases, self.parked, reference, self.clock)
        services = Services(
            worklist=Worklist(self.cases, self.parked),
            decide=Decide(self.cases, reference, self.clock),
            replay=ReplayParked(self.parked, self.cases, self.handlers, (ConnectionError,)),
            actor="dr.test",
            scopes=lambda: self.scopes,
            clock=self.clock,
        )
        app = Flask(__name__, static_folder=None)
        problem.register(app)
        loopback.guard(app)
        blueprint.register(app, services)
        self.client = app.test_client()

    def opened(self, report: Event) -> Case:
        """Take a report in and return its case."""
        self.open_case(report)
        return next(reversed(self.cases.heads.values()))

    def held(self, case: Case) -> Case:
        """Return the case as the store has it now."""
        return self.cases.heads[case.id]

    def api(self, case: Case, action: str, body: object, if_match: str | None = '"1"') -> TestResponse:
        """Act through the API."""
        headers = {} if if_match is None else {"If-Match": if_match}
        return self.client.post(f"/api/cases/{case.id}/{action}", json=body, headers=headers)

    def form(self, case: Case, action: str, fields: Mapping[str, str]) -> TestResponse:
        """Act as the page's form does."""
        return self.client.post(f"/cases/{case.id}/{action}", data={"revision": "1"} | dict(fields))

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
