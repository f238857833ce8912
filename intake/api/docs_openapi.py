"""The OpenAPI 3.1 document of intake, whose report schema is the one that checks bodies (``intake.api.json_schema``).

Why no generator over the routes: bodies are read by our own parser and fields, which such a tool would replace. A test
holds the document against the routes, and real answers against the document.
"""

from functools import cache
from importlib.metadata import version
from typing import Any

from intake.api import docs_icsrs
from intake.api.docs_parts import Spec, failures, header, problem, reference, unauthenticated
from intake.api.json_schema import report_schema
from intake.domain.records import State
from intake.receive import BODY_LIMIT

_ABOUT = (
    "Intake of safety reports. A report is never refused for being poor: what can be parsed and says anything clinical "
    "is accepted, and field problems come back as queries. 202 means that bytes, hash, structured form and pending "
    "event are on disk. A partner's system sends its key with every request; the public form needs none."
)
_REFUSALS = {
    400: "No JSON object: not UTF-8, not JSON, a name given twice, nested too deeply. What came is kept for a person.",
    413: f"The body has more than {BODY_LIMIT:,} bytes. What came of it is kept for a person.",
    415: "Content-Type is not application/json, or the body is encoded. What came is kept for a person.",
    422: "Nothing clinical, an Idempotency-Key used with another body, or strict handling. What came is kept.",
}


@cache
def document() -> Spec:
    """Return the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "DayZero intake",
            "version": version("dayzero"),
            "summary": "Adverse-event reports in, durable receipts out",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "reports", "description": "Reports and what became of them."},
            {"name": "icsrs", "description": "Files of E2B(R3) messages and what became of them."},
            {"name": "service", "description": "The service itself."},
        ],
        "paths": _paths(),
        "components": {"securitySchemes": _SCHEMES, "schemas": {**_report_schemas(), **_ANSWERS, **docs_icsrs.SCHEMAS}},
    }


_SCHEMES: Spec = {
    "key": {"type": "http", "scheme": "bearer", "description": "The key that was issued to the partner: dzk_… ."}
}


def _paths() -> Spec:
    return {
        "/v1/reports": {"post": _post_report()},
        "/v1/reports/{report_id}": {"get": _get_report()},
        **docs_icsrs.paths(),
        "/health/live": {"get": _health("live", "The process runs", {})},
        "/health/ready": {"get": _health("ready", "The process can take reports", _not_ready())},
        "/openapi.json": {"get": _page("openapi", "This document", "application/json", {"type": "object"})},
        "/docs": {"get": _page("docs", "This document as a page", "text/html", {"type": "string"})},
    }


def _post_report() -> Spec:
    refused = {str(status): problem(words, "RefusedReport") for status, words in _REFUSALS.items()}
    return {
        "operationId": "postReport",
        "security": [{"key": []}],
        "tags": ["reports"],
        "summary": "Send a report",
        "description": "The same bytes sent again are a repeat receipt of the same report.",
        "parameters": [
            header("Idempotency-Key", "Chosen by the sender: the same key gets the same answer.", "c0ffee"),
            header("Prefer", "handling=strict asks for 422 instead of queries.", "handling=strict"),
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": reference("Report"),
                    "examples": {"report": {"summary": "A report", "value": report_schema()["examples"][0]}},
                }
            },
        },
        "responses": {
            "202": {
                "description": "The report is durable.",
                "headers": {
                    "Location": {"description": "Where its status is.", "schema": {"type": "string"}},
                    "Idempotency-Replayed": {
                        "description": "true where this is the stored answer to an earlier request.",
                        "schema": {"type": "string", "enum": ["true"]},
                    },
                },
                "content": {"application/json": {"schema": reference("Receipt")}},
            },
            **refused,
            **unauthenticated(),
            **failures("The report was not kept; send it again."),
        },
    }


def _get_report() -> Spec:
    words = "The id that a receipt gave."
    return {
        "operationId": "getReport",
        "security": [{"key": []}],
        "tags": ["reports"],
        "summary": "Ask what became of a report",
        "parameters": [
            {"name": "report_id", "in": "path", "required": True, "description": words, "schema": {"type": "string"}}
        ],
        "responses": {
            "200": {
                "description": "Its status, never its content.",
                "headers": {"Cache-Control": {"schema": {"type": "string", "enum": ["no-store"]}}},
                "content": {"application/json": {"schema": reference("Status")}},
            },
            "404": problem("There is no report with this id."),
            **unauthenticated(),
            **failures("Ask again."),
        },
    }


def _health(name: str, words: str, more: Spec) -> Spec:
    good = {"description": f"{words}.", "content": {"application/json": {"schema": reference("Health")}}}
    return {
        "operationId": f"health{name.capitalize()}",
        "tags": ["service"],
        "summary": words,
        "responses": {"200": good, "403": problem("Host or Origin is not this machine."), **more},
    }


def _not_ready() -> Spec:
    words = "Its database does not answer, or takes no writes."
    return {"503": {"description": words, "content": {"application/json": {"schema": reference("Health")}}}}


def _page(operation: str, words: str, media_type: str, schema: Spec) -> Spec:
    return {
        "operationId": operation,
        "tags": ["service"],
        "summary": words,
        "responses": {
            "200": {"description": f"{words}.", "content": {media_type: {"schema": schema}}},
            "403": problem("Host or Origin is not this machine."),
        },
    }


def _report_schemas() -> Spec:
    """The report's schema and its parts, as components: readers of OpenAPI follow no ``$id``."""
    schema: Spec = _rooted(report_schema())
    parts = schema.pop("$defs")
    for name in ("$schema", "$id", "examples"):
        del schema[name]
    return {"Report": schema, **parts}


