"""Every address is 127.0.0.1: until sign-in exists nothing listens where another machine could reach it."""

import contextlib
import secrets
import socket
import time

from deploy.local.errors import LaunchError

ADDRESS = "127.0.0.1"
# Below the range from which systems take ports for outgoing connections: one of those, opened between our look and
# the server's bind, would take a port that was free.
_RANGE = range(20_000, 32_000)


def free_ports(count: int) -> list[int]:
    """Return that many different ports on which nothing listens."""
    with contextlib.ExitStack() as held:  # held together, so that no port is found twice
        return [_bind_any(held) for _ in range(count)]


def free_port() -> int:
    """Return a port on which nothing listens."""
    return free_ports(1)[0]


def require_free(port: int, what: str) -> int:
    """Return ``port`` if ``what`` may listen on it."""
    with socket.socket() as probe:
        # As the servers do: else the closed connections of the run before would keep a port for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except (OSError, OverflowError) as error:
            raise LaunchError(f"port {port} for {what} is in use or not allowed; choose another with --port") from error
    return port


def accepts(port: int) -> bool:
    """Say whether something takes connections on ``port``."""
    try:
        socket.create_connection((ADDRESS, port), timeout=1).close()
    except OSError:
        return False
    return True


def _bind_any(held: contextlib.ExitStack) -> int:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        port = secrets.choice(_RANGE)
        probe = held.enter_context(socket.socket())
        with contextlib.suppress(OSError):
            probe.bind((ADDRESS, port))
            return port
    raise LaunchError(f"no free port between {_RANGE.start} and {_RANGE.stop} on {ADDRESS}; end what listens there")
