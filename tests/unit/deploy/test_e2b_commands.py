"""The e2b commands hand a case on unchanged, and say by their exit code what they found."""

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from deploy.cli.main import app

GOLDEN = Path(__file__).parents[2] / "golden" / "icsr"
RICH = GOLDEN / "rich.xml"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["e2b", *words])


def test_a_case_goes_through_json_and_back(tmp_path: Path) -> None:
    read = run("read", str(RICH), "--json")
    assert read.exit_code == 0
    case, result = tmp_path / "case.json", tmp_path / "result.xml"
    case.write_text(read.stdout, encoding="utf-8")
    assert run("write", str(case), "-o", str(result)).exit_code == 0
    assert run("diff", str(RICH), str(result)).exit_code == 0
    assert "<" not in json.dumps(json.loads(read.stdout)["messages"][0]["report"]["patient"])


def test_a_difference_is_told_by_element(tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    other.write_text(RICH.read_text(encoding="utf-8").replace('value="71.2"', 'value="72"'), encoding="utf-8")
    result = run("diff", str(RICH), str(other))
    assert result.exit_code == 1
    assert "D.3 (Body weight (kg)) at messages[0].report.patient.weight: 71.2 | 72" in result.stdout


def test_a_round_trip_says_how_much_was_compared() -> None:
    result = run("roundtrip", str(RICH), str(GOLDEN / "minimal.xml"), "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert [(each["differences"], each["compared"] > 20) for each in told] == [([], True), ([], True)]


def test_what_is_left_over_is_said_and_unreadable_files_end_with_three(tmp_path: Path) -> None:
    stray = tmp_path / "stray.xml"
    stray.write_text(
        RICH.read_text(encoding="utf-8")
        .replace("</birthTime>", "")
        .replace('<birthTime value="19780615"/>', '<birthTime value="19780615"/><deceasedInd value="true"/>'),
        encoding="utf-8",
    )
    found = run("read", str(stray))
    assert found.exit_code == 1
    assert "deceasedInd" in found.output
    (tmp_path / "none.xml").write_text("<a/>")
    assert run("read", str(tmp_path)).exit_code == 3
    assert run("write", str(tmp_path / "none.xml"), "-o", str(tmp_path / "x.xml")).exit_code == 3


def test_elements_are_listed_once_each_with_their_field() -> None:
    listed = json.loads(run("elements", "--json").stdout)
    assert {each["field"] for each in listed if each["id"] == "D.3"} == {"messages[].report.patient.weight"}
    assert "253 elements" in run("elements").stdout


def test_show_gives_a_line_for_each_element() -> None:
    assert "E.i.2.1b" in run("show", str(RICH)).stdout
