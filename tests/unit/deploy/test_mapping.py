"""A mapping moves what the operator names and nothing else; what finds no place is counted (DOMAIN 4)."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from deploy.cli import mapping
from deploy.cli.failure import CommandError
from intake.cli import report_schema

MAPPING = """
constants:
  sender: {organisation: Example Partner AG}
fields:
  - {from: Case, to: /sender/case_id}
  - {from: Received, to: /first_aware_at, date: "%d.%m.%Y"}
  - {from: Onset, to: /reactions/*/onset, date: compact, split: ";"}
  - {from: Events, to: /reactions/*/verbatim, split: ";"}
  - {from: Sex, to: /patient/sex, values: {"1": male, "2": female, "0": null}}
  - {from: Age, to: /patient/age/value, number: true}
  - {from: AgeUnit, to: /patient/age/unit}
  - {from: Drug1, to: /drugs/0/name}
  - {from: Drug2, to: /drugs/1/name}
ignore: [Internal]
"""
ROW = {
    "Case": "P-1",
    "Received": "09.03.2026",
    "Onset": "20260301; 2026",
    "Events": "rash; fever",
    "Sex": "2",
    "Age": "54",
    "AgeUnit": "year",
    "Drug1": "Examplomab",
    "Drug2": "",
    "Internal": "x",
    "Shoe size": "43",
}


def loaded(text: str, folder: Path) -> mapping.ReportMapping:
    file = folder / "mapping.yaml"
    file.write_text(text, encoding="utf-8")
    return mapping.load(file, report_schema())


def test_a_row_becomes_a_body(tmp_path: Path) -> None:
    mapped = mapping.body_of(ROW, loaded(MAPPING, tmp_path), "helvion")
    assert mapped.body == {
        "sponsor": "helvion",
        "sender": {"organisation": "Example Partner AG", "case_id": "P-1"},
        "first_aware_at": "2026-03-09",
        "patient": {"sex": "female", "age": {"value": 54.0, "unit": "year"}},
        "reactions": [{"verbatim": "rash", "onset": "2026-03-01"}, {"verbatim": "fever", "onset": "2026"}],
        "drugs": [{"name": "Examplomab"}],
    }
    assert mapped.left_out == Counter()
    assert mapped.no_place == Counter({"Shoe size": 1})


@pytest.mark.parametrize(
    ("changed", "left_out", "absent"),
    [
        ({"Sex": "7"}, "Sex=7", "sex"),
        ({"Sex": "0"}, None, "sex"),
        ({"Sex": ""}, None, "sex"),
        ({"Age": "old"}, "Age=old", "value"),
        ({"Received": "spring"}, "Received=spring", "first_aware_at"),
        ({"Onset": "2026"}, None, ""),
        ({"Events": "rash"}, "Events of another length", "verbatim"),
    ],
)
def test_what_cannot_be_told_is_left_out_and_counted(
    changed: dict[str, str], left_out: str | None, absent: str, tmp_path: Path
) -> None:
    mapped = mapping.body_of({**ROW, **changed}, loaded(MAPPING, tmp_path), None)
    expected = {"Onset": "Events of another length"}.get(next(iter(changed)), left_out)
    assert mapped.left_out == (Counter({expected: 1}) if expected else Counter())
    assert not absent or f"'{absent}'" not in str(mapped.body)


def test_a_json_record_is_read_by_pointers(tmp_path: Path) -> None:
    text = """
fields:
  - {from: /patient/sex, to: /patient/sex}
  - {from: /events/*/term, to: /reactions/*/verbatim}
  - {from: /events/*/fatal, to: /reactions/*/outcome, values: {"True": fatal, "False": null}}
"""
    record: dict[str, Any] = {
        "patient": {"sex": "male"},
        "events": [{"term": "rash", "fatal": False}, {"term": "fever", "fatal": True}],
        "extra": 1,
    }
    mapped = mapping.body_of(record, loaded(text, tmp_path), None)
    assert mapped.body == {
        "patient": {"sex": "male"},
        "reactions": [{"verbatim": "rash"}, {"verbatim": "fever", "outcome": "fatal"}],
    }
    assert mapped.no_place == Counter({"extra": 1})


def test_a_constant_is_what_holds_where_a_move_says_nothing(tmp_path: Path) -> None:
    known = loaded("constants: {sponsor: a, first_aware_at: 2026-03-09}\nfields: [{from: s, to: /sponsor}]", tmp_path)
    assert mapping.body_of({"s": ""}, known, None).body == {"sponsor": "a", "first_aware_at": "2026-03-09"}
    assert mapping.body_of({"s": "b"}, known, None).body["sponsor"] == "b"


@pytest.mark.parametrize("value", [["1"], {"a": 1}, 10**400], ids=["list", "object", "long"])
def test_a_number_that_is_none_is_left_out(value: object, tmp_path: Path) -> None:
    known = loaded("fields: [{from: /kg, to: /patient/weight_kg, number: true}]", tmp_path)
    mapped = mapping.body_of({"kg": value}, known, None)
    assert (mapped.body, mapped.left_out.total()) == ({}, 1)


@pytest.mark.parametrize("record", [{}, [], None, "text", {"patient": []}, {"events": {"term": "x"}}])
def test_a_record_of_another_form_says_nothing(record: object, tmp_path: Path) -> None:
    text = "fields:\n  - {from: /patient/sex, to: /patient/sex}\n  - {from: /events/*/term, to: /reactions/*/verbatim}"
    assert mapping.body_of(record, loaded(text, tmp_path), None).body == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fields: 3", "is no mapping"),
        ("fields:\n  - {from: a, to: /patient/shoe_size}", "'/patient/shoe_size' is no field of a report"),
        ("fields:\n  - {from: a, to: patient}", "is no field of a report"),
        ("fields:\n  - {from: a, to: /patient/sex, sort: x}", "unknown field"),
        ("fields:\n  - {from: a, to: /reactions/*/verbatim}", "one * for the items"),
        ("fields:\n  - {from: /a/*/b, to: /patient/sex}", "one * for the items"),
        ("{", "is no mapping"),
        ("fields: []\nconstants: {sender: {case_id: a, case_id: b}}", "the key 'case_id' is written more than once"),
        ("[" * 3000, "nested too deeply"),
        ("constants: &a {sender: *a}\nfields: []", "holds itself"),
        ("constants: {first_aware_at: 2026-13-45}\nfields: []", "is no mapping"),
        ("fields:\n  - {from: a, to: /drugs}\n  - {from: b, to: /drugs/0/name}", "'/drugs' and '/drugs/0/name'"),
        ("fields:\n  - {from: b, to: /drugs/0/name}\n  - {from: a, to: /drugs}", "'/drugs/0/name' and '/drugs'"),
        ("constants: {drugs: x}\nfields: [{from: b, to: /drugs/0/name}]", "'/drugs' and '/drugs/0/name'"),
        ("constants: {drugs: []}\nfields: [{from: b, to: /drugs/0/name}]", "'/drugs' and '/drugs/0/name'"),
        ("constants: {sender: {case_id: x}}\nfields: [{from: b, to: /sender}]", "'/sender/case_id' and '/sender'"),
        ("fields: [{from: a, to: /patient/sex}, {from: b, to: /patient/sex}]", "'/patient/sex' and '/patient/sex'"),
        ("fields: [{from: a, split: ;, to: /drugs/*/name}, {from: b, to: /drugs/1/name}]", "'/drugs/1/name' write one"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_by_name(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=words.replace("*", r"\*")):
        loaded(text, tmp_path)
