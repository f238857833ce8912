"""A row of a table becomes the raw report that it was made from; what cannot be matched is counted (DOMAIN 4)."""

from pathlib import Path
from typing import Any

import pytest

from deploy.cli.failure import CommandError
from deploy.cli.import_files import csv_rows, json_lines, openfda_results
from deploy.cli.openfda import body_of

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
        (b'Safety Report ID,Serious\n1,"2\n', "is no CSV: line"),
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


def test_a_line_that_is_no_json_stays_a_line(tmp_path: Path) -> None:
    file = tmp_path / "reports.ndjson"
    file.write_text('{"a": 1}\n\n{"a": \n', encoding="utf-8")
    assert list(json_lines(file)) == [{"a": 1}, b'{"a": ']
