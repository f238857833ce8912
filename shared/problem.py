"""Errors over HTTP are RFC 9457 problem documents that name the field, the rule and the cure."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, json, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from shared.logs import Log

TYPE_ROOT = "https://dayzero.example/problems/"
RETRY_SECONDS = 5
_READING = {"GET", "HEAD", "OPTIONS"}


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


def register_failures(app: Flask, away: Sequence[type[Exception]], words: str, log: Log) -> None:
    """Make a database that is ``away`` a 503 with Retry-After, and a fault of ours a 500; the log has its kind only.

    ``words`` say what that means for who asked. Both go the way of a Problem, so that a page stays a page.
    """

    def said() -> str:
        return words if request.method not in _READING else "Nothing was changed; please ask again."

    def is_away(error: Exception) -> ResponseReturnValue:
        log.warning("dependency_away", error=type(error).__name__)
        return app.handle_user_exception(
            Problem(503, "store-away", "Try again", said(), headers={"Retry-After": str(RETRY_SECONDS)})
        )

    def is_ours(error: Exception) -> ResponseReturnValue:
        log.error("request_failed", error=type(error).__name__)
        return app.handle_user_exception(Problem(500, "fault", "A fault of ours", f"{said()} And tell us, please."))

    for kind in away:
        app.register_error_handler(kind, is_away)
    app.register_error_handler(Exception, is_ours)


def _from_http(error: HTTPException) -> Response:
    name = error.name or "Error"
    kind = name.lower().replace(" ", "-")
    problem = Problem(error.code or 500, kind, name, error.description or name)
    response = problem.response()
    for header, value in error.get_headers():
        if header.lower() not in {"content-type", "content-length"}:
            response.headers[header] = value
    return response
