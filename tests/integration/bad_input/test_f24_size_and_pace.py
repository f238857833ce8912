"""Too much, too slow, falsely measured or without end: refused in bounded room, and no other sender waits for it."""

import gzip
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from deploy.local.ports import ADDRESS
from shared.front import BODY_SECONDS, KEPT
from tests.integration.local.waiting import until
from tests.integration.rig import Rig, a_body, send

SLOW = 60  # more than the door has threads
ROOM = 40 << 20  # bytes by which the door's processes may grow
HEAD = "POST /v1/reports HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


def peak(rig: Rig) -> int:
    """Return the most memory that intake's processes have had, in bytes."""
    leader = rig.suite.supervisor.process("intake.app").pid
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            words = status.read_text().split()
            if f"{leader}" in (words[words.index("Tgid:") + 1], words[words.index("PPid:") + 1]):
                found += int(words[words.index("VmHWM:") + 1]) << 10
    assert found
    return found


@pytest.fixture
def bounded(rig: Rig) -> Iterator[None]:
    """Intake grows by no more than a few bodies."""
    for _ in range(20):
        assert rig.post(b"{" + b"x" * 900_000).status == 400
    before = peak(rig)
    yield
    assert peak(rig) - before < ROOM


def connect(rig: Rig, head: str, body: bytes = b"") -> socket.socket:
    connection = socket.create_connection((ADDRESS, rig.suite.intake_port), timeout=BODY_SECONDS + 30)
    key = f"Authorization: {rig.partner['Authorization']}\r\n"
    connection.sendall(f"{head.replace('Content-Type', f'{key}Content-Type', 1)}\r\n".encode() + body)
    return connection


def answered(connection: socket.socket) -> bytes:
    """Return all that the door says before it closes the connection."""
    said = b""
    with suppress(ConnectionResetError):
        while chunk := connection.recv(65536):
            said += chunk
    return said


def kept(rig: Rig, word: str) -> int:
    found = rig.data("intake", "reports").count_documents({"content.narrative": {"$regex": word}})
    return int(found) + int(rig.data("intake", "refusals").count_documents({"raw": word.encode()}))


@pytest.mark.usefixtures("bounded")
def test_f24_a_body_of_20_megabytes_is_413_and_its_beginning_is_kept(rig: Rig) -> None:
    answer = rig.post(b'{"narrative": "' + b"x" * 20_000_000 + b'"}')
    assert (answer.status, answer.body["type"].rpartition("/")[2]) == (413, "body-too-large")
    refusal = rig.data("intake", "refusals").find_one(answer.body["refusal_id"])
    assert (len(refusal["raw"]), refusal["complete"]) == (1_000_000, False)


@pytest.mark.usefixtures("bounded")
def test_f24_a_body_of_20_megabytes_to_review_is_413(rig: Rig) -> None:
    headers = {"If-Match": '"1"', **rig.staff.headers()}
    answer = send(rig.suite.review_port, "POST", "/api/cases/x/approve", b"x" * 20_000_000, headers)
    assert answer.status in {413, 415}


@pytest.mark.usefixtures("bounded")
def test_f24_an_endless_body_is_cut_with_413(rig: Rig) -> None:
    connection = connect(rig, f"{HEAD}Transfer-Encoding: chunked\r\n")
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with connection, suppress(BrokenPipeError, ConnectionResetError):
        for _ in range(200):
            connection.sendall(chunk)
        pytest.fail("200 MB were taken")
    until(lambda: bool(rig.data("intake", "refusals").count_documents({"status_code": 413, "complete": False})))


@pytest.mark.usefixtures("bounded")
def test_f24_a_gzip_bomb_is_415_and_not_unpacked(rig: Rig) -> None:
    bomb = gzip.compress(b"x" * 200_000_000, 9)[:900_000]
    assert rig.post(bomb, Content_Encoding="gzip").status == 415
    with connect(rig, f"{HEAD}Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n") as connection:
        assert b"HTTP/1.1 202" not in answered(connection)


