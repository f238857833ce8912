"""Intake as it is served: whatever way the bytes come over the wire, they are counted, and kept or refused."""

import http.client
import json
import socket
from collections.abc import Iterator

import pytest

from intake.config import Settings
from intake.store.connection import IntakeDatabase
from tests.integration.intake.conftest import Door, report
from tests.integration.keys import AUTHORIZED
from tests.integration.local.waiting import until

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def address(settings: Settings, door: Door) -> Iterator[tuple[str, int]]:
    served = (settings.host, settings.port)
    with door("intake.app"):
        until(lambda: ready(served), within=60)
        yield served


def ready(address: tuple[str, int]) -> bool:
    try:
        return _send(address, "GET", "/health/ready")[0] == 200
    except OSError:
        return False


def _send(
    address: tuple[str, int], method: str, path: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(*address, timeout=20)
    try:
        connection.request(method, path, body, {**AUTHORIZED, **(headers or {})}, encode_chunked=True)  # type: ignore[arg-type]
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_bodies_over_the_wire(address: tuple[str, int], database: IntakeDatabase) -> None:
    content = json.dumps(report(), ensure_ascii=False).encode()
    status, answer = _send(address, "POST", "/v1/reports", content, JSON)
    assert (status, json.loads(answer)["repeat"]) == (202, False)
    chunks = iter([content[:7], content[7:]])
    status, answer = _send(address, "POST", "/v1/reports", chunks, {**JSON, "Transfer-Encoding": "chunked"})
    assert (status, json.loads(answer)["repeat"]) == (202, True)
    assert _send(address, "GET", json.loads(answer)["status_url"])[0] == 200
    assert _send(address, "POST", "/v1/reports", content, {**JSON, "Host": "evil.example"})[0] == 403
    (stored,) = database.collection("reports").find()
    assert stored["raw"] == content


@pytest.mark.parametrize("headers", [{}, {"Transfer-Encoding": "chunked"}])
def test_an_oversized_body_is_refused_and_kept_up_to_the_limit(
    address: tuple[str, int], database: IntakeDatabase, headers: dict[str, str]
) -> None:
    body: object = iter([b"x" * 65536] * 16) if headers else b"x" * 1_048_576
    status, answer = _send(address, "POST", "/v1/reports", body, {**JSON, **headers})
    assert status == 413
    stored = database.collection("refusals").find_one({"_id": json.loads(answer)["refusal_id"]}) or {}
    assert (len(stored["raw"]), stored["complete"]) == (1_000_000, False)


def test_a_sender_that_stops_halfway_is_no_report(address: tuple[str, int], database: IntakeDatabase) -> None:
    with socket.create_connection(address, timeout=20) as connection:
        head = f"POST /v1/reports HTTP/1.1\r\nHost: {address[0]}\r\nContent-Type: application/json\r\n"
        connection.sendall(f'{head}Content-Length: 900\r\n\r\n{{"narrative": "x"'.encode())
    assert _send(address, "POST", "/v1/reports", json.dumps(report()).encode(), JSON)[0] == 202
    assert database.collection("reports").count_documents({}) == 1
