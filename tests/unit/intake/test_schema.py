"""The body's schema is the contract's struct: a field added to one and forgotten in the other fails here."""

from typing import Any

import msgspec
import pytest

from intake.api import schemas
from intake.api.fields import PartSchema
from intake.cli import report_schema
from intake.domain.countries import COUNTRIES
from shared.contracts import clinical, report_received
from tests.unit.intake.conftest import REPORT, Intake, read

PAIRS: list[tuple[type[PartSchema], type[msgspec.Struct], set[str]]] = [
    (schemas.SenderSchema, report_received.Sender, set()),
    (schemas.AgeSchema, clinical.Age, set()),
    (schemas.PatientSchema, clinical.Patient, set()),
    (schemas.ReporterSchema, clinical.Reporter, {"received_id"}),
    (schemas.CodingSchema, clinical.Coding, {"demonstration", "chosen"}),
    (schemas.ReactionSchema, clinical.Reaction, {"coding", "criteria_derived", "received_id", "held_non_serious"}),
    (schemas.CausalitySchema, clinical.Causality, set()),
    (schemas.ParentSchema, clinical.Parent, set()),
    (schemas.DoseSchema, clinical.Dose, set()),
    (schemas.DrugSchema, clinical.Drug, {"sponsor_product", "received_id", "placebo"}),
    (schemas.StudySchema, clinical.Study, set()),
    (schemas.CaseIdentifierSchema, clinical.CaseIdentifier, set()),
    (
        schemas.CaseContentSchema,
        clinical.CaseContent,
        {"received_from", "received_icsr", "qualified_on", "nullified", "goes_on"},
    ),
]


@pytest.mark.parametrize(("schema", "struct", "server_owned"), PAIRS)
def test_schema_fields_are_the_structs_but_what_only_the_server_may_say(
    schema: type[PartSchema], struct: type[msgspec.Struct], server_owned: set[str]
) -> None:
    assert set(schema().fields) == set(struct.__struct_fields__) - server_owned
    needed = {name for name, field in schema().fields.items() if field.required}
    assert needed == {field.name for field in msgspec.structs.fields(struct) if field.required}


def test_every_part_of_the_content_is_compared() -> None:
    compared = {struct for _, struct, _ in PAIRS}
    parts = {each for each in vars(clinical).values() if isinstance(each, type) and issubclass(each, clinical.Content)}
    assert parts - {clinical.Content} <= compared


def test_published_schema_describes_every_field() -> None:
    schema = report_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["properties"]) == set(schemas.ReportSchema().fields)
    for part in [schema, *schema["$defs"].values()]:
        assert part["description"]
        assert part["additionalProperties"] is False
        assert all(field.get("title") for field in part["properties"].values())


def test_published_references_lead_somewhere() -> None:
    schema = report_schema()
    names = {name.removeprefix("#/$defs/") for name in _references(schema)}
    assert names == set(schema["$defs"])


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for each in node.values() for found in _references(each)]
    return [found for each in node for found in _references(each)] if isinstance(node, list) else []


def test_published_example_is_taken_without_a_query(intake: Intake) -> None:
    (example,) = report_schema()["examples"]
    answer = intake.post(example)
    assert (answer.status_code, answer.json["queries"]) == (202, [])  # type: ignore[index]


def test_every_example_of_a_field_is_valid() -> None:
    assert _unfit(report_schema()) == []
    assert read(REPORT).queries == ()


def _unfit(schema: dict[str, Any]) -> list[str]:
    unfit: list[str] = []
    definitions = {"Report": schema, **schema["$defs"]}
    for part, described in definitions.items():
        form = getattr(schemas, f"{part}Schema")()
        for name, field in described["properties"].items():
            unfit += [
                f"{part}.{name}" for example in field.get("examples", []) if form.validate({name: example}).get(name)
            ]
    return unfit


def test_countries_are_those_of_iso_3166() -> None:
    assert len(COUNTRIES) == 249
    assert {"CH", "GB", "GR", "XK", "UK", "EU"} & COUNTRIES == {"CH", "GB", "GR"}
