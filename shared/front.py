"""A slow, endless or lying sender takes no thread from the others: a body is read whole before a thread hears of it.

Granian's own WSGI gives a request a thread before its body is there, so that as many slow senders as threads stop the
door. Here bodies are read on the event loop, in bounded time and room; threads get complete requests only.

Paths that take large bodies have a bound of their own, and ``LARGE_AT_ONCE`` of what is larger than anybody else's is
in memory at a time, from its first byte beyond that to its answer: the others wait unread.
"""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from io import BytesIO
from typing import Any
from wsgiref.types import WSGIApplication

from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]  # by another name

BODY_SECONDS = 30.0  # for the whole body
KEPT = 3_000_001  # bytes; one more than any route takes: a page of the form, whose text is percent-encoded
LARGE_SECONDS = 90.0  # for the rest of a large one, once it has its turn
LARGE_AT_ONCE = 2
_DRAINED = 64 << 20  # what more is read and thrown away, so that an honest sender gets to read its 413
_LATE = (
    b'{"type":"https://dayzero.example/problems/body-too-slow","title":"Body too slow","status":408,'
    b'"detail":"The body was not complete within 30 seconds, so nothing was kept; please send it again."}'
)
_LATE_HEADERS = [("content-type", "application/problem+json"), ("connection", "close")]

Environ = dict[str, Any]
Answer = tuple[int, list[tuple[str, str]], bytes]


class Front:
    """An RSGI application that has a WSGI application answer, on a thread, what came whole."""

    def __init__(self, app: WSGIApplication, threads: int, large: Mapping[str, int] | None = None) -> None:
        """``threads`` requests are answered at the same time, others wait.

        ``large`` has the most bytes that are kept of a body, by the path that takes more than ``KEPT``.
        """
        self._app = app
        self._threads = ThreadPoolExecutor(threads, "request")
        self._large = large or {}
        self._turns = asyncio.Semaphore(LARGE_AT_ONCE)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Answer one request; one whose sender left before its end was never received."""
        async with AsyncExitStack() as turn:
            try:
                body = await self._body(scope, protocol, turn)
            except TimeoutError:
                protocol.response_bytes(408, _LATE_HEADERS, _LATE)
                return
            except ProtocolClosed:
                return
            work = asyncio.get_running_loop().run_in_executor(self._threads, _answer, self._app, _environ(scope, body))
            del body  # what waits for its answer is held once
            answer = await work
        protocol.response_bytes(*answer)

    async def _body(self, scope: Scope, protocol: HTTPProtocol, turn: AsyncExitStack) -> bytes:
        """Return as much as is kept of a body. Raises ProtocolClosed for one that ends before its stated length."""
        most = max(KEPT, self._large.get(scope.path, 0)) if scope.method == "POST" else KEPT
        stated = scope.headers.get("content-length")
        kept, read = bytearray(), 0
        async with asyncio.timeout(BODY_SECONDS) as deadline:
            if stated is not None and int(stated) <= KEPT:  # the server has checked that it is a number
                return await protocol()
            async for chunk in protocol:
                if read <= KEPT < read + len(chunk) and most > KEPT:
                    deadline.reschedule(None)  # the sender does not answer for the time that it waits
                    await turn.enter_async_context(self._turns)
                    deadline.reschedule(asyncio.get_running_loop().time() + LARGE_SECONDS)
                read += len(chunk)
                kept += chunk[: most - len(kept)]
                if read > most + _DRAINED:
                    break
        return bytes(kept)


def _environ(scope: Scope, body: bytes) -> Environ:
    headers: dict[str, str] = {}
    for name, value in scope.headers.items():
        if "_" not in name:  # X_A would be taken for X-A
            key = f"HTTP_{name.upper().replace('-', '_')}"
            headers[key] = f"{headers[key]}{'; ' if name == 'cookie' else ','}{value}" if key in headers else value
    headers.pop("HTTP_TRANSFER_ENCODING", None)
    length, kind = headers.pop("HTTP_CONTENT_LENGTH", str(len(body))), headers.pop("HTTP_CONTENT_TYPE", "")
    host, _, port = scope.server.rpartition(":")
    return {
        **headers,
        **({"HTTP_HOST": scope.authority} if scope.authority else {}),  # the request line outranks the header
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": length,
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _answer(app: WSGIApplication, environ: Environ) -> Answer:
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
        started[:] = [(status, headers)]

    parts: Iterable[bytes] = app(environ, start_response)
    try:
        content = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = started[0]
    return int(status.partition(" ")[0]), headers, content