def _rooted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rooted(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_rooted(each) for each in value]
    return value.replace("#/$defs/", "#/components/schemas/") if isinstance(value, str) else value


_TEXT: Spec = {"type": "string"}
_INSTANT: Spec = {"type": "string", "format": "date-time", "description": "With the receiving site's offset."}
_ZONE: Spec = {"type": "string", "description": "IANA zone of the receiving site.", "examples": ["Europe/Zurich"]}
_FOUND: Spec = {
    "type": "object",
    "required": ["pointer", "rule", "words"],
    "properties": {
        "pointer": {**_TEXT, "description": "JSON pointer into the body (RFC 6901)."},
        "rule": {**_TEXT, "description": "What it breaks."},
        "words": {**_TEXT, "description": "What to do."},
    },
}
_RECEIVED: Spec = {"type": ["string", "null"], "description": "What was received."}
_ANSWERS: Spec = {
    "Receipt": {
        "type": "object",
        "required": ["report_id", "receipt_id", "received_at", "zone", "status_url", "sponsor", "repeat", "queries"],
        "additionalProperties": False,
        "properties": {
            "report_id": _TEXT,
            "receipt_id": _TEXT,
            "received_at": _INSTANT,
            "zone": _ZONE,
            "status_url": _TEXT,
            "sponsor": {**_TEXT, "description": "The scope it was accepted under; unassigned where none was usable."},
            "repeat": {"type": "boolean", "description": "The same bytes were received before."},
            "queries": {"type": "array", "items": reference("Query")},
        },
    },
    "Query": {
        **_FOUND,
        "description": "A field problem; the report is accepted all the same.",
        "properties": {**_FOUND["properties"], "value": _RECEIVED},
    },
    "Status": {
        "type": "object",
        "required": ["report_id", "state", "received_at", "zone", "receipts"],
        "additionalProperties": False,
        "properties": {
            "report_id": _TEXT,
            "state": {"type": "string", "enum": [state.value for state in State]},
            "received_at": _INSTANT,
            "zone": _ZONE,
            "receipts": {"type": "integer", "minimum": 1},
            "case_version": {"type": "integer", "minimum": 1, "description": "Of the case that it became part of."},
        },
    },
    "Problem": {
        "type": "object",
        "description": "RFC 9457.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": {**_TEXT, "description": "What is wrong, and the cure."},
            "errors": {"type": "array", "items": _FOUND},
        },
    },
    "RefusedReport": {
        "allOf": [reference("Problem")],
        "type": "object",
        "required": ["refusal_id"],
        "properties": {"refusal_id": {**_TEXT, "description": "Under which a person looks at what came."}},
    },
    "Health": {
        "type": "object",
        "required": ["status"],
        "properties": {"status": _TEXT, "instance": {"type": ["string", "null"]}},
    },
}
