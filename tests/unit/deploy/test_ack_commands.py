"""Acknowledgements on the command line: many at once, JSON and exit codes for scripts, a summary for people."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.cli.main import app
from shared.icsr import api as icsr
from shared.icsr.e2b.writer import write_batch
from tests.golden.icsr import models
from tests.unit.icsr.change import changed

GOLDEN = Path(models.__file__).parent / "acknowledgement.xml"


@pytest.fixture(autouse=True)
def _nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DAYZERO_E2B_SCHEMAS", raising=False)
    monkeypatch.setenv("DAYZERO_RUN", str(tmp_path / "run"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["e2b", "ack", *map(str, arguments)])


def told(result: Result) -> Any:
    return json.loads(result.stdout)


def accepted() -> bytes:
    answer = replace(models.acknowledgement(), code=icsr.TransmissionCode.ACCEPTED, error=None)
    message = replace(answer.messages[0], code=icsr.MessageCode.ACCEPTED, comment=None)
    return icsr.write_acknowledgement(replace(answer, messages=(message,)))


def test_all_accepted_is_exit_0(folder: Path) -> None:
    (folder / "a.xml").write_bytes(accepted())
    result = run("read", folder / "a.xml", "--json")
    assert result.exit_code == 0, result.output
    [file] = told(result)["files"]
    assert (file["outcome"], [each["outcome"] for each in file["messages"]]) == ("accepted", ["accepted"])


def test_a_rejection_is_exit_1_and_names_the_elements() -> None:
    result = run("read", GOLDEN, "--json")
    assert result.exit_code == 1
    [file] = told(result)["files"]
    assert "rejected" in {each["outcome"] for each in file["messages"]}
    assert run("read", GOLDEN).stdout.splitlines()[-1].startswith("1 file, 0 unreadable, 2 messages")


@pytest.mark.parametrize(
    "content", [b"not xml", b"<!DOCTYPE a><a/>", b"<html/>", None], ids=["text", "doctype", "html", "no file"]
)
def test_an_unreadable_file_among_others_is_exit_3(folder: Path, content: bytes | None) -> None:
    (folder / "a.xml").write_bytes(accepted())
    if content is not None:
        (folder / "b.ack").write_bytes(content)
    result = run("read", folder / "a.xml", folder / "b.ack", "--json")
    assert result.exit_code == 3
    assert told(result)["summary"] | {"files": 2, "unreadable": 1, "messages": 1} == told(result)["summary"]


def test_a_folder_is_read_whole(folder: Path) -> None:
    (folder / "deep").mkdir()
    for name in ("a.xml", "b.ACK", "deep/c.xml", "note.txt"):
        (folder / name).write_bytes(accepted())
    assert [Path(file["file"]).name for file in told(run("read", folder, "--json"))["files"]] == [
        "a.xml",
        "b.ACK",
        "c.xml",
    ]


def test_a_folder_without_answers_is_a_mistake_of_use(folder: Path) -> None:
    result = run("read", folder)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert ".ack" in result.stderr


def test_a_batch_is_answered_and_the_answer_is_never_replaced(folder: Path) -> None:
    (folder / "batch.xml").write_bytes(write_batch(models.minimal()))
    result = run("write", folder / "batch.xml", "--to", folder, "--json")
    assert result.exit_code == 0, result.output
    answer = icsr.read_acknowledgement((folder / "ack-batch.xml").read_bytes())
    assert (answer.batch_number, answer.ack_batch_number) == ("ORBIS-B-0001", "ACK-ORBIS-B-0001")
    assert [each.message_number for each in answer.messages] == ["SE-ORBIS-0001"]
    again = run("write", folder / "batch.xml", "--to", folder)
    assert again.exit_code == 3
    assert "lies there already" in again.stdout


def three_messages_the_second_without_an_outcome() -> bytes:
    [message] = models.minimal().messages
    messages = []
    for number in ("SE-ORBIS-0001", "SE-ORBIS-0002", "SE-ORBIS-0003"):
        identification = replace(message.report.identification, safety_report_id=number)
        report = replace(message.report, identification=identification)
        messages.append(replace(message, message_id=number, report=report))
    batch = replace(models.minimal(), messages=tuple(messages))
    return write_batch(changed(batch, "messages[1].report.reactions[0].outcome", None))


@pytest.mark.parametrize(("options", "second"), [((), "accepted with warnings"), (("--strict",), "rejected")])
def test_one_bad_message_among_three_is_named_and_the_others_taken(
    folder: Path, options: tuple[str, ...], second: str
) -> None:
    (folder / "batch.xml").write_bytes(three_messages_the_second_without_an_outcome())
    result = run("write", folder / "batch.xml", "--to", folder, "--json", *options)
    assert result.exit_code == 1
    messages = told(result)["files"][0]["messages"]
    assert [each["outcome"] for each in messages] == ["accepted", second, "accepted"]
    assert messages[1]["findings"][0]["elements"] == ["E.i.7"]


@pytest.mark.parametrize("content", [b"<a", b"<MCCI_IN200100UV01 xmlns='urn:hl7-org:v3'/>", None])
def test_what_cannot_be_answered_is_exit_3_and_leaves_no_file(folder: Path, content: bytes | None) -> None:
    if content is not None:
        (folder / "batch.xml").write_bytes(content)
    assert run("write", folder / "batch.xml", "--to", folder).exit_code == 3
    assert not (folder / "ack-batch.xml").exists()


def test_a_configured_folder_without_schemas_is_a_mistake_of_use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "batch.xml").write_bytes(write_batch(models.minimal()))
    monkeypatch.setenv("DAYZERO_E2B_SCHEMAS", str(folder))
    result = run("write", folder / "batch.xml", "--to", folder)
    assert result.exit_code == 2
    assert "DAYZERO_E2B_SCHEMAS" in result.stderr
