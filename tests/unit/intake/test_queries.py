"""A field problem is a query with pointer, rule and cure; the value leaves the structured form, the report does not."""

from typing import Any

import pytest

from intake.domain.findings import pointer
from shared.contracts.clinical import Age, CaseContent, Patient
from tests.unit.intake.conftest import REPORT, Intake, read, rules

WRONG_LEAVES: list[tuple[dict[str, Any], str, str]] = [
    ({"patient": {"weight_kg": "72"}}, "/patient/weight_kg", "number"),
    ({"patient": {"weight_kg": True}}, "/patient/weight_kg", "number"),
    ({"patient": {"weight_kg": -1}}, "/patient/weight_kg", "range"),
    ({"patient": {"weight_kg": 1e30}}, "/patient/weight_kg", "range"),
    ({"study": {"type": 12.9}}, "/study/type", "whole-number"),
    ({"study": {"type": 2**70}}, "/study/type", "whole-number"),
    ({"study": {"type": "٣"}}, "/study/type", "whole-number"),
    ({"serious": "yes"}, "/serious", "boolean"),
    ({"patient": {"sex": "FEMALE"}}, "/patient/sex", "choice"),
    ({"reactions": [{"verbatim": "x", "criteria": ["fatal"]}]}, "/reactions/0/criteria/0", "choice"),
    ({"patient": {"birth_date": "20260105"}}, "/patient/birth_date", "date"),
    ({"patient": {"birth_date": "2025-02-29"}}, "/patient/birth_date", "date"),
    ({"patient": {"birth_date": "2025-13"}}, "/patient/birth_date", "date"),
    ({"patient": {"birth_date": "0071"}}, "/patient/birth_date", "date"),
    ({"latest_information_on": "2026-03"}, "/latest_information_on", "full-date"),
    ({"first_aware_at": "2026-03-09T14:05:00"}, "/first_aware_at", "date-or-instant"),
    ({"first_aware_at": "2026-03-09T25:05:00Z"}, "/first_aware_at", "date-or-instant"),
    ({"reporters": [{"country": "UK"}]}, "/reporters/0/country", "country"),
    ({"reporters": [{"country": "ch"}]}, "/reporters/0/country", "country"),
    ({"reporters": [{"country": "EU"}]}, "/reporters/0/country", "country"),
    ({"reactions": [{"verbatim": "x", "language": "de"}]}, "/reactions/0/language", "language"),
    ({"drugs": [{"name": "x", "dose": {"value": 1, "unit": "two words"}}]}, "/drugs/0/dose/unit", "unit"),
    ({"drugs": [{"name": "x", "dose": {"value": 1}}]}, "/drugs/0/dose/unit", "missing"),
    ({"patient": {"age": {"value": None, "unit": "year"}}}, "/patient/age/value", "missing"),
    ({"other_case_ids": [{"source": "A", "identifier": " "}]}, "/other_case_ids/0/identifier", "missing"),
    ({"worldwide_case_id": "CH-A-1\x00"}, "/worldwide_case_id", "illegal-character"),
    ({"worldwide_case_id": "x" * 101}, "/worldwide_case_id", "too-long"),
    ({"reactions": {"verbatim": "x"}}, "/reactions", "list"),
    ({"reactions": ["headache"]}, "/reactions/0", "object"),
    ({"patient": "a man"}, "/patient", "object"),
    ({"narrative": 7}, "/narrative", "text"),
    ({"sponsor": "Example Pharma AG"}, "/sponsor", "sponsor-form"),
    ({"sponsor": 7}, "/sponsor", "text"),
]


@pytest.mark.parametrize(("body", "where", "rule"), WRONG_LEAVES)
def test_a_wrong_value_is_a_query(body: dict[str, Any], where: str, rule: str) -> None:
    found = {query.pointer: query for query in read(body).queries}
    assert found[where].rule == rule
    assert found[where].words.endswith((".", "?"))


@pytest.mark.parametrize(("body", "where", "rule"), WRONG_LEAVES)
def test_a_wrong_value_never_refuses_a_report(intake: Intake, body: dict[str, Any], where: str, rule: str) -> None:
    answer = intake.post({"narrative": "It happened.", **body})
    assert answer.status_code == 202
    assert where in {query["pointer"] for query in answer.json["queries"]}  # type: ignore[index]


