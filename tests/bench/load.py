"""A bounded load on this machine's own ports: keep-alive connections that post bodies and count what is accepted."""

import http.client
import json
import threading
import time
from collections.abc import Sequence
from typing import Any

CONNECTIONS = 32


def bodies(count: int, run: str) -> list[bytes]:
    """Return distinct reports of about two kilobytes."""
    return [json.dumps(_report(f"{run}-{number}")).encode() for number in range(count)]


def accepted_per_second(port: int, posts: Sequence[bytes]) -> float:
    """Post every body over parallel connections. Raises RuntimeError if one is not answered with 202."""
    shares = [posts[first::CONNECTIONS] for first in range(CONNECTIONS)]
    failures: list[str] = []
    threads = [threading.Thread(target=_post, args=(port, share, failures)) for share in shares]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - start
    if failures:
        raise RuntimeError(f"{len(failures)} connections failed: {failures[0]}")
    return len(posts) / taken


def _post(port: int, posts: Sequence[bytes], failures: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        for body in posts:
            connection.request("POST", "/v1/reports", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 202:
                failures.append(f"status {answer.status}")
    except OSError as error:
        failures.append(str(error))
    finally:
        connection.close()


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
