"""ASVS 1.2.4: an operator of the database in a place of data is data, or refused; it never becomes a query."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest

from intake.cli import report_schema
from tests.integration.rig import Rig, a_body, send

OPERATOR = {"$ne": 1}
IN_URL = quote(json.dumps(OPERATOR))
Build = Callable[[Any], Any]


def places(schema: dict[str, Any], definitions: dict[str, Any], build: Build = lambda value: value) -> Iterator[Build]:
    """Yield, for every place of the schema where a value may stand, what puts a value there."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if "properties" in schema:
        for name, below in schema["properties"].items():
            yield from places(below, definitions, partial(_within, build, name))
    elif schema.get("type") == "array":
        yield build
        yield from places(schema["items"], definitions, lambda value: build([value]))
    else:
        yield build


def _within(build: Build, name: str, value: Any) -> Any:
    return build({name: value})


def operators(value: Any) -> list[str]:
    """Return every name that MongoDB would take for an operator."""
    if isinstance(value, dict):
        below = [name for each in value.values() for name in operators(each)]
        return [name for name in value if name.startswith("$")] + below
    return [name for each in value for name in operators(each)] if isinstance(value, list) else []


def test_an_operator_in_every_place_of_a_report_is_a_query_and_is_stored_nowhere(rig: Rig) -> None:
    schema = report_schema()
    found = list(places(schema, schema["$defs"]))
    assert len(found) > 70
    for number, build in enumerate(found):
        answer = rig.post({"reporter_comments": f"n{number}", **build(OPERATOR)})
        assert answer.status in {202, 422}
        if answer.status == 202:
            assert answer.body["queries"]
    rig.settle()
    for service, name in (("intake", "reports"), ("triage", "cases"), ("triage", "case_versions")):
        assert [names for each in rig.data(service, name).find() if (names := operators(each))] == []


@pytest.mark.parametrize("header", ["Idempotency_Key", "Prefer", "Accept", "X_Sponsor"])
def test_an_operator_in_a_header_is_text(rig: Rig, header: str) -> None:
    words = json.dumps(OPERATOR)
    answers = [rig.post(a_body(f"operator {header}"), **{header: words}) for _ in range(2)]
    assert [answer.status for answer in answers] == [202, 202]
    assert len({answer.body["report_id"] for answer in answers}) == 1


@pytest.mark.parametrize(
    ("door", "path", "status"),
    [
        ("intake", f"/v1/reports/{IN_URL}", 404),
        ("intake", "/v1/reports/$ne", 404),
        ("intake", "/v1/reports/%00", 404),
        ("intake", "/v1/reports/%ff%fe", 404),
        ("intake", f"/v1/reports?report_id[$ne]=1&x={IN_URL}", 405),
        ("review", "/api/cases?status[$ne]=closed", 200),
        ("review", f"/api/cases?status={IN_URL}", 422),
        ("review", f"/api/cases?sponsor={IN_URL}", 200),
        ("review", "/api/cases?sponsor[$ne]=x&sponsor[]=x", 200),
        ("review", f"/api/cases?limit={IN_URL}", 422),
        ("review", "/api/cases?limit=99999999999999999999", 422),
        ("review", "/api/cases?limit=1&limit=2&status=closed&status=invalid", None),
        ("review", f"/api/cases/{IN_URL}", 404),
        ("review", "/api/cases/%00", 404),
        ("review", f"/api/cases/{IN_URL}/versions/1", 404),
        ("review", f"/cases/{IN_URL}", 404),
        ("review", f"/?status={IN_URL}", 422),
        ("review", "/?sponsor[$ne]=x", 200),
        ("review", "/parked?scope[$ne]=x", 200),
    ],
)
def test_an_operator_in_an_address_finds_nothing_more(rig: Rig, door: str, path: str, status: int | None) -> None:
    answer = send(rig.suite.intake_port, "GET", path, headers=rig.partner) if door == "intake" else rig.review(path)
    assert answer.status in ({status} if status else {200, 422})
    if path.startswith("/api/cases?sponsor={") and answer.status == 200:
        assert answer.body["cases"] == []


@pytest.mark.parametrize("action", ["approve", "return", "amend"])
def test_an_operator_in_an_action_changes_nothing(rig: Rig, action: str) -> None:
    case = rig.case_of(rig.post(a_body(f"operator {action}")).body["report_id"])
    path = f"/api/cases/{case['id']}/{action}"
    at = {"If_Match": f'"{case["revision"]}"'}
    good = {"reason": "because", **({"pointer": "/reactions/0/onset", "value": "2026"} if action == "amend" else {})}
    for name in good:
        answer = rig.review(path, "POST", {**good, name: OPERATOR}, **at)
        assert answer.status in {409, 422}, (name, answer.content)
    for revision in (json.dumps(OPERATOR), '"{$ne: 1}"', "*", '"9999999999999999999"', 'W/"1"'):
        assert rig.review(path, "POST", good, If_Match=revision).status in {412, 428}
    assert rig.review(f"/api/cases/{case['id']}").body == case


def test_an_operator_amended_into_every_text_is_refused(rig: Rig) -> None:
    case = rig.case_of(rig.post(a_body("operator values")).body["report_id"])
    at = {"If_Match": f'"{case["revision"]}"'}
    texts = ["/narrative", "/patient", "/patient/sex", "/reactions", "/reactions/0/verbatim", "/drugs/0/dose", "/study"]
    for pointer in [*texts, "/$ne", "/reactions/$ne", "/reactions/0/$ne", "/reactions/-1/onset", "/reactions/01/onset"]:
        body = {"reason": "because", "pointer": pointer, "value": OPERATOR}
        answer = rig.review(f"/api/cases/{case['id']}/amend", "POST", body, **at)
        assert answer.status in {409, 422}, (pointer, answer.content)
    assert rig.review(f"/api/cases/{case['id']}").body == case
