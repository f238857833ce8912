"""What was sent is read by what the route takes, and what is wrong with it is named field by field."""

from collections.abc import Iterator
from typing import Any

import msgspec
from flask import Response, request
from marshmallow import Schema, ValidationError

from shared.problem import Problem

JSON = "application/json"


def form_of() -> dict[str, str]:
    """Return what stood in a form, without the token that it came with."""
    return {name: value for name, value in request.form.items() if name != "csrf_token"}


def loaded(schema: Schema, given: Any) -> dict[str, Any]:
    """Return what a schema makes of what was given. Raises Problem 422 that names each field."""
    try:
        fields: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        named = _named("", error.normalized_messages())  # type: ignore[no-untyped-call]
        errors = [{"pointer": pointer, "rule": "field", "words": words} for pointer, words in named]
        raise Problem(422, "fields", "Fields need attention", "See errors for each field.", errors) from error
    return fields


def _named(pointer: str, messages: Any) -> Iterator[tuple[str, str]]:
    """Walk marshmallow's tree of messages, whose leaves are lists of words."""
    if isinstance(messages, dict):
        for name, below in messages.items():
            yield from _named(f"{pointer}/{name}", below)
    else:
        yield pointer, " ".join(messages)


def json_of(body: Any) -> Response:
    """Return an answer in JSON."""
    return Response(msgspec.json.encode(body), content_type=JSON)


def body_of() -> Any:
    """Return the object that was sent as JSON. Raises Problem 400, 415 or 422."""
    if request.mimetype != JSON:
        raise Problem(415, "content-type", "Unsupported media type", f"Send {JSON}.")
    try:
        body = msgspec.json.decode(request.get_data())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "json", "Not JSON", f"The body is not JSON: {error}.") from error
    if not isinstance(body, dict):
        words = "Send an object."
        errors = [{"pointer": "", "rule": "object", "words": words}]
        raise Problem(422, "fields", "Fields need attention", words, errors)
    return body