def test_a_wrong_value_leaves_the_structured_form_and_the_right_ones_stay() -> None:
    reading = read(
        {
            "patient": {"weight_kg": "72", "height_cm": 180, "age": {"unit": "year"}},
            "reactions": ["headache", {"verbatim": "nausea", "onset": "soon"}],
            "drugs": [{"name": "A", "dose": {"value": "20", "unit": "mg"}, "dose_text": "20 mg"}],
        }
    )
    assert reading.content.patient is not None
    assert (reading.content.patient.weight_kg, reading.content.patient.height_cm) == (None, 180.0)
    assert reading.content.patient.age is None
    assert [(each.verbatim, each.onset) for each in reading.content.reactions] == [("nausea", None)]
    assert [(each.dose, each.dose_text) for each in reading.content.drugs] == [(None, "20 mg")]
    assert rules(reading)["/reactions/1/onset"] == "date"


def test_an_age_without_its_unit_is_kept_and_asked_about() -> None:
    reading = read({"patient": {"age": {"value": 77}}})
    assert reading.content.patient == Patient(age=Age(value=77.0))
    assert rules(reading) == {"/patient/age/unit": "age-unit-missing"}


def test_the_cure_is_in_the_words() -> None:
    (query,) = read({"reporters": [{"country": "UK"}]}).queries
    assert (query.value, query.words) == ('"UK"', "This is no ISO 3166-1 alpha-2 code. Write GB.")


def test_unknown_fields_are_flagged_with_what_they_said(intake: Intake) -> None:
    body = {**REPORT, "patient": {**REPORT["patient"], "shoe/size~": 43}, "coding": 1}
    answer = intake.post(body)
    unknown = [query for query in answer.json["queries"] if query["rule"] == "unknown-field"]  # type: ignore[index]
    assert [(query["pointer"], query["value"]) for query in unknown] == [
        ("/coding", "1"),
        ("/patient/shoe~1size~0", "43"),
    ]
    (report,) = intake.reports.kept.values()
    assert b"shoe/size~" in report.raw


@pytest.mark.parametrize("name", ["coding", "criteria_derived"])
def test_what_only_the_server_may_say_is_unknown_from_outside(name: str) -> None:
    reading = read({"reactions": [{"verbatim": "x", name: {"llt_code": "10000001"}}]})
    assert rules(reading) == {f"/reactions/0/{name}": "unknown-field"}
    assert reading.content.reactions[0].coding is None


def test_a_received_coding_cannot_call_itself_a_demonstration() -> None:
    coding = {"dictionary": "MedDRA", "version": "29.0", "llt_code": "10019211", "demonstration": True}
    reading = read({"reactions": [{"received_coding": coding}]})
    received = reading.content.reactions[0].received_coding
    assert received is not None
    assert (received.llt_code, received.demonstration) == ("10019211", False)


def test_text_is_normal_and_free_of_what_xml_cannot_carry() -> None:
    reading = read({"narrative": " a\x00b\x07c\ud800d\ufffe e\u0301 "})
    assert reading.content.narrative == "a�b�c�d� é"
    assert rules(reading) == {"/narrative": "illegal-character"}


def test_long_text_is_cut_in_the_structured_form_only() -> None:
    reading = read({"reactions": [{"verbatim": "é" * 251}]})
    assert reading.content.reactions[0].verbatim == "é" * 250
    assert rules(reading) == {"/reactions/0/verbatim": "too-long"}
    assert len(reading.queries[0].value or "") == 253


def test_the_value_of_a_query_is_cut() -> None:
    (query,) = read({"narrative": "x", "more": "y" * 9000}).queries
    assert len(query.value or "") == 500


@pytest.mark.parametrize("text", ["πονοκέφαλος", "صداع شديد", "頭痛と発熱"])
def test_text_of_any_script_comes_through(text: str) -> None:
    reading = read({"reactions": [{"verbatim": text}], "narrative": text})
    assert (reading.content.narrative, reading.content.reactions[0].verbatim) == (text, text)
    assert reading.queries == ()


def test_a_worldwide_id_is_kept_byte_for_byte() -> None:
    assert read({"worldwide_case_id": " ch-Ame\u0301-1"}).content.worldwide_case_id == " ch-Ame\u0301-1"


def test_null_and_blank_say_nothing() -> None:
    reading = read({"narrative": " ", "patient": {"initials": None}, "reactions": None, "drugs": [None, {}]})
    assert reading.content == CaseContent()
    assert reading.queries == ()
    assert not reading.holds_clinical_content


def test_a_hundred_thousand_unknown_names_are_counted_not_listed() -> None:
    reading = read({"narrative": "x", **{f"n{index}": 1 for index in range(60000)}})
    assert len(reading.queries) == 501
    assert reading.queries[-1].rule == "more-problems"


def test_lists_are_kept_to_a_measure() -> None:
    reading = read({"reactions": [{"verbatim": "x"}] * 501})
    assert len(reading.content.reactions) == 500
    assert rules(reading) == {"/reactions/500": "too-many"}


def test_a_pointer_beyond_all_measure_names_the_parent() -> None:
    assert pointer(("patient", "x" * 600)) == "/patient"
