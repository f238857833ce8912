"""Contradictions are queries, and what was reported stays as it was reported."""

from typing import Any

import pytest

from tests.unit.intake.conftest import read, rules

IMPLAUSIBLE: list[tuple[dict[str, Any], str, str]] = [
    (
        {"reactions": [{"verbatim": "x", "onset": "2026-03-05", "end": "2026-03-04"}]},
        "/reactions/0/end",
        "end-before-start",
    ),
    ({"drugs": [{"name": "x", "start": "2026-03", "end": "2026-02"}]}, "/drugs/0/end", "end-before-start"),
    ({"drugs": [{"name": "x", "start": "2026", "end": "2025-12-31"}]}, "/drugs/0/end", "end-before-start"),
    ({"reactions": [{"verbatim": "x", "onset": "2026-03-12"}]}, "/reactions/0/onset", "date-in-future"),
    ({"latest_information_on": "2026-04-01"}, "/latest_information_on", "date-in-future"),
    ({"patient": {"death_date": "2027"}}, "/patient/death_date", "date-in-future"),
    ({"patient": {"age": {"value": 150, "unit": "year"}}}, "/patient/age", "age-implausible"),
    ({"patient": {"age": {"value": 15, "unit": "decade"}}}, "/patient/age", "age-implausible"),
    (
        {"patient": {"age": {"value": 30, "unit": "year"}, "birth_date": "1971"}},
        "/patient/age",
        "age-contradicts-birth-date",
    ),
    (
        {"patient": {"birth_date": "2001"}, "reactions": [{"verbatim": "x", "onset": "2000"}]},
        "/patient/birth_date",
        "birth-after-reaction",
    ),
    ({"patient": {"birth_date": "2001", "death_date": "2000"}}, "/patient/death_date", "death-before-birth"),
    ({"reactions": [{"onset": "2026"}]}, "/reactions/0/verbatim", "reaction-term-missing"),
    ({"drugs": [{"role": "suspect"}]}, "/drugs/0/name", "drug-name-missing"),
    ({"drugs": [{"name": "x", "dose": {"value": 0, "unit": "mg"}}]}, "/drugs/0/dose/value", "dose-zero"),
    ({"drugs": [{"name": "x", "role": "concomitant"}]}, "/drugs", "suspect-drug-missing"),
    ({"reporters": [{"family_name": "a"}, {"family_name": "b"}]}, "/reporters", "primary-reporter-missing"),
    ({"reporters": [{"primary": True}, {"primary": True}]}, "/reporters", "primary-reporter-several"),
    (
        {"reactions": [{"verbatim": "x", "serious": False, "criteria": ["hospitalisation"]}]},
        "/reactions/0/serious",
        "seriousness-contradiction",
    ),
    (
        {"reactions": [{"verbatim": "x", "outcome": "fatal", "criteria": ["hospitalisation"]}]},
        "/reactions/0/outcome",
        "fatal-without-death",
    ),
    ({"seriousness_criteria": ["results_in_death"]}, "/seriousness_criteria", "seriousness-without-reaction"),
    ({"first_aware_at": "2026-03-11"}, "/first_aware_at", "first-aware-after-receipt"),
    ({"first_aware_at": "2026-03-09T23:31:00Z"}, "/first_aware_at", "first-aware-after-receipt"),
]


@pytest.mark.parametrize(("body", "where", "rule"), IMPLAUSIBLE)
def test_the_improbable_is_a_query(body: dict[str, Any], where: str, rule: str) -> None:
    assert rules(read(body)).get(where) == rule


def test_findings_point_at_the_body_as_received_though_items_before_left() -> None:
    reading = read({"reactions": ["lost", {"verbatim": "x", "onset": "2026-03-05", "end": "2026-03-04"}]})
    assert rules(reading) == {"/reactions/0": "object", "/reactions/1/end": "end-before-start"}
    assert (reading.content.reactions[0].onset, reading.content.reactions[0].end) == ("2026-03-05", "2026-03-04")


@pytest.mark.parametrize(
    "body",
    [
        {"reactions": [{"verbatim": "x", "onset": "2026-03", "end": "2026-03-01"}]},
        {"reactions": [{"verbatim": "x", "onset": "2026-03-11"}]},  # tomorrow here is today in Auckland
        {"patient": {"age": {"value": 54, "unit": "year"}, "birth_date": "1971"}},
        {"drugs": [{"name": "x", "end": "2026-12-31"}]},
    ],
)
def test_what_may_be_true_is_left_alone(body: dict[str, Any]) -> None:
    assert read(body).queries == ()


@pytest.mark.parametrize("stated", ["2026-03-10", "2026-03-01", "2026-03-10T00:29:00+01:00"])
def test_an_earlier_awareness_is_kept_as_stated(stated: str) -> None:
    reading = read({"narrative": "x", "first_aware_at": stated})
    assert (reading.first_aware_at, reading.queries) == (stated, ())


def test_a_later_awareness_does_not_move_the_clock() -> None:
    assert read({"narrative": "x", "first_aware_at": "2026-03-11"}).first_aware_at is None
