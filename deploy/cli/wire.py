"""JSON over HTTP as any partner would speak it: the suite is used through its doors only."""

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from deploy.cli.failure import CommandError

_SECONDS = 30.0


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: status, headers (names in small letters), its bytes, and the JSON that they are, else None."""

    status: int
    headers: dict[str, str]
    body: Any
    content: bytes = b""

    @property
    def words(self) -> str:
        """Return what a problem document says of a refusal, its errors included."""
        problem = self.body if isinstance(self.body, dict) else {}
        errors = [str(error.get("words", "")) for error in problem.get("errors", ()) if isinstance(error, dict)]
        return "; ".join(filter(None, [str(problem.get("detail", "")), *errors])) or f"HTTP {self.status}"


def call(
    method: str, url: str, body: object = None, headers: Mapping[str, str] | None = None, seconds: float = _SECONDS
) -> Answer:
    """Send one request, its body as JSON or as the bytes it is. Raises CommandError where nothing answers."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise CommandError(f"{url!r} is no address of the suite; give it as http://127.0.0.1:PORT")
    content = body if body is None or isinstance(body, bytes) else _written(body)
    typed = {} if content is None else {"Content-Type": "application/json"}
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=seconds)
        try:
            connection.request(method, target, content, {**typed, **(headers or {})})
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise CommandError(f"{parts.netloc} does not answer ({reason}); start the suite with: dayzero up") from error
    found = {name.lower(): value for name, value in response.getheaders()}
    return Answer(status=response.status, headers=found, body=_json(text), content=text)


def _written(body: object) -> bytes:
    # Half of a surrogate pair has no bytes in UTF-8; replaced by a backslash it is JSON's own escape.
    return json.dumps(body, ensure_ascii=False).encode(errors="backslashreplace")


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
