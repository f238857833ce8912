"""Intake over in-memory stores, with a clock that stands still."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from intake.api import icsrs
from intake.api.authentication import by_key
from intake.api.messages import E2bReader
from intake.api.reading import BodyReader
from intake.api.reports import blueprint
from intake.app import application
from intake.ports import Reading
from intake.receive import Receive, Site
from intake.receive_icsrs import ReceiveIcsrs
from intake.refuse import Refuse
from shared.clock import SetClock
from tests.unit.intake.fakes import InMemoryFiles, InMemoryRefusals, InMemoryReports
from tests.unit.intake.keys import EVERYBODY, KEY, InMemoryKeys, a_key

NOW = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)  # the 10th already in Zurich
ZURICH = ZoneInfo("Europe/Zurich")
LIMIT = 2_000_000  # bytes of a file of messages


class Partner(FlaskClient):
    """A client that sends the key of the test's partner, unless it is told another."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request."""
        headers = Headers(kwargs.get("headers") or {})
        headers.setdefault("Authorization", f"Bearer {KEY}")
        kwargs["headers"] = headers
        return super().open(*args, **kwargs)


class Intake:
    """The application with its stores in sight."""

    def __init__(self, schemas: Path | None = None, limit: int = LIMIT) -> None:
        self.reports = InMemoryReports()
        self.refusals = InMemoryRefusals()
        self.clock = SetClock(NOW)
        site = Site(zone=ZURICH, country="CH", service_version="1.2.3")
        receive = Receive(BodyReader(), self.reports, self.refusals, self.clock, site)
        self.files = InMemoryFiles()
        keep, refuse = receive.keep, Refuse(self.refusals, site)
        reader = E2bReader(schemas, limit)
        self.receive_files = ReceiveIcsrs(reader, self.files, keep, refuse, self.clock, site, limit)
        self.keys = InMemoryKeys()
        door = by_key(self.keys.find, self.clock)
        routes = blueprint(receive, self.reports.find, door)
        messages = icsrs.blueprint(self.receive_files, self.files.find, door, limit)
        self.app: Flask = application(routes, lambda: True, messages)
        self.app.test_client_class = Partner
        self.client: FlaskClient = self.app.test_client()
        self.keys.put(a_key("tester", EVERYBODY))

    def post(self, body: object, **headers: str) -> TestResponse:
        """Post a body: bytes as they are, anything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/v1/reports", data=content, headers={"Content-Type": "application/json", **named})

    def post_file(self, content: bytes, sponsor: str = "exemplar", **headers: str) -> TestResponse:
        """Post a file of E2B(R3) messages."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        typed = {"Content-Type": "application/xml", **named}
        return self.client.post(f"/v1/icsrs?sponsor={sponsor}", data=content, headers=typed)


@pytest.fixture
def intake() -> Intake:
    return Intake()


def read(body: Mapping[str, Any]) -> Reading:
    """Return what intake reads in a body."""
    return BodyReader().read(json.dumps(body).encode(), NOW.astimezone(ZURICH))


def rules(reading: Reading) -> dict[str, str]:
    """Return the rule found at each pointer."""
    return {query.pointer: query.rule for query in reading.queries}


REPORT: dict[str, Any] = {
    "sponsor": "exemplar",
    "sender": {"organisation": "Example Partner", "case_id": "P-1"},
    "patient": {"initials": "M.K.", "age": {"value": 54, "unit": "year"}, "sex": "female"},
    "reporters": [{"family_name": "Muster", "country": "CH", "qualification": "physician", "primary": True}],
    "reactions": [{"verbatim": "headache", "serious": True, "criteria": ["hospitalisation"], "onset": "2026-03"}],
    "drugs": [{"name": "Examplomab", "role": "suspect", "dose": {"value": 20, "unit": "mg"}, "start": "2026-02-01"}],
    "narrative": "The patient was admitted.",
}
