"""Errors over HTTP are RFC 9457 problem documents that name the field, the rule and the cure."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, json
from werkzeug.exceptions import HTTPException

TYPE_ROOT = "https://dayzero.example/problems/"


class Problem(Exception):
    """A refusal as RFC 9457 describes it; raise it anywhere below a route."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        """Describe the refusal.

        ``kind`` is the last part of the type URI; ``errors`` have ``pointer`` (RFC 6901), ``rule`` and ``words``;
        further ``members`` are added to the document.
        """
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        self.document = {"type": TYPE_ROOT + kind, "title": title, "status": status, "detail": detail, **members}
        if errors:
            self.document["errors"] = list(errors)

    def response(self) -> Response:
        """Return the problem as ``application/problem+json``."""
        body = json.dumps(self.document)
        return Response(body, self.status, self.headers, content_type="application/problem+json")


def register(app: Flask) -> None:
    """Make every error of the application a problem document, with no word of its inside."""
    app.register_error_handler(Problem, lambda problem: problem.response())
    app.register_error_handler(HTTPException, _from_http)


def _from_http(error: HTTPException) -> Response:
    name = error.name or "Error"
    kind = name.lower().replace(" ", "-")
    problem = Problem(error.code or 500, kind, name, error.description or name)
    response = problem.response()
    for header, value in error.get_headers():
        if header.lower() not in {"content-type", "content-length"}:
            response.headers[header] = value
    return response
