"""The e2b commands hand a case on unchanged, and say by their exit code what they found."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.cli.e2b_words import readable
from deploy.cli.main import app
from shared.icsr.e2b.writer import write_batch
from shared.icsr.model.dates import TS
from tests.golden.icsr.models import minimal
from tests.unit.icsr.change import changed

GOLDEN = Path(__file__).parents[2] / "golden" / "icsr"
RICH = GOLDEN / "rich.xml"
ANSWER_OF_R2 = """<ICHICSRACK lang="en">
<ichicsrmessageheader><messagenumb>ACK-7</messagenumb></ichicsrmessageheader>
<acknowledgment><messageacknowledgment><icsrmessagenumb>B-1</icsrmessagenumb>
<transmissionacknowledgmentcode>01</transmissionacknowledgmentcode></messageacknowledgment></acknowledgment>
</ICHICSRACK>"""


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


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('{"batch_number": ' + "9" * 5000 + "}", "a number of 5000 digits"),
        ('{"form": "a", "form": "b"}', "the key 'form' more than once"),
        ("", "not JSON"),
    ],
    ids=["deep", "long", "twice", "empty"],
)
def test_json_that_is_no_case_is_told_in_a_line(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "case.json").write_text(content)
    result = run("write", str(tmp_path / "case.json"), "-o", str(tmp_path / "x.xml"))
    assert (result.exit_code, result.output.count("\n")) == (3, 1)
    assert words in result.output


def test_elements_are_listed_once_each_with_their_field() -> None:
    listed = json.loads(run("elements", "--json").stdout)
    assert {each["field"] for each in listed if each["id"] == "D.3"} == {"messages[].report.patient.weight"}
    assert "253 elements" in run("elements").stdout
    assert run("elements", "N.1.1").stdout.splitlines()[-1] == "1 element"
    unknown = run("elements", "nope")
    assert (unknown.exit_code, unknown.output) == (1, "no element begins with 'nope'\n")


def test_show_gives_a_line_for_each_element() -> None:
    assert "E.i.2.1b" in run("show", str(RICH)).stdout


@pytest.fixture(autouse=True)
def _nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DAYZERO_E2B_SCHEMAS", raising=False)
    monkeypatch.setenv("DAYZERO_RUN", str(tmp_path / "run"))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with a good file between hostile, broken and foreign ones, some of them deeper down."""
    folder = tmp_path / "mixed"
    (folder / "deep").mkdir(parents=True)
    (folder / "a-hostile.xml").write_text('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')
    (folder / "b-broken.xml").write_bytes(RICH.read_bytes()[:3000])
    (folder / "deep" / "c-good.xml").write_bytes(RICH.read_bytes())
    (folder / "d-empty.XML").write_bytes(b"")
    (folder / "note.txt").write_text("no message")
    return folder


@pytest.mark.parametrize("command", ["validate", "read", "roundtrip", "show"])
def test_a_bad_file_among_many_does_not_stop_the_others(mixed: Path, command: str) -> None:
    result = run(command, str(mixed), str(mixed / "missing.xml"), "/dev/null")
    assert result.exit_code == 3
    assert "c-good.xml" in result.stdout
    assert "root:" not in result.output
    assert [line.strip() for line in result.stdout.splitlines() if "files" in line or "refused" in line] == [
        "6 files",
        "5 refused or unreadable",
    ]


def test_read_gives_a_line_of_json_for_each_of_many(mixed: Path) -> None:
    lines = [json.loads(line) for line in run("read", str(mixed), "--json").stdout.splitlines()]
    assert [("case" in line, "unreadable" in line) for line in lines] == [(False, True)] * 2 + [
        (False, True),
        (True, False),
    ]


def test_validate_takes_a_batch_message_by_message(tmp_path: Path) -> None:
    [message] = minimal().messages
    other = changed(minimal(), "messages[0].report.drugs[0].name", "x" * 251).messages[0]
    file = tmp_path / "batch.xml"
    file.write_bytes(write_batch(replace(minimal(), messages=(message, other, message))))
    [told] = json.loads(run("validate", str(file), "--json").stdout)
    assert told["messages"] == 3
    assert [(each["rule"], each["place"]) for each in told["issues"]] == [
        ("ICH.G.k.2.2.length", "messages[1].report.drugs[0].name"),
        ("ICH.N.2.r.1.unique", "messages[1].message_id"),
        ("ICH.N.2.r.1.unique", "messages[2].message_id"),
    ]


def test_what_a_receiver_would_not_understand_is_a_warning_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "stray.xml"
    stray = '<birthTime value="19780615"/>\n<deceasedInd value="true"/>'
    file.write_text(RICH.read_text(encoding="utf-8").replace('<birthTime value="19780615"/>', stray), encoding="utf-8")
    result = run("validate", str(file), "--json")
    [issue] = json.loads(result.stdout)[0]["issues"]
    assert (result.exit_code, issue["severity"], issue["rule"]) == (1, "warning", "DZ.unknown")
    assert issue["words"].startswith('<deceasedInd value="true"/> was not understood')
    assert issue["line"]