def test_f24_a_length_below_the_body_leaves_no_half_report(rig: Rig) -> None:
    body = json.dumps(a_body("f24-below")).encode()
    with connect(rig, f"{HEAD}Content-Length: {len(body) - 10}\r\nConnection: close\r\n", body) as connection:
        assert answered(connection).startswith(b"HTTP/1.1 400")
    assert rig.data("intake", "reports").count_documents({"sender.case_id": "f24-below"}) == 0


@pytest.mark.parametrize("ending", ["half-closed", "closed", "reset"])
def test_f24_a_length_above_the_body_is_no_report(rig: Rig, ending: str) -> None:
    word = f"above-{ending}"
    body = json.dumps(a_body("f24-above", narrative=word)).encode()
    with connect(rig, f"{HEAD}Content-Length: {len(body) + 10}\r\n", body) as connection:
        if ending == "half-closed":
            connection.shutdown(socket.SHUT_WR)
            assert b"HTTP/1.1 202" not in answered(connection)
        if ending == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert rig.post(a_body("f24-after")).status == 202
    assert kept(rig, word) == 0


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "99999999999999999999999", "5\r\nContent-Length: 6"])
def test_f24_a_length_that_is_none_is_refused(rig: Rig, length: str) -> None:
    with connect(rig, f"{HEAD}Content-Length: {length}\r\nConnection: close\r\n", b"{}") as connection:
        assert answered(connection).partition(b"\r\n")[0][9:12] in {b"", b"400", b"413"}


def drip(connections: list[socket.socket], stop: threading.Event) -> None:
    """Send every connection a byte now and then."""
    while not stop.wait(0.5):
        for connection in connections:
            with suppress(OSError):
                connection.send(b" ")


@pytest.mark.usefixtures("bounded")
def test_f24_slow_senders_keep_no_other_waiting_and_are_cut(rig: Rig) -> None:
    stop = threading.Event()
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(rig, f"{HEAD}Content-Length: {KEPT - 1}\r\n")) for _ in range(SLOW)]
        heads = [stack.enter_context(connect(rig, HEAD[:-2])) for _ in range(SLOW)]  # without the empty line at the end
        dripping = threading.Thread(target=drip, args=(slow, stop))
        dripping.start()
        try:
            others = [rig.post(a_body(f"f24-other-{number}")) for number in range(10)]
            assert [answer.status for answer in others] == [202] * 10
            assert max(answer.seconds for answer in others) < 5
            assert send(rig.suite.intake_port, "GET", "/health/live", within=5).status == 200
            ends = {answered(connection)[:12] for connection in slow}
        finally:
            stop.set()
            dripping.join()
        assert ends <= {b"HTTP/1.1 408", b""}
        assert b"HTTP/1.1 408" in ends
        assert {answered(connection)[:12] for connection in heads} <= {b"HTTP/1.1 408", b"HTTP/1.1 400", b""}


def test_f24_a_connection_on_which_nothing_comes_is_closed(rig: Rig) -> None:
    with socket.create_connection((ADDRESS, rig.suite.intake_port), timeout=30) as silent:
        assert silent.recv(1) == b""
    with socket.create_connection((ADDRESS, rig.suite.intake_port), timeout=30) as head:
        head.sendall(b"POST /v1/reports HTTP/1.1\r\nHost: 127")
        assert answered(head)[:12] in {b"", b"HTTP/1.1 408", b"HTTP/1.1 400"}


def test_f24_a_head_without_end_is_refused(rig: Rig) -> None:
    answer: int | None = None
    with suppress(OSError, http.client.HTTPException):
        answer = send(
            rig.suite.intake_port, "GET", "/health/live", None, {f"X-{n}": "y" * 8000 for n in range(90)}
        ).status
    assert answer in {None, 400, 431}
    assert send(rig.suite.intake_port, "GET", "/health/live").status == 200
