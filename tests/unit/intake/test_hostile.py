"""Whatever stands in whatever place: the answer is a receipt with queries or a kept refusal, never an error of ours."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.api.fields import Leaf, Part, Parts, PartSchema
from intake.api.schemas import ReportSchema
from tests.unit.intake.conftest import Intake

HOSTILE: dict[str, Any] = {
    "operator": {"$ne": 1},
    "dotted": {"a.b": {"$where": "sleep(1)"}},
    "surrogate": "\ud800",
    "NUL": "a\x00b",
    "huge": 10**400,
    "infinite": float("1e308"),
    "negative zero": -0.0,
    "empty list": [],
    "nested lists": [[[]]],
    "right-to-left override": "\u202eabc",
}


def places(schema: PartSchema, wrap: Any = lambda value: value) -> Iterator[Any]:
    """Yield, for every leaf of the schema, a function that builds a body with a value there."""
    for name, field in schema.fields.items():
        yield from _places(field, lambda value, name=name: wrap({name: value}))


def _places(field: Any, wrap: Any) -> Iterator[Any]:
    if isinstance(field, Leaf):
        yield wrap
    elif isinstance(field, Parts):
        yield wrap
        yield from _places(field.inner, lambda value: wrap([value]))
    elif isinstance(field, Part):
        yield wrap
        yield from places(field.part(), wrap)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_value_in_every_place_is_a_receipt(name: str, intake: Intake) -> None:
    builders = list(places(ReportSchema()))
    assert len(builders) > 70
    for build in builders:
        body = build(HOSTILE[name])
        answer = intake.post(
            {"reporter_comments": "x", **body} if "reporter_comments" not in body else {"narrative": "x", **body}
        )
        assert answer.status_code == 202, body


@pytest.mark.parametrize("name", ["$where", "a.b", "_schema", "__class__", "\x00", "\ud800", "", "0"])
def test_a_hostile_name_is_an_unknown_field(name: str, intake: Intake) -> None:
    answer = intake.post({"narrative": "x", name: 1, "patient": {"sex": "male", name: {"$gt": ""}}})
    assert answer.status_code == 202
    assert [query["rule"] for query in answer.json["queries"]] == ["unknown-field"] * 2  # type: ignore[index]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(ReportSchema().fields)), inner),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from(sorted(ReportSchema().fields)) | st.text(), VALUES))
def test_any_json_object_is_a_receipt_or_says_nothing_clinical(intake: Intake, body: dict[str, Any]) -> None:
    answer = intake.post(body)
    assert answer.status_code in {202, 422}
    if answer.status_code == 422:
        assert answer.get_json(force=True)["type"].endswith("/no-clinical-content")
