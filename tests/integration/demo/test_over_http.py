"""What the commands and the stand-in physician say over HTTP, and what they make of the answers."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.demo.physician import Physician
from deploy.demo.staff import Staff
from deploy.demo.terms import Terms
from tests.integration.demo.stub_server import Reply, answering

KEY = "Bearer dzk_x.secret"
CASE: dict[str, Any] = {
    "id": "case_1",
    "revision": 7,
    "status": "needs_review",
    "decisions": [{"kind": "expedited", "facts": {}}],
    "blockers": [],
    "approvals": [],
    "snapshot": {"version": 1, "content": {}},
}


def test_the_counts_of_an_import_reconcile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYZERO_PARTNER_KEY", "dzk_x.secret")
    posted: list[Any] = []

    def intake(method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
        posted.append((method, path, body, headers["Authorization"]))
        match body["sender"]["case_id"]:
            case "1":
                return 202, {}, {"report_id": "rep_1", "repeat": False, "queries": [{}, {}]}
            case "2":
                return 202, {}, {"report_id": "rep_1", "repeat": True, "queries": [{}]}
            case _:
                return 400, {}, {"detail": "no clinical content"}

    file = tmp_path / "openfda.json"
    file.write_text(json.dumps({"results": [{"safetyreportid": str(number)} for number in (1, 2, 3)]}))
    with answering(intake) as url:
        arguments = ["import", "openfda", str(file), "--sponsor", "helvion", "--url", url]
        result = CliRunner().invoke(app, [*arguments, "--json"])
        told = CliRunner().invoke(app, arguments)
    counts = json.loads(result.stdout)
    assert (counts["read"], counts["accepted"], counts["repeats"], counts["queries"]) == (3, 1, 1, 2)
    assert counts["refused"] == [{"case_id": "3", "status": 400, "words": "no clinical content"}]
    assert counts["reconciles"] is True
    assert result.exit_code == 1
    assert "3 read = 1 accepted + 1 repeats + 1 refused" in told.stdout
    assert posted[0] == ("POST", "/v1/reports", {"sponsor": "helvion", "sender": {"case_id": "1"}}, KEY)


def test_the_physician_acts_on_the_revision_that_it_saw() -> None:
    acts: list[Any] = []

    def review(method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
        if method == "POST":
            acts.append((path, headers["If-Match"], body["reason"]))
            return 200, {}, {}
        if "?" in path:
            return 200, {}, {"cases": [{"id": "case_1", "revision": 7}], "next": None}
        return 200, {"ETag": '"7"'}, CASE

    with answering(review) as url:
        assert Physician(Staff(url), Terms({})).round() == 1
    assert acts == [("/api/cases/case_1/approve", '"7"', "determinations checked against the report")]


def test_a_refused_action_is_not_tried_again_at_the_same_revision() -> None:
    acts: list[str] = []

    def review(method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
        if method == "POST":
            acts.append(path)
            return 409, {}, {"detail": "It has open questions.", "errors": [{"words": "two persons"}]}
        return 200, {"ETag": '"7"'}, {"cases": [CASE]} if "?" in path else CASE

    with answering(review) as url:
        physician = Physician(Staff(url), Terms({}))
        assert [physician.round(), physician.round()] == [1, 0]
    assert len(acts) == 1
    assert physician.leaves() == {"case_1": "approve was refused: It has open questions.; two persons"}


def test_a_case_at_rest_is_read_once_and_every_page_is_walked() -> None:
    read: list[str] = []
    closed = {**CASE, "status": "closed"}

    def review(method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
        read.append(path)
        if "after=" in path:
            return 200, {}, {"cases": [{"id": "case_2", "revision": 7}], "next": None}
        if "?" in path:
            return 200, {}, {"cases": [{"id": "case_1", "revision": 7}], "next": "2026-12-08~case_1"}
        return 200, {"ETag": '"7"'}, closed

    with answering(review) as url:
        physician = Physician(Staff(url), Terms({}))
        assert [physician.round(), physician.round()] == [0, 0]
    assert [path for path in read if "?" not in path] == ["/api/cases/case_1", "/api/cases/case_2"]


def test_an_import_waits_while_intake_cannot_keep_what_it_sends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAYZERO_PARTNER_KEY", "dzk_x.secret")
    answers = [503, 503, 202]

    def intake(method: str, path: str, body: Any, headers: dict[str, str]) -> Reply:
        status = answers.pop(0)
        return status, {"Retry-After": "0"}, {"report_id": "rep_1", "repeat": False, "queries": []}

    file = tmp_path / "reports.ndjson"
    file.write_text('{"narrative": "x"}\n', encoding="utf-8")
    with answering(intake) as url:
        result = CliRunner().invoke(app, ["import", "reports", str(file), "--url", url])
    assert (result.exit_code, answers) == (0, [])
    assert "1 read = 1 accepted" in result.stdout
