"""A row of a table becomes the raw report that it was made from; what cannot be matched is counted (DOMAIN 4)."""

import os
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.failure import CommandError
from deploy.cli.import_files import csv_rows, json_lines, openfda_results
from deploy.cli.openfda import body_of
from deploy.demo.posting import read_lines

REPORTS = (
    "Safety Report ID,Transmission Date,Serious,Seriousness Death,Received Date,Patient Age,Patient Sex,"
    "Reporter Country,Reactions,Drug Details\n"
)
ROW = (
    "7,20141002,1,1,20140306,77,2,US,Vomiting; Crohn^s disease,\"[{'drug_name': 'MADEUPINE', "
    "'drug_indication': None, 'administration_route': '048'}]\"\n"
)
BY_DRUG = (
    "report_id,query_drug,serious,report_date,receipt_date,country,company_number,patient_age,patient_age_unit,"
    "patient_sex,patient_weight,all_drugs,suspect_drugs,reactions,reaction_outcomes,drug_roles,"
    "administration_routes,num_drugs,num_suspect_drugs,num_reactions\n"
)
DRUG_ROW = (
    "8,metformin,0,2019-01-01,2019-02-03,CA,CA-X-1,78,801,male,,AINE; BINE,AINE,Rash; Fever,1; 6,1; 2,048,2,1,2\n"
)


def body(text: str, folder: Path) -> tuple[dict[str, Any], dict[str, int], dict[str, int]]:
    file = folder / "table.csv"
    file.write_text(text, encoding="utf-8")
    (raw,) = openfda_results(file)
    mapped = body_of(raw, "helvion")
    return mapped.body, dict(mapped.left_out), dict(mapped.no_place)


def test_a_row_of_the_table_of_reports(tmp_path: Path) -> None:
    mapped, left_out, no_place = body(REPORTS + ROW, tmp_path)
    assert mapped == {
        "sponsor": "helvion",
        "sender": {"organisation": "FDA-Public Use", "type": "regulatory_authority", "case_id": "7"},
        "first_aware_at": "2014-03-06",
        "serious": True,
        "seriousness_criteria": ["results_in_death"],
        "patient": {"age": {"value": 77.0}, "sex": "female"},
        "reporters": [{"country": "US"}],
        "reactions": [{"verbatim": "Vomiting"}, {"verbatim": "Crohn's disease"}],
        "drugs": [{"name": "MADEUPINE", "route": "Oral"}],
    }
    assert (left_out, no_place) == ({}, {"transmissiondate": 1})


def test_what_a_row_does_not_say_is_not_in_its_body(tmp_path: Path) -> None:
    row = "9,,2,,20140306,,0,COUNTRY NOT SPECIFIED,Rash,[]\n"
    mapped, left_out, _ = body(REPORTS + row, tmp_path)
    assert set(mapped) == {"sponsor", "sender", "first_aware_at", "serious", "reactions"}
    assert left_out == {"patientsex=0": 1, "reportercountry=COUNTRY NOT SPECIFIED": 1}


@pytest.mark.parametrize("details", ["nonsense", "[1, 2]", "__import__('os')", "{'a': 1}", "[" * 500])
def test_drugs_that_cannot_be_read_are_counted(details: str, tmp_path: Path) -> None:
    row = f'9,,2,,20140306,,1,US,Rash,"{details}"\n'
    mapped, _, no_place = body(REPORTS + row, tmp_path)
    assert "drugs" not in mapped
    assert no_place == {"drug details that cannot be read": 1}


