"""Parts that the OpenAPI document has in many places."""

from typing import Any

Spec = dict[str, Any]
PROBLEM = "application/problem+json"


def failures(cure: str) -> Spec:
    """Return the answers of a request that was not taken for reasons of ours."""
    away = problem(f"The database is away. {cure}")
    away["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return {
        "403": problem("Host or Origin is not this machine."),
        "500": problem(f"A fault of ours. {cure}"),
        "503": away,
    }


def unauthenticated() -> Spec:
    """Return the answers to who has no key that is good."""
    words = "No key that is good came with the request. Nothing of it is kept."
    refused, slowed = problem(words), problem("Too many requests without a key that is good.")
    refused["headers"] = {"WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}}}
    slowed["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return {"401": refused, "429": slowed}


def problem(words: str, schema: str = "Problem") -> Spec:
    """Return an answer that is a problem document."""
    return {"description": words, "content": {PROBLEM: {"schema": reference(schema)}}}


def header(name: str, words: str, example: str) -> Spec:
    """Return a header that a request may have."""
    schema = {"type": "string"}
    return {"name": name, "in": "header", "required": False, "description": words, "schema": schema, "example": example}


def reference(name: str) -> Spec:
    """Return a reference to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}