def test_a_differing_message_number_is_a_warning_on_reading(tmp_path: Path) -> None:
    file = tmp_path / "other.xml"
    file.write_bytes(write_batch(changed(minimal(), "messages[0].message_id", "SE-ORBIS-9")))
    [issue] = json.loads(run("validate", str(file), "--json").stdout)[0]["issues"]
    assert (issue["rule"], issue["severity"]) == ("ICH.N.2.r.1.equal", "warning")


def test_acknowledgements_are_validated_too() -> None:
    assert run("validate", str(GOLDEN / "acknowledgement.xml")).exit_code == 0


def test_of_an_answer_of_r2_it_is_said_that_there_is_no_schema(tmp_path: Path) -> None:
    (tmp_path / "r2.xml").write_text(ANSWER_OF_R2)
    assert "(ICH's set has no schema for R2, structural checks only)" in run("validate", str(tmp_path)).stdout


def test_a_changed_schema_set_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "set"
    (folder / "multicacheschemas").mkdir(parents=True)
    (folder / "multicacheschemas" / "MCCI_IN200100UV01.xsd").write_text("<changed/>")
    (folder / "manifest.json").write_text(
        '{"files": {"multicacheschemas/MCCI_IN200100UV01.xsd": {"sha256": "0", "bytes": 1}}}'
    )
    monkeypatch.setenv("DAYZERO_E2B_SCHEMAS", str(folder))
    for command in ("validate", "roundtrip"):
        result = run(command, str(RICH))
        assert result.exit_code == 2
        assert "was changed (multicacheschemas/MCCI_IN200100UV01.xsd: not as installed)" in result.stderr
    (folder / "manifest.json").unlink()
    (folder / "multicacheschemas" / "PORR_IN049016UV.xsd").write_text("<changed/>")
    for command in ("validate", "roundtrip"):
        result = run(command, str(RICH))
        assert result.exit_code == 2
        assert "can't be used" in result.stderr


def test_a_folder_without_messages_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    assert run("read", str(tmp_path / "nothing")).exit_code == 2


def test_show_tells_codes_null_flavors_and_references_in_words() -> None:
    shown = run("show", str(RICH)).stdout
    for words in (
        "E.i Reaction / event (2 of 2)",
        "Outcome of reaction / event at the time of last observation: 5 (fatal)",
        "Reporter's middle name: known, but withheld for privacy (MSK)",
        "Reaction(s) / event(s) assessed: reaction 2, 99000003",
        "Date of creation: 2026-04-01 12:00:00 +02:00",
        "Results in death: yes",
    ):
        assert words in shown
    assert all(len(line) <= 116 for line in shown.splitlines()[1:])


@pytest.mark.parametrize(
    ("reported", "shown"),
    [
        ("2026", "2026"),
        ("202604", "2026-04"),
        ("20260401", "2026-04-01"),
        ("202604011230-0500", "2026-04-01 12:30 -05:00"),
        ("20260401123059.1234+01", "2026-04-01 12:30:59.1234 +01"),
    ],
)
def test_dates_are_shown_as_precise_as_they_were_reported(reported: str, shown: str) -> None:
    assert readable(TS(reported)) == shown


def test_ids_that_mean_nothing_outside_a_file_make_no_difference(tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    renamed = RICH.read_text(encoding="utf-8").replace("6d1fbd14-6f5e", "11111111-2222")
    other.write_text(renamed, encoding="utf-8")
    result = run("diff", str(RICH), str(other))
    assert (result.exit_code, result.stdout) == (0, "0 differences\n")


def test_a_difference_in_what_no_element_holds_is_told(tmp_path: Path) -> None:
    other = tmp_path / "other.xml"
    stray = RICH.read_text(encoding="utf-8").replace("<birthTime", '<deceasedInd value="true"/><birthTime')
    other.write_text(stray, encoding="utf-8")
    result = run("diff", str(RICH), str(other))
    assert result.exit_code == 1
    assert "not understood" in result.stdout
    assert run("diff", str(RICH), str(tmp_path / "missing.xml")).exit_code == 3


def test_one_element_is_told_in_full() -> None:
    told = run("elements", "E.i.7").stdout
    assert "5 fatal" in told
    assert "messages[].report.reactions[].outcome" in told


def test_nothing_compared_is_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "empty.xml"
    file.write_text('<MCCI_IN200100UV01 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0"/>')
    result = run("roundtrip", str(file))
    assert result.exit_code == 1
    assert "0 pairs compared" in result.stdout
