"""The form as it is served: the same durable path as the API, and 20 MB answered with a page."""

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from intake.config import Settings
from intake.store.connection import IntakeDatabase
from intake.store.documents import ReportDocument
from shared.contracts.envelope import from_document
from tests.integration.intake.conftest import Door
from tests.integration.local.waiting import until


class Visitor:
    """A browser of few words: it keeps its cookie and the token of the page."""

    def __init__(self, settings: Settings) -> None:
        self._address = (settings.host, settings.port)
        self._origin = f"http://{settings.host}:{settings.port}"
        self._cookie = ""
        self._token = ""
        self._opened_in = ""

    def get(self, path: str) -> tuple[int, str, str]:
        return self._ask("GET", path)

    def post(self, path: str, **typed: str) -> tuple[int, str, str]:
        return self._ask(
            "POST", path, urlencode({"csrf_token": self._token, "opened-in": self._opened_in, **typed}).encode()
        )

    def _ask(self, method: str, path: str, content: bytes | None = None) -> tuple[int, str, str]:
        headers = {"Cookie": self._cookie, "Origin": self._origin, "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(*self._address, timeout=60)
        try:
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if cookie := answer.getheader("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        if token := re.search(r'name="csrf_token" value="([^"]+)"', text):
            self._token = token[1]
        if opened := re.search(r'name="opened-in" value="([^"]*)"', text):
            self._opened_in = opened[1]
        return answer.status, answer.getheader("Location", ""), text


@pytest.fixture
def visitor(settings: Settings, door: Door) -> Iterator[Visitor]:
    with door("intake.app"):
        made = Visitor(settings)
        until(lambda: _answers(made), within=60)
        yield made


def _answers(visitor: Visitor) -> bool:
    try:
        return visitor.get("/health/ready")[0] == 200
    except OSError:
        return False


def test_a_report_of_the_form_is_kept_as_one_of_the_api(visitor: Visitor, database: IntakeDatabase) -> None:
    visitor.get("/report?sponsor=exemplar")
    assert visitor.post("/report", sponsor="exemplar")[:2] == (303, "/report/who")
    visitor.get("/report/medicine/1")
    assert visitor.post("/report/medicine/1", name="Cardivane 頭", role="suspect")[0] == 303
    visitor.get("/report/reaction/1")
    assert visitor.post("/report/reaction/1", verbatim="صداع", **{"onset-year": "2026"})[0] == 303
    visitor.get("/report/check")
    assert visitor.post("/report/check")[:2] == (303, "/report/sent")
    (stored,) = database.collection("reports").find()
    ReportDocument._from_son(stored).validate()
    assert stored["_id"] in visitor.get("/report/sent")[2]
    assert (stored["sponsor"], stored["receipts"][0]["channel"]) == ("exemplar", "form")
    assert stored["content"]["reactions"] == [{"verbatim": "صداع", "onset": "2026"}]
    assert stored["content"]["reporters"][0]["privacy_notice"]
    assert from_document(stored["outbox"][0]["event"]).subject == stored["_id"]
    (draft,) = database.collection("drafts").find()
    assert (draft["answers"], draft["report_id"]) == ({}, stored["_id"])


def test_a_story_over_one_mebibyte_is_given_back_to_be_shortened_and_one_that_fits_is_taken(visitor: Visitor) -> None:
    visitor.get("/report")
    visitor.post("/report")
    visitor.get("/report/story")
    assert visitor.post("/report/story", narrative="頭" * 300_000)[0] == 303  # 2.7 MB when percent-encoded
    visitor.get("/report/story")
    status, _, text = visitor.post("/report/story", narrative="x" * 1_100_000 + "the end")
    assert (status, "please shorten this text" in text, "the end" in text) == (422, True, True)


def test_twenty_megabytes_are_answered_with_a_page(visitor: Visitor) -> None:
    visitor.get("/report")
    visitor.post("/report")
    visitor.get("/report/story")
    status, _, text = visitor.post("/report/story", narrative="x" * 20_000_000)
    assert (status, "more than we can take at once" in text) == (413, True)
    visitor.get("/report/story")
    assert visitor.post("/report/story", narrative="x")[0] == 303
