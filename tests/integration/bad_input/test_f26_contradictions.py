"""A report is never refused for being poor: contradictions are queries with pointer and rule, and the case exists."""

from typing import Any

import pytest

from tests.integration.rig import Rig, a_body

REACTION = a_body("x")["reactions"][0]
PATIENT = {"initials": "F.T.", "sex": "female"}


def reaction(**facts: Any) -> dict[str, Any]:
    return {"reactions": [{**REACTION, **facts}]}


def drug(**facts: Any) -> dict[str, Any]:
    return {"drugs": [{"name": "Cardivane", "role": "suspect", **facts}]}


def patient(**facts: Any) -> dict[str, Any]:
    return {"patient": {**PATIENT, **facts}}


# name: facts, pointer, rule
POOR: dict[str, tuple[dict[str, Any], str, str]] = {
    "end before start": (reaction(onset="2026-03-05", end="2026-03-04"), "/reactions/0/end", "end-before-start"),
    "drug ended before it began": (drug(start="2026-03", end="2026-02"), "/drugs/0/end", "end-before-start"),
    "age against date of birth": (
        patient(age={"value": 30, "unit": "year"}, birth_date="1971"),
        "/patient/age",
        "age-contradicts-birth-date",
    ),
    "reaction in the future": (reaction(onset="2199-01-01"), "/reactions/0/onset", "date-in-future"),
    "birth in the future": (patient(birth_date="2199"), "/patient/birth_date", "date-in-future"),
    "150 years old": (patient(age={"value": 150, "unit": "year"}), "/patient/age", "age-implausible"),
    "29 February of no leap year": (reaction(onset="2025-02-29"), "/reactions/0/onset", "date"),
    "unknown unit": (drug(dose={"value": 1, "unit": "table spoon"}), "/drugs/0/dose/unit", "unit"),
    "unknown unit of age": (patient(age={"value": 1, "unit": "aeon"}), "/patient/age/unit", "choice"),
    "country UK": (reaction(country="UK"), "/reactions/0/country", "country"),
    "zero dose": (drug(dose={"value": 0, "unit": "mg"}), "/drugs/0/dose/value", "dose-zero"),
    "serious and not": (reaction(serious=False), "/reactions/0/serious", "seriousness-contradiction"),
    "fatal without death": (reaction(outcome="fatal"), "/reactions/0/outcome", "fatal-without-death"),
    "death before birth": (
        patient(birth_date="2001", death_date="2000"),
        "/patient/death_date",
        "death-before-birth",
    ),
    "aware after receipt": ({"first_aware_at": "2199-01-01"}, "/first_aware_at", "first-aware-after-receipt"),
    "an object for a text": ({"narrative": {"text": "x"}}, "/narrative", "text"),
    "a list for an object": ({"patient": []}, "/patient", "object"),
    "an object for a list": ({"drugs": {"name": "Cardivane"}}, "/drugs", "list"),
}


@pytest.mark.parametrize("name", POOR)
def test_f26_a_poor_report_is_accepted_with_a_query_and_is_a_case(rig: Rig, name: str) -> None:
    facts, pointer, rule = POOR[name]
    answer = rig.post(a_body(f"f26 {name}", **facts))
    assert answer.status == 202
    assert (pointer, rule) in [(query["pointer"], query["rule"]) for query in answer.body["queries"]]
    assert rig.case_of(answer.body["report_id"])["status"] in {"needs_review", "awaiting_minimum_criteria"}
    strict = rig.post(a_body(f"f26 {name} strict", **facts), Prefer="handling=strict")
    assert (strict.status, strict.body["type"].rpartition("/")[2]) == (422, "strict-handling")