def test_a_row_of_the_table_by_drug(tmp_path: Path) -> None:
    mapped, left_out, no_place = body(BY_DRUG + DRUG_ROW, tmp_path)
    assert mapped["latest_information_on"] == "2019-02-03"
    assert (mapped["serious"], mapped["worldwide_case_id"]) == (False, "CA-X-1")
    assert mapped["patient"] == {"age": {"value": 78.0, "unit": "year"}, "sex": "male"}
    assert mapped["reactions"] == [
        {"verbatim": "Rash", "outcome": "recovered"},
        {"verbatim": "Fever", "outcome": "unknown"},
    ]
    assert mapped["drugs"] == [{"name": "AINE", "role": "suspect"}, {"name": "BINE", "role": "concomitant"}]
    assert (left_out, no_place) == ({}, {"administration_routes of another length than medicinalproduct": 1})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n", "no table of openFDA"),
        (b"", "no table of openFDA"),
        (b"Safety Report ID,Serious\n1,2\n", "has no column"),
        (b'Safety Report ID,Serious\n1,"2\n', "the row that begins at line 2"),
        (b'Safety Report ID,Serious\n1,2\n"3\n4",5\n6,"7\n8,9\n', "the row that begins at line 5"),
        (b"Safety Report ID,Serious,Serious\n1,2,2\n", "the column 'Serious' more than once"),
        (b"Safety Report ID\n\xff\n", "is not utf-8-sig at byte 17"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_whole(content: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        openfda_results(file)


def test_cells_beyond_and_short_of_the_header_are_kept_and_empty(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("a,b\n1\n1,2,3\n", encoding="utf-8-sig")
    assert csv_rows(file)[1] == [{"a": "1", "b": ""}, {"a": "1", "b": "2", "cells beyond the header": "['3']"}]


def test_cells_beyond_the_header_of_a_table_of_openfda_are_counted(tmp_path: Path) -> None:
    _, _, no_place = body(REPORTS + ROW.rstrip() + ",more\n", tmp_path)
    assert no_place == {"transmissiondate": 1, "cells beyond the header": 1}


def test_a_column_that_no_table_of_openfda_has_is_counted(tmp_path: Path) -> None:
    _, _, no_place = body(REPORTS.rstrip() + ",Batch,patient\n" + ROW.rstrip() + ",B7,\n", tmp_path)
    assert no_place == {"transmissiondate": 1, "column Batch": 1}


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
@pytest.mark.parametrize("name", ["openfda.json", "openfda.csv"])
def test_a_file_is_read_as_it_is_written(name: str, encoding: str, tmp_path: Path) -> None:
    file = tmp_path / name
    content = {"openfda.json": '{"results": [{"safetyreportid": "7é"}]}', "openfda.csv": REPORTS + "é" + ROW}[name]
    file.write_text(content, encoding=encoding)
    assert "é" in openfda_results(file, encoding)[0]["safetyreportid"]
    with pytest.raises(CommandError, match="say how it is written with --encoding"):
        openfda_results(file)


@pytest.mark.parametrize("encoding", ["nosuch", "rot13", "hex", "undefined"])
def test_an_encoding_that_is_none_for_text_is_refused(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(CommandError, match=f"--encoding '{encoding}' is none for text"):
        csv_rows(file, encoding)
    with pytest.raises(CommandError, match=f"--encoding '{encoding}' is none for text"):
        list(json_lines(file, encoding))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"results": [{"serious": "1", "serious": "2"}]}', "the key 'serious' more than once"),
        (f'{{"results": [{"1" * 5000}]}}', "a number of 5000 digits, which begins with 111111111; 4300 are read"),
        ("[" * 100_000, "nested too deeply"),
    ],
    ids=["key", "digits", "depth"],
)
def test_json_that_cannot_be_told_is_refused_in_our_words(content: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "openfda.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=words):
        openfda_results(file)


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for read in (openfda_results, csv_rows, read_lines):
        with pytest.raises(CommandError, match="no regular file"):
            read(pipe)
    with pytest.raises(CommandError, match="no regular file"):
        list(json_lines(Path("/dev/zero")))


def test_a_line_that_is_no_json_stays_a_line(tmp_path: Path) -> None:
    file = tmp_path / "reports.ndjson"
    file.write_text('{"a": 1}\n\n{"a": \n', encoding="utf-8")
    assert list(json_lines(file)) == [{"a": 1}, b'{"a": ']
