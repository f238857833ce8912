"""Readiness says that a process can take work, not merely that it runs."""

import http.client
import re
from collections.abc import Callable

from deploy.local.ports import ADDRESS, accepts
from deploy.local.processes import Process

Check = Callable[[Process], bool]
INSTANCE = "DAYZERO_INSTANCE"  # what shared.health names
_NAMED = re.compile(rb'"instance":\s*"([0-9a-f]+)"')
_READY_EVENT = re.compile(r'"event":\s*"ready"')


def listening(port: int) -> Check:
    """Ready when it takes connections."""
    return lambda _process: accepts(port)


def answering(port: int, path: str = "/health/ready") -> Check:
    """Ready when an HTTP GET is answered with 200, and not by another run's process that took the port first."""
    return lambda process: _answers(port, path, process.spec.environment.get(INSTANCE, ""))


def announced(or_alive_for: float = 5.0) -> Check:
    """Ready when it has logged the event ``ready``, or has run for so long that waiting on would be waiting for ever.

    Why not alive alone: a worker that is still importing would pass, and what it fails of would show much later.
    """
    return lambda process: bool(_READY_EVENT.search(process.logged())) or process.age >= or_alive_for


def _answers(port: int, path: str, instance: str) -> bool:
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=2)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        named = _NAMED.search(answer.read())
        return answer.status == 200 and (named is None or named[1].decode() == instance)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
