"""The JSON Schema of a report, generated from the marshmallow schema that checks it (draft 2020-12)."""

import inspect
from typing import Any

from intake.api.fields import JsonSchema, Leaf, Part, Parts, PartSchema
from intake.api.schemas import ReportSchema
from intake.domain.clinical_content import CLINICAL

_EXAMPLE: JsonSchema = {
    "sponsor": "exemplar",
    "sender": {"organisation": "Example Partner AG", "case_id": "EXP-2026-00042"},
    "first_aware_at": "2026-03-09T14:05:00+01:00",
    "report_type": "spontaneous",
    "patient": {"initials": "M.K.", "age": {"value": 54, "unit": "year"}, "sex": "female"},
    "reporters": [{"family_name": "Muster", "country": "CH", "qualification": "physician", "primary": True}],
    "reactions": [
        {
            "verbatim": "schwere Kopfschmerzen",
            "language": "deu",
            "translation": "severe headache",
            "serious": True,
            "criteria": ["hospitalisation"],
            "onset": "2026-03-07",
            "outcome": "recovering",
        }
    ],
    "drugs": [
        {
            "name": "Examplomab 20 mg",
            "role": "suspect",
            "substances": ["examplomab"],
            "dose": {"value": 20, "unit": "mg"},
            "start": "2026-03",
            "indication": "arterial hypertension",
            "action_taken": "withdrawn",
        }
    ],
    "narrative": "Two days after the first dose the patient was admitted with severe headache.",
}


def report_schema() -> JsonSchema:
    """Return the JSON Schema of a body that is accepted without a single query on its form."""
    definitions: dict[str, JsonSchema] = {}
    top = _object(ReportSchema, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://dayzero.example/schemas/report.v1.json",
        **top,
        "title": "Safety report (POST /v1/reports)",
        "description": f"{_words(ReportSchema)} Every field is optional: leave out what is not known, invent nothing. "
        "A body that breaks this schema is accepted too, with queries, if it is JSON and says something clinical.",
        "anyOf": [{"required": [name]} for name in CLINICAL],
        "examples": [_EXAMPLE],
        "$defs": definitions,
    }


def _object(schema: type[PartSchema], definitions: dict[str, JsonSchema]) -> JsonSchema:
    fields = schema().fields
    described: JsonSchema = {
        "type": "object",
        "description": _words(schema),
        "properties": {name: _field(field, definitions) for name, field in fields.items()},
        "additionalProperties": False,
    }
    if needed := [name for name, field in fields.items() if field.required]:
        described["required"] = needed
    return described


def _field(field: Any, definitions: dict[str, JsonSchema]) -> JsonSchema:
    if isinstance(field, Leaf):
        return field.json_schema
    if isinstance(field, Parts):
        return {"type": "array", **field.json_schema, "items": _field(field.inner, definitions)}
    return _reference(field, definitions)


def _reference(field: Part, definitions: dict[str, JsonSchema]) -> JsonSchema:
    name = field.part.__name__.removesuffix("Schema")
    if name not in definitions:
        definitions[name] = _object(field.part, definitions)
    return {"$ref": f"#/$defs/{name}", **field.json_schema}


def _words(schema: type[PartSchema]) -> str:
    return inspect.getdoc(schema) or ""
