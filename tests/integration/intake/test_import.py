"""Reports of others through the real intake: each is accounted for, and to run it again does no harm (DOMAIN 1)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from intake.config import Settings
from intake.store.connection import IntakeDatabase
from shared.icsr.api import read_acknowledgement
from tests.e2b_files import batch, empty
from tests.integration.intake.conftest import Door, report
from tests.integration.intake.test_served import ready
from tests.integration.local.waiting import until
from tests.unit.intake.keys import KEY

MAPPING = """
constants: {sender: {organisation: Example Partner AG}}
fields:
  - {from: case, to: /sender/case_id}
  - {from: events, to: /reactions/*/verbatim, split: "|"}
  - {from: sex, to: /patient/sex, values: {m: male, f: female}}
"""


@pytest.fixture
def url(settings: Settings, door: Door, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("DAYZERO_PARTNER_KEY", KEY)
    with door("intake.app"):
        until(lambda: ready((settings.host, settings.port)), within=60)
        yield f"http://{settings.host}:{settings.port}"


def counted(url: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, ["import", *arguments, "--url", url, "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_lines_that_are_bodies(url: str, database: IntakeDatabase, tmp_path: Path) -> None:
    line = json.dumps(report(), ensure_ascii=False)
    file = tmp_path / "reports.ndjson"
    file.write_text(f'{line}\n{line}\n\n{{"half": \n["no object"]\n', encoding="utf-8")
    code, counts = counted(url, "reports", str(file))
    assert (counts["read"], counts["accepted"], counts["repeats"], len(counts["refused"])) == (4, 1, 1, 2)
    assert (code, counts["reconciles"]) == (1, True)
    assert database.collection("reports").count_documents({}) == 1
    kept = [document["raw"] for document in database.collection("refusals").find()]
    assert b'{"half": ' in kept


def test_half_a_surrogate_pair_stops_nothing(url: str, tmp_path: Path) -> None:
    broken = {**report(), "sender": {"organisation": "x", "case_id": "half \ud800"}}
    lines, raw = tmp_path / "reports.ndjson", tmp_path / "openfda.json"
    lines.write_text(f"{json.dumps(broken)}\n{json.dumps(report())}\n", encoding="utf-8")
    _, counts = counted(url, "reports", str(lines))
    assert (counts["read"], counts["reconciles"]) == (2, True)
    raw.write_text(json.dumps({"results": [{"safetyreportid": "\udc00"}, {"safetyreportid": "2"}]}), encoding="utf-8")
    _, counts = counted(url, "openfda", str(raw), "--sponsor", "helvion")
    assert (counts["read"], counts["reconciles"]) == (2, True)


def test_a_table_with_a_mapping_twice(url: str, database: IntakeDatabase, tmp_path: Path) -> None:
    table, mapping = tmp_path / "table.csv", tmp_path / "mapping.yaml"
    table.write_text("case,events,sex,room\n1,rash|fever,f,12\n2,Кашель,x,\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    arguments = ("reports", str(table), "--mapping", str(mapping), "--sponsor", "helvion")
    code, counts = counted(url, *arguments)
    assert (code, counts["accepted"], counts["repeats"]) == (0, 2, 0)
    assert (counts["left_out"], counts["no_place"]) == ({"sex=x": 1}, {"room": 1})
    code, counts = counted(url, *arguments)
    assert (code, counts["accepted"], counts["repeats"]) == (0, 0, 2)
    stored = list(database.collection("reports").find().sort("content.reactions.verbatim"))
    assert [reaction["verbatim"] for each in stored for reaction in each["content"]["reactions"]] == [
        "rash",
        "fever",
        "Кашель",
    ]
    assert {each["sponsor"] for each in stored} == {"helvion"}


def test_a_table_without_a_mapping_is_not_guessed(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("case\n1\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["import", "reports", str(table)])
    assert result.exit_code == 2
    assert "--mapping" in result.stderr


def test_a_column_that_a_table_lacks_is_named(tmp_path: Path) -> None:
    table, mapping = tmp_path / "table.csv", tmp_path / "mapping.yaml"
    table.write_text("case,events\n1,rash\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    result = CliRunner().invoke(app, ["import", "reports", str(table), "--mapping", str(mapping)])
    assert result.exit_code == 2
    assert "has no column 'sex'" in result.stderr


def test_a_field_that_no_record_has_is_named_and_stops_nothing(url: str, tmp_path: Path) -> None:
    lines, mapping = tmp_path / "records.ndjson", tmp_path / "mapping.yaml"
    lines.write_text('{"case": "1", "events": "rash"}\n', encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    arguments = ["import", "reports", str(lines), "--mapping", str(mapping), "--sponsor", "helvion", "--url", url]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert "1 accepted" in result.stdout
    assert "No record has 'sex'" in result.stderr


def test_an_import_that_finds_nobody_tells_what_it_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYZERO_PARTNER_KEY", "dzk_x.secret")
    file = tmp_path / "reports.ndjson"
    file.write_text('{"narrative": "x"}\n', encoding="utf-8")
    result = CliRunner().invoke(app, ["import", "reports", str(file), "--url", "http://127.0.0.1:9"])
    assert result.exit_code == 2
    assert "0 read = 0 accepted" in result.stdout
    assert "does not answer" in result.stderr


def test_files_of_messages_are_answered_beside_them(url: str, database: IntakeDatabase, tmp_path: Path) -> None:
    folder, answers = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    answers.mkdir()
    (folder / "a.xml").write_bytes(batch("SE-ORBIS-1", "SE-ORBIS-2"))
    (folder / "b.xml").write_bytes(batch("SE-ORBIS-2", empty("SE-ORBIS-3"), number="B-2"))
    (folder / "c.xml").write_bytes(b"<!DOCTYPE a><a/>")
    code, counts = counted(url, "icsrs", str(folder), "--sponsor", "exemplar")
    assert (code, counts["reconciles"]) == (1, True)
    assert counts["files"] == {"read": 3, "accepted": 2, "repeats": 0, "refused": 1}
    assert counts["messages"] == {"read": 4, "accepted": 2, "repeats": 1, "refused": 1}
    first = (folder / "a.ack").read_bytes()
    assert [each.message_number for each in read_acknowledgement(first).messages] == ["SE-ORBIS-1", "SE-ORBIS-2"]
    code, counts = counted(url, "icsrs", str(folder / "a.xml"), "--sponsor", "exemplar", "-o", str(answers))
    assert (code, counts["files"]["repeats"], counts["messages"]["repeats"]) == (0, 1, 2)
    assert (answers / "a.ack").read_bytes() == first
    counted(url, "icsrs", str(folder / "a.xml"))  # of another scope: another file, another answer
    assert (folder / "a.ack").read_bytes() == first
    assert len(list(folder.glob("a-icf_*.ack"))) == 1
    assert database.collection("reports").count_documents({"sponsor": "exemplar"}) == 2
