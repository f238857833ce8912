"""What fails is one readable line on standard error, never a traceback; scripts get JSON and exit codes."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.cli.main import app
from deploy.local.ports import free_port
from shared.icsr import api as icsr
from tests.golden.icsr import models

GOLDEN = Path(models.__file__).parent


@pytest.fixture(autouse=True)
def _nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No suite has run here, and none is configured."""
    for name in ("TRIAGE_MONGO_URI", "INTAKE_MONGO_URI", "REPORTING_MONGO_URI", "KAFKA", "E2B_SCHEMAS"):
        monkeypatch.delenv(f"DAYZERO_{name}", raising=False)
    monkeypatch.setenv("DAYZERO_RUN", str(tmp_path / "run"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_every_command_is_there() -> None:
    words = run("--help").output
    for name in ("up", "demo", "doctor", "ledger", "case", "schema", "import", "e2b", "deadletters", "audit"):
        assert name in words


FAILURES: list[tuple[Sequence[str], str]] = [
    (("ledger", "check"), "make up"),
    (("case", "show", "case_1"), "make up"),
    (("deadletters", "list"), "make up"),
    (("audit", "verify", "--sponsor", "helvion"), "make up"),
    (("audit", "public-key"), "make up"),
    (("deadletters", "show", "prk_1"), "make up"),
    (("deadletters", "replay", "--reason", "why"), "give --all"),
    (("deadletters", "replay", "prk_1", "--all", "--reason", "why"), "both items and --all were given"),
    (("deadletters", "replay", "prk_1", "--reason", " "), "a reason is required"),
    (("deadletters", "close", "prk_1", "--reason", ""), "a reason is required"),
    (("deadletters", "close", "prk_1", "--reason", "no \udcff case"), "the reason is not UTF-8"),
    (("demo", "--input", "no-such-file.ndjson"), "no-such-file.ndjson"),
    (("import", "openfda", "no-such-file.json", "--sponsor", "helvion"), "no-such-file.json"),
]


@pytest.mark.parametrize(("arguments", "words"), FAILURES, ids=[" ".join(row[0]) for row in FAILURES])
def test_a_failure_is_one_line(arguments: Sequence[str], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("content", "words"),
    [("{", "is no JSON"), ("[]", "no list 'results'"), ('{"results": [{}]}', "give the address of intake")],
)
def test_an_import_that_cannot_begin_says_why(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "openfda.json"
    file.write_text(content, encoding="utf-8")
    result = run("import", "openfda", str(file), "--sponsor", "helvion")
    assert result.exit_code == 2
    assert words in result.stderr


def test_an_intake_that_does_not_answer_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYZERO_PARTNER_KEY", "dzk_x.secret")
    file = tmp_path / "openfda.json"
    file.write_text('{"results": [{}]}', encoding="utf-8")
    url = f"http://127.0.0.1:{free_port()}"
    result = run("import", "openfda", str(file), "--sponsor", "helvion", "--url", url, "--json")
    assert result.exit_code == 2
    assert "does not answer" in result.stderr


def test_the_report_schema_is_json() -> None:
    result = run("schema", "report")
    assert result.exit_code == 0
    assert "reactions" in json.loads(result.stdout)["properties"]


def test_the_doctor_names_a_cure_for_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DAYZERO_MONGOD", str(tmp_path / "no-mongod"))
    monkeypatch.setenv("DAYZERO_KAFKA", "127.0.0.1:9092")
    result = run("doctor", "--json")
    found = {check["name"]: check for check in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert found["mongod"]["state"] == "missing"
    assert "DAYZERO_MONGOD" in found["mongod"]["cure"]
    assert found["python"]["state"] == "good"
    assert found["schemas"]["state"] == "optional"


def test_a_file_without_issues_is_exit_0() -> None:
    result = run("e2b", "validate", str(GOLDEN / "minimal.xml"), str(GOLDEN / "acknowledgement.xml"), "--json")
    assert result.exit_code == 0, result.output
    assert [file["issues"] for file in json.loads(result.stdout)] == [[], []]


def test_a_file_with_an_issue_is_exit_1_and_names_the_element(tmp_path: Path) -> None:
    broken = (GOLDEN / "minimal.xml").read_bytes()
    case_id = icsr.read(broken).messages[0].message_id
    file = tmp_path / "broken.xml"
    file.write_bytes(broken.replace(str(case_id).encode(), b"XX-NOWHERE-1"))
    result = run("e2b", "validate", str(file), "--json")
    assert result.exit_code == 1
    assert "C.1.1" in {issue["element"] for issue in json.loads(result.stdout)[0]["issues"]}


def test_what_has_no_end_is_not_read() -> None:
    result = run("e2b", "validate", "/dev/zero", str(GOLDEN / "minimal.xml"))
    assert (result.exit_code, "/dev/zero: it is no regular file" in result.stdout) == (3, True)


@pytest.mark.parametrize("content", [b"not xml", b"<!DOCTYPE a><a/>", None], ids=["text", "doctype", "no file"])
def test_an_unreadable_file_is_exit_3(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "unreadable.xml"
    if content is not None:
        file.write_bytes(content)
    assert run("e2b", "validate", str(file), str(GOLDEN / "minimal.xml")).exit_code == 3
