"""Until sign-in exists, whoever reaches intake or review counts as authenticated: so only this machine may reach them.

Binding to anything but 127.0.0.1 is refused, and so is a request whose Host or Origin is not loopback: a page in a
browser on the same machine could otherwise post in a person's name, or rebind a name of its own to 127.0.0.1.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from shared.front import Front
from shared.problem import Problem
from shared.settings import fail, load_or_exit

ADDRESS = "127.0.0.1"
ANY = "0.0.0.0"  # noqa: S104 - refused outside a container
MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))  # what container runtimes leave in every container
_NAMES = {"127.0.0.1", "localhost"}
_READING = {"GET", "HEAD", "OPTIONS"}
_CONNECTIONS = 256  # at once; more wait to be let in
_IDLE_MS = 10_000  # for the head of a request; a connection on which none comes is closed
_GRACE_SECONDS = 8  # for requests that run when the door is told to stop


def guard(app: Flask) -> None:
    """Refuse requests that were not made to, and from, this machine's own addresses."""
    app.before_request(_check_host_and_origin)


def serve(
    target: str, host: str, port: int, workers: int = 1, threads: int = 16, large: Mapping[str, int] | None = None
) -> None:
    """Serve the WSGI factory ``module:name`` until told to stop; refuse any address but 127.0.0.1.

    ``large`` has the most bytes that are kept of a body, by the path that takes large ones (``shared.front``).
    In a container 0.0.0.0 is the container's own interface, of which its runtime publishes what it is told (ADR 6).
    """
    if host != ADDRESS and not (host == ANY and in_container()):
        fail(f"refused to listen on {host!r}: without sign-in DayZero listens on {ADDRESS} only; unset DAYZERO_HOST")
    server = Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,  # with "auto" a connection on which nothing comes would stay for ever
        http1_settings=HTTP1Settings(header_read_timeout=_IDLE_MS),
        backpressure=_CONNECTIONS,
        workers=workers,
        workers_kill_timeout=_GRACE_SECONDS,
        websockets=False,
        log_access=False,
        log_enabled=False,
    )
    server.serve(target_loader=partial(_load, threads, dict(large or {})))


def _load(threads: int, large: Mapping[str, int], target: str) -> Callable[..., Any]:
    module, _, factory = target.partition(":")
    return Front(getattr(import_module(module), factory)(), threads, large).__rsgi__


def in_container(marks: Sequence[Path] = MARKS) -> bool:
    """Say whether ``DAYZERO_CONTAINER`` says so and it is true: the setting alone must not open a machine."""
    said = load_or_exit(lambda env: env.bool("CONTAINER", False))
    return said and any(mark.exists() for mark in marks)


def _check_host_and_origin() -> None:
    if urlsplit(f"//{request.host}").hostname not in _NAMES:
        raise Problem(403, "host", "Host refused", "Host is not this machine; use http://127.0.0.1")
    if request.method in _READING:
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin.rstrip("/") != request.host_url.rstrip("/"):
        raise Problem(403, "origin", "Origin refused", "Origin is another site; send the form from DayZero's own page")
