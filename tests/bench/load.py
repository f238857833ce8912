"""A bounded load on this machine's own ports: keep-alive connections that post bodies and count what is accepted.

One thread and bare sockets: whatever the client spends is not there for the server, and would flatter every ratio.
"""

import json
import selectors
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.loopback import ADDRESS

CONNECTIONS = 128
NO_HEADERS: Mapping[str, str] = {}
_TIMEOUT_SECONDS = 60.0
_HEAD = "POST /v1/reports HTTP/1.1\r\nHost: {}:{}\r\nContent-Type: application/json\r\n{}Content-Length: {}\r\n\r\n"
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"


def bodies(count: int, run: str) -> list[bytes]:
    """Return distinct reports of about two kilobytes."""
    return [json.dumps(_report(f"{run}-{number}")).encode() for number in range(count)]


def accepted_per_second(port: int, posts: Sequence[bytes], headers: Mapping[str, str] = NO_HEADERS) -> float:
    """Post every body over parallel connections. Raises RuntimeError if one is not answered with 202."""
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    waiting = iter([_HEAD.format(ADDRESS, port, more, len(body)).encode() + body for body in posts])
    with selectors.DefaultSelector() as selector:
        connections = [_Connection(port, selector) for _ in range(min(CONNECTIONS, len(posts)))]
        try:
            start = time.perf_counter()
            _exchange(selector, connections, waiting, len(posts))
            return len(posts) / (time.perf_counter() - start)
        finally:
            for connection in connections:
                connection.socket.close()


def _exchange(
    selector: selectors.BaseSelector, connections: Sequence["_Connection"], waiting: Iterator[bytes], count: int
) -> None:
    for connection in connections:
        connection.socket.sendall(next(waiting))
    answered = 0
    while answered < count:
        readable = selector.select(_TIMEOUT_SECONDS)
        if not readable:
            raise RuntimeError(f"no answer within {_TIMEOUT_SECONDS:g} s, after {answered} of {count}")
        for key, _ in readable:
            if key.data.has_answer():
                answered += 1
                if (request := next(waiting, None)) is not None:
                    key.data.socket.sendall(request)


class _Connection:
    """A keep-alive connection with one request under way."""

    def __init__(self, port: int, selector: selectors.BaseSelector) -> None:
        self.socket = socket.create_connection((ADDRESS, port), timeout=_TIMEOUT_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        selector.register(self.socket, selectors.EVENT_READ, self)

    def has_answer(self) -> bool:
        """Read what came; say whether the answer is whole. Raises RuntimeError unless it is a 202."""
        came = self.socket.recv(65536)
        self._received += came
        head, end, body = self._received.partition(_END_OF_HEAD)
        if not came or (end and not head.startswith(b"HTTP/1.1 202 ")):
            raise RuntimeError(f"answered {head.decode(errors='replace')[:60]!r} {body[:200]!r}")
        if not end or len(body) < _length(head.lower()):
            return False
        self._received = b""
        return True


def _length(head: bytes) -> int:
    return int(head[head.index(_LENGTH) + len(_LENGTH) :].partition(b"\r\n")[0])


def _report(number: str) -> dict[str, Any]:
    return {
        "sponsor": "helvion",
        "sender": {"organisation": "Load", "case_id": number},
        "patient": {"initials": "L. T.", "sex": "female", "age": {"value": 47, "unit": "year"}},
        "reporters": [{"given_name": "Ann", "country": "FR", "qualification": "physician"}],
        "drugs": [{"name": "Alvora", "role": "suspect", "dose_text": "10 mg once daily", "start": "2026-10"}],
        "reactions": [{"verbatim": "headache", "serious": False, "onset": "2026-11-02", "outcome": "recovered"}],
        "narrative": f"Report {number}. " + "The patient took the medicine as prescribed and had a headache. " * 24,
    }
