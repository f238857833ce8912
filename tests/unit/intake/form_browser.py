"""The form over in-memory stores, and a browser without JavaScript that presses its buttons."""

import html
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from intake.api.reading import BodyReader
from intake.api.reports import blueprint
from intake.app import application
from intake.domain.records import Report
from intake.form import blueprint as form
from intake.form.services import Services
from intake.receive import Accepted, Arrival, Receive, Refused, Site
from shared.clock import SetClock
from tests.unit.intake.conftest import NOW, ZURICH
from tests.unit.intake.fakes import InMemoryDrafts, InMemoryRefusals, InMemoryReports
from tests.unit.intake.keys import open_door

KEY = "k" * 32


class Away(Exception):
    """The database is away."""


class InterruptibleDrafts(InMemoryDrafts):
    """Drafts in a database that can be away."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False

    def __getattribute__(self, name: str) -> Any:
        if name in {"begin", "find", "save", "drop", "close", "reopen", "finish"} and self.away:
            raise Away
        return super().__getattribute__(name)


class Browser:
    """One visitor of the form."""

    def __init__(self) -> None:
        self.reports = InMemoryReports()
        self.refusals = InMemoryRefusals()
        self.drafts = InterruptibleDrafts()
        self.clock = SetClock(NOW)
        self.faults: list[Exception] = []
        site = Site(zone=ZURICH, country="CH", service_version="1.2.3")
        receive = Receive(BodyReader(), self.reports, self.refusals, self.clock, site)
        self.meanwhile: Callable[[], object] = lambda: None  # what else happens while a report is received

        def received(arrival: Arrival) -> Accepted | Refused:
            self.meanwhile()
            return receive(arrival)

        services = Services(
            receive=received,
            find=lambda name: self.reports.find(None, name),
            drafts=self.drafts,
            clock=self.clock,
            away=(Away,),
            fault=self.faults.append,
            secret_key=KEY,
        )
        routes = blueprint(receive, self.reports.find, open_door())
        self.app: Flask = application(routes, lambda: True, form.blueprint(services))
        self.client = self.app.test_client()
        self.token = ""
        self.opened_in = ""

    def open(self, url: str) -> TestResponse:
        """Load a page, and remember its token and the draft that it was opened in."""
        return self._seen(self.client.get(url, buffered=True))  # a file that was sent is closed then

    def send(self, url: str, typed: Any = None, **more: Any) -> TestResponse:
        """Press the button of a page that was loaded."""
        fields = MultiDict({"csrf_token": self.token, "opened-in": self.opened_in})
        fields.update(typed or {})
        return self._seen(self.client.post(url, data=fields, **more))

    def begin(self, sponsor: str = "") -> None:
        """Load the first page and press Start."""
        self.open(f"/report?sponsor={sponsor}" if sponsor else "/report")
        assert self.send("/report", {"sponsor": sponsor}).location == "/report/who"

    def answer(self, url: str, **typed: Any) -> str:
        """Load a page of questions, answer them and return where Continue led; ``__`` stands for ``-``."""
        self.open(url)
        answered = self.send(
            url, {name.replace("__not_known", "-not-known").replace("__", "-"): value for name, value in typed.items()}
        )
        assert answered.status_code == 303, errors(answered)
        return answered.location or ""

    def submit(self) -> Report:
        """Send the report and return it as it is kept."""
        before = set(self.reports.kept)
        self.open("/report/check")
        assert self.send("/report/check").location == "/report/sent"
        (added,) = set(self.reports.kept) - before
        return self.reports.kept[added]

    def expire(self) -> None:
        """Let the draft become too old."""
        self.clock.advance(timedelta(days=2))
        self.drafts.kept.clear()

    def _seen(self, response: TestResponse) -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
        self.token = found[1] if found else self.token
        opened = re.search(r'name="opened-in" value="([^"]*)"', response.text)
        self.opened_in = opened[1] if opened else self.opened_in
        return response


def body(report: Report) -> dict[str, Any]:
    """Return the JSON that a report came as."""
    said: dict[str, Any] = json.loads(report.raw)
    return said


def errors(response: TestResponse) -> list[str]:
    """Return the words of the error summary."""
    summary = re.search(r'govuk-error-summary__list">(.*?)</ul>', response.text, re.DOTALL)
    found = re.findall(r"<a [^>]*>(.*?)</a>", summary[1], re.DOTALL) if summary else []
    return [html.unescape(each).strip() for each in found]
