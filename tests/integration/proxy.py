"""A TCP proxy that misbehaves on demand: what stands between a client and its server in a real network."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Self

from deploy.local.ports import ADDRESS, free_port

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no time: close() sends RST


class Proxy:
    """Forwards ``port`` to a port of this machine until it is told otherwise."""

    def __init__(self, target: int, port: int | None = None) -> None:
        self.target = target
        self.port = port or free_port()
        self.latency = 0.0  # seconds before anything is passed on
        self._asking, self._answering = threading.Event(), threading.Event()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener = socket.create_server((ADDRESS, self.port), backlog=256)
        self._threads: list[threading.Thread] = []
        self.heal()
        self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self.heal()
        self.reset()
        for thread in self._threads:
            thread.join(timeout=5)
        self._listener.close()

    def heal(self) -> None:
        """Pass everything on again, what was held too."""
        self.latency = 0.0
        self._trigger = b""
        self._asking.set()
        self._answering.set()

    def blackhole(self) -> None:
        """Take connections and bytes, and pass nothing on in either direction."""
        self._asking.clear()
        self._answering.clear()

    def hold_answers(self, to: bytes) -> None:
        """Once a client has sent these bytes, let the server hear everything and the clients nothing."""
        self._trigger = to

    def reset(self) -> None:
        """Break every connection, as a machine between that was restarted does."""
        for pair in list(self._pairs):
            for one in pair:
                with contextlib.suppress(OSError):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    one.shutdown(socket.SHUT_RD)  # wakes the thread that reads it, which closes it

    def half_close(self) -> None:
        """Tell every client that no answer will come, and go on listening to it."""
        for client, _ in list(self._pairs):
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_WR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._start(self._join, client)

    def _start(self, act: Callable[..., None], *arguments: object) -> threading.Thread:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=act, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _join(self, client: socket.socket) -> None:
        with client:
            self._asking.wait()
            try:
                server = socket.create_connection((ADDRESS, self.target))
            except OSError:
                return
            with server:
                pair = (client, server)
                self._pairs.append(pair)
                back = self._start(self._pass, server, client, self._answering)
                self._pass(client, server, self._asking)
                back.join()
                self._pairs.remove(pair)

    def _pass(self, source: socket.socket, sink: socket.socket, gate: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(65536):
                gate.wait()
                time.sleep(self.latency)
                if self._trigger and gate is self._asking and self._trigger in chunk:
                    self._answering.clear()
                sink.sendall(chunk)
        for one, how in ((source, socket.SHUT_RD), (sink, socket.SHUT_WR)):
            with contextlib.suppress(OSError):
                one.shutdown(how)
