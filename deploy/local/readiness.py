"""Readiness says that a process can take work, not merely that it runs."""

import http.client
import re
from collections.abc import Callable

from deploy.local.ports import ADDRESS, accepts
from deploy.local.processes import Process

Check = Callable[[Process], bool]
_READY_EVENT = re.compile(r'"event":\s*"ready"')


def listening(port: int) -> Check:
    """Ready when it takes connections."""
    return lambda _process: accepts(port)


def answering(port: int, path: str = "/health/ready") -> Check:
    """Ready when an HTTP GET is answered with 200."""
    return lambda _process: _answers(port, path)


def announced(or_alive_for: float = 5.0) -> Check:
    """Ready when it has logged the event ``ready``, or has run for so long that waiting on would be waiting for ever.

    Why not alive alone: a worker that is still importing would pass, and what it fails of would show much later.
    """
    return lambda process: bool(_READY_EVENT.search(process.logged())) or process.age >= or_alive_for


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
