"""The generated reader of usual bodies says what ``Schema.load`` says, or leaves the body to it."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import INCLUDE, Schema, fields, pre_load

from intake.api.fields import Leaf, Part, Parts, PartSchema, text
from intake.api.reading import BodyReader
from intake.api.schemas import ReportSchema
from intake.api.usual import usual_reader
from intake.domain import dates
from intake.ports import Reading
from tests.unit.intake.conftest import NOW, REPORT, ZURICH
from tests.unit.intake.test_hostile import HOSTILE, VALUES, places

USUAL = usual_reader(ReportSchema())
SLOW = BodyReader(usual=lambda body: None)
DAYS = st.dates(date(1800, 1, 1), date(2199, 12, 31)).map(date.isoformat)
FORMS: dict[object, st.SearchStrategy[Any]] = {
    dates.partial_date: st.builds(lambda day, size: day[:size], DAYS, st.sampled_from([4, 7, 10])),
    dates.full_date: DAYS,
    dates.date_or_instant: DAYS | DAYS.map(lambda day: f"{day}T10:00:00+02:00"),
}
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def read(reader: BodyReader, body: Mapping[str, Any]) -> Reading:
    return reader.read(json.dumps(body).encode(), NOW.astimezone(ZURICH))


def leaf(field: Leaf) -> st.SearchStrategy[Any]:
    """Generate what the field keeps without a finding."""
    form = field.json_schema
    if field.read in FORMS:
        return FORMS[field.read]
    if "enum" in form:
        return st.sampled_from(form["enum"])
    values = {
        "boolean": st.booleans(),
        "integer": st.integers(form.get("minimum"), form.get("maximum")),
        "number": st.floats(form.get("minimum"), form.get("maximum")) | st.integers(form.get("minimum"), 50),
        "string": st.from_regex(form["pattern"], fullmatch=True) if "pattern" in form else words(form),
    }[form["type"]]
    return values.filter(lambda value: field.read(value)[0] is not None and not field.read(value)[1])


def words(form: Mapping[str, Any]) -> st.SearchStrategy[str]:
    return st.text(max_size=min(form.get("maxLength", 40), 40)) | st.sampled_from(
        ["10 mg", "Ünïcode", "line\nline", "頭痛"]
    )


def part(schema: PartSchema) -> st.SearchStrategy[dict[str, Any]]:
    """Generate objects that the schema takes without a finding, and in which something is said."""
    needed = {name: value_of(field) for name, field in schema.fields.items() if field.required}
    free = {name: value_of(field) for name, field in schema.fields.items() if not field.required}
    objects = st.fixed_dictionaries(needed, optional=free)
    return objects if needed else objects.filter(bool)


def value_of(field: Any) -> st.SearchStrategy[Any]:
    if isinstance(field, Parts):
        return st.lists(value_of(field.inner), min_size=1, max_size=3)
    return part(field.part()) if isinstance(field, Part) else leaf(field)


VALID = part(ReportSchema())


@PATIENT
@given(VALID)
def test_a_body_without_a_problem_is_taken_and_read_as_the_schema_reads_it(body: dict[str, Any]) -> None:
    assert USUAL(body) is not None
    assert read(BodyReader(), body) == read(SLOW, body)


@PATIENT
@given(VALID, st.data())
def test_a_body_with_a_value_exchanged_is_read_as_the_schema_reads_it(
    body: dict[str, Any], data: st.DataObject
) -> None:
    place: Any = body
    while True:
        key = data.draw(st.sampled_from(range(len(place)) if isinstance(place, list) else sorted(place)))
        if not (isinstance(place[key], list | dict) and place[key]) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(VALUES | st.sampled_from([*HOSTILE.values(), None, "", " ", {}, [None], True, 1.5, "2026"]))
    if isinstance(place, dict) and data.draw(st.booleans()):
        place["unheard_of"] = place.pop(key)
    assert read(BodyReader(), body) == read(SLOW, body)


@PATIENT
@given(st.dictionaries(st.sampled_from(sorted(ReportSchema().fields)) | st.text(max_size=5), VALUES))
def test_any_json_object_is_read_as_the_schema_reads_it(body: dict[str, Any]) -> None:
    assert read(BodyReader(), body) == read(SLOW, body)


def test_a_hostile_value_in_any_place_is_read_as_the_schema_reads_it() -> None:
    for build in places(ReportSchema()):
        for value in HOSTILE.values():
            assert read(BodyReader(), build(value)) == read(SLOW, build(value)), build(value)


def test_an_ordinary_report_is_usual_and_each_thing_unusual_is_left_to_the_schema() -> None:
    assert USUAL(REPORT) is not None
    unusual: list[dict[str, Any]] = [
        {"shoe": 43},
        {"patient": {"shoe": 43}},
        {"patient": []},
        {"drugs": [None]},
        {"drugs": [{}]},
        {"drugs": {}},
        {"drugs": [{"name": "a"}] * 501},
        {"drugs": [{"dose": {"value": 1}}]},
        {"patient": {"age": {"value": None, "unit": "year"}}},
        {"narrative": "a\x00"},
        {"study": {"type": 1.0}},
    ]
    assert [body for body in unusual if USUAL({**REPORT, **body}) is not None] == []


class Shouting(Leaf):
    """A class of field that the generator has never seen."""


class OddSchema(PartSchema):
    """Fields with what the generator does not know; each would change what ``load`` returns."""

    known = text(9, "Known")
    foreign = fields.String()
    derived = Shouting(lambda value: (str(value).upper(), ()), {"type": "string"}, "Shouting")
    inside = Parts(Shouting(lambda value: (str(value).upper(), ()), {"type": "string"}, "Shouting"), "Inside")


class RenamedSchema(PartSchema):
    """A field that reads another name."""

    known = text(9, "Known")
    known.data_key = "other"


class StrictSchema(PartSchema):
    """A field with a validator of its own."""

    known = text(9, "Known")
    known.validators.append(lambda value: None)


class HookedSchema(PartSchema):
    """A schema that changes the body first."""

    known = text(9, "Known")

    @pre_load
    def change(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        return {"known": "changed"}


class KeepingSchema(PartSchema):
    """A schema that keeps names it does not know."""

    known = text(9, "Known")

    class Meta:
        """marshmallow's own form."""

        unknown = INCLUDE


@pytest.mark.parametrize("name", ["foreign", "derived", "inside"])
def test_a_field_of_an_unknown_class_is_left_to_the_schema(name: str) -> None:
    usual = usual_reader(OddSchema())
    assert usual({"known": "a"}) == {"known": "a"}
    assert usual({"known": "a", name: ["b"]}) is None


@pytest.mark.parametrize(
    ("schema", "body"),
    [(RenamedSchema, {"other": "a"}), (StrictSchema, {"known": "a"}), (HookedSchema, {"known": "a"})],
)
def test_an_option_that_is_not_known_is_left_to_the_schema(schema: Callable[[], Schema], body: dict[str, Any]) -> None:
    assert usual_reader(schema())(body) is None


def test_a_schema_that_keeps_unknown_names_is_asked_itself() -> None:
    assert usual_reader(KeepingSchema())({"known": "a"}) is None
