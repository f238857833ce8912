"""A door answers to names that it was told are its own: this machine's loopback, and ``DAYZERO_TRUSTED_HOSTS``.

A request whose Host is another is refused, and so is a change whose Origin is another site's: a page elsewhere could
otherwise post in a person's name, or rebind a name of its own to our address. Without trusted hosts a door listens on
127.0.0.1 alone; with them a proxy in front of it speaks TLS, and browsers are told to come by https only (ADR 10).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environs import FileAwareEnv
from flask import Flask, Response, request
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
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?")
_READING = {"GET", "HEAD", "OPTIONS"}
_SERVER = "DayZero"
_TWO_YEARS = "max-age=63072000"
_CONNECTIONS = 256  # at once; more wait to be let in
_IDLE_MS = 10_000  # for the head of a request; a connection on which none comes is closed
_GRACE_SECONDS = 8  # for requests that run when the door is told to stop


def trusted_hosts() -> frozenset[str]:
    """Return the names, as ``safety.example.com`` or ``safety.example.com:8443``, by which a proxy is asked for us."""
    return load_or_exit(_read_hosts)


def guard(app: Flask, trusted: frozenset[str] | None = None) -> None:
    """Refuse requests that were not made to, and from, addresses of our own."""
    hosts = trusted_hosts() if trusted is None else trusted
    app.before_request(lambda: _check_host_and_origin(hosts))
    app.after_request(lambda response: _told(response, hosts))


def own_origin() -> str:
    """Return the origin under which the door was asked; the Host was checked before."""
    scheme = "https" if request.host.lower() in trusted_hosts() else request.scheme
    return f"{scheme}://{request.host}"


def serve(
    target: str, host: str, port: int, workers: int = 1, threads: int = 16, large: Mapping[str, int] | None = None
) -> None:
    """Serve the WSGI factory ``module:name`` until told to stop; refuse any address but 127.0.0.1.

    ``large`` has the most bytes that are kept of a body, by the path that takes large ones (``shared.front``).
    In a container 0.0.0.0 is the container's own interface, of which its runtime publishes what it is told (ADR 6).
    """
    if host != ADDRESS and not trusted_hosts() and not (host == ANY and in_container()):
        fail(
            f"refused to listen on {host!r}: without DAYZERO_TRUSTED_HOSTS, the names under which a proxy with TLS "
            f"serves this door, DayZero listens on {ADDRESS} only; set them, or unset DAYZERO_HOST"
        )
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


def _read_hosts(env: FileAwareEnv) -> frozenset[str]:
    named = [name.strip().lower() for name in env.str("TRUSTED_HOSTS", "").split(",")]
    hosts = frozenset(name for name in named if name)
    if wrong := sorted(name for name in hosts if not _HOST.fullmatch(name)):
        raise ValueError(
            f"DAYZERO_TRUSTED_HOSTS has {wrong[0]!r}; set host names with commas between, without https://"
        )
    return hosts


def _check_host_and_origin(trusted: frozenset[str]) -> None:
    host = request.host.lower()
    if urlsplit(f"//{host}").hostname not in _NAMES and host not in trusted:
        raise Problem(403, "host", "Host refused", "Host is none of this door's names; use the address you were given")
    if request.method in _READING:
        return
    scheme = "https" if host in trusted else request.scheme
    origin = request.headers.get("Origin")
    if origin is not None and origin.rstrip("/").lower() != f"{scheme}://{host}":
        raise Problem(403, "origin", "Origin refused", "Origin is another site; send the form from DayZero's own page")


def _told(response: Response, trusted: frozenset[str]) -> Response:
    response.headers["Server"] = _SERVER  # or the one that serves us names itself
    if request.host.lower() in trusted:
        response.headers["Strict-Transport-Security"] = _TWO_YEARS
    return response
