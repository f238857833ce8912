"""The demonstration's own data: enough of every kind, invented codes only, test destinations only (DOMAIN 4)."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.cli.failure import CommandError
from deploy.cli.import_reports import sender_case
from deploy.demo import made_up
from deploy.demo.posting import REPORTS, read_lines
from deploy.demo.terms import Terms
from intake.cli import report_schema

DEMO = REPORTS.parent
REGISTRY = sorted((DEMO / "registry").glob("*.yaml"))


@pytest.fixture(scope="module")
def reports() -> list[dict[str, Any]]:
    return read_lines(REPORTS)


def test_there_are_enough_reports_of_every_kind(reports: list[dict[str, Any]]) -> None:
    text = REPORTS.read_text(encoding="utf-8")
    keys = [sender_case(report) for report in reports]
    assert len(reports) >= 44
    assert len({json.dumps(report, sort_keys=True) for report in reports}) == len(reports) - 1  # one body comes twice
    assert len(keys) - len(set(keys)) == 4  # that one, a completion, an upgrade, a late follow-up
    assert all(letters in text for letters in ("νεφρική", "تساقط", "肝不全"))


def test_but_for_two_on_purpose_every_field_is_one_of_the_schema(reports: list[dict[str, Any]]) -> None:
    known = set(report_schema()["properties"])
    assert [sorted(set(report) - known) for report in reports if set(report) - known] == [["favourite_colour"]]


def test_all_codes_are_invented() -> None:
    rows = [line.split("$") for line in (DEMO / "dictionary" / "llt.asc").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 60
    assert all(row[0].startswith("99") and len(row[0]) == 8 and len(row) == 12 for row in rows)
    assert yaml.safe_load((DEMO / "dictionary" / "dictionary.yaml").read_text())["demonstration"] is True


@pytest.mark.parametrize("file", REGISTRY, ids=lambda file: str(file.stem))
def test_every_destination_is_a_test_destination(file: Path) -> None:
    sponsor = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert {"fda_postmarketing", "eu_postmarketing"} <= set(sponsor["destinations"])
    assert all(ids["test"] is True for ids in sponsor["destinations"].values())


@pytest.mark.parametrize("file", REGISTRY, ids=lambda file: str(file.stem))
def test_reference_safety_information_speaks_the_dictionary(file: Path) -> None:
    terms = Terms.load(DEMO / "dictionary")
    for product in yaml.safe_load(file.read_text(encoding="utf-8"))["products"]:
        for document in product["reference_safety_information"]:
            listed = [*document["terms"], *document.get("fatal_terms", ())]
            assert [term for term in listed if terms.code(term) is None] == []


def test_a_sponsor_is_made_up_from_reports_of_any_form(tmp_path: Path) -> None:
    drug = {"medicinalproduct": "MADEUPINE", "drugcharacterization": "1"}
    whole = {"patient": {"drug": drug, "reaction": [{"reactionmeddrapt": "Crohn^s disease"}, {}, "boom"]}}
    other: list[Any] = [{}, "x", None, {"patient": 3}, {"patient": {"drug": ["x", {"medicinalproduct": ["a"]}]}}]
    results = [*other, whole, {"patient": {"reaction": "boom"}}]
    assert made_up.terms(results) == ["Crohn's disease"]
    sponsor = yaml.safe_load((made_up.registry(results, tmp_path / "registry") / "made-up.yaml").read_text())
    assert [product["names"] for product in sponsor["products"]] == [["MADEUPINE"]]


def test_a_term_that_is_not_current_is_not_offered() -> None:
    assert Terms.load(DEMO / "dictionary").code("Vapours") is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{}\n{broken\n", "line 2 is no JSON"),
        (b"\n\n", "holds no report"),
        (b"{}\n" + b"[" * 100_000, "line 2 is no JSON: it is nested too deeply"),
        (b"1" * 5000, "line 1 is no JSON: a number of 5000 digits"),
        (b'{"narrative": "\xe9"}', "is not UTF-8 at byte 15"),
    ],
    ids=["broken", "blank", "deep", "digits", "latin-1"],
)
def test_an_input_that_cannot_be_read_says_so(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "reports.ndjson"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        read_lines(file)
