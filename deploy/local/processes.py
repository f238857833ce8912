"""One supervisor for every child process of a run: started, awaited, killed, restarted, and never left behind."""

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import BinaryIO, NoReturn, Self

from deploy.local import guard
from deploy.local.errors import LaunchError
from deploy.local.folders import private_folder

_POLL = 0.02
_STRAGGLERS = 1.0  # for what a process's own children take to end after it
_GUARD = (sys.executable, "-I", "-S", guard.__file__)
_CURES = {
    "address already in use": "its port is in use; choose another with --port or end what listens there",
    "no space left on device": "the disk is full; free some or set DAYZERO_RUN to a folder on another disk",
}


@dataclass(frozen=True)
class Spec:
    """What to start, and when it counts as ready."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    ready_check: "Callable[[Process], bool] | None" = None  # None: alive for half a second
    ready_within: float = 60.0
    grace: float = 10.0


@dataclass(frozen=True)
class Process:
    """One started process: the leader of its own group, writing to its own log."""

    spec: Spec
    popen: subprocess.Popen[bytes]
    log: Path
    log_start: int  # the log is appended to; what lies before belongs to earlier starts
    started: float

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def alive(self) -> bool:
        if self.popen.returncode is not None or sys.platform == "darwin":
            return self.popen.poll() is None
        # Looked at without reaping: a reaped number may be a stranger's by the time its group is signalled.
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    @property
    def age(self) -> float:
        return time.monotonic() - self.started

    @property
    def ready(self) -> bool:
        return self.spec.ready_check(self) if self.spec.ready_check else self.age >= 0.5

    def logged(self) -> str:
        """Return what it has written since it was started."""
        with self.log.open("rb") as file:
            file.seek(self.log_start)
            return file.read().decode("utf-8", "replace")

    def post_mortem(self) -> str:
        """Say in one line how it ended, why as far as its log tells, and where to read on."""
        tail = " | ".join(line[-300:] for line in self.logged().splitlines()[-3:])
        cure = next((cure for sign, cure in _CURES.items() if sign in self.logged().lower()), "")
        return (
            f"{self.spec.name} {_ending(self.popen.returncode)}: {cure or tail or 'it wrote nothing'} (log: {self.log})"
        )


class Supervisor:
    """Starts processes in batches and, however the block ends, stops them in the reverse order."""

    def __init__(self, log_folder: Path) -> None:
        self.log_folder = private_folder(log_folder)
        self._batches: list[list[Process]] = []
        self._groups: set[int] = set()
        self._signals: dict[int, object] = {}
        reader, self._list = os.pipe()
        watch = (*_GUARD, "watch")
        self._guard = subprocess.Popen(watch, stdin=reader, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        os.close(reader)
        self._open = True
        atexit.register(self.close)

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():  # Python allows handlers nowhere else
            for number in (signal.SIGTERM, signal.SIGHUP):
                self._signals[number] = signal.signal(number, _unwind)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in self._signals:
            signal.signal(number, signal.SIG_IGN)  # being asked twice must not interrupt the stopping
        try:
            self.close()
        finally:
            for number, handler in self._signals.items():
                signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal() returned

    def start(self, spec: Spec) -> Process:
        """Start one process and wait until it is ready."""
        return self.start_all([spec])[0]

    def start_all(self, specs: Iterable[Spec]) -> list[Process]:
        """Start processes together, wait until all are ready; they will be stopped together too."""
        batch: list[Process] = []
        self._batches.append(batch)
        for spec in specs:
            batch.append(self._launch(spec))
        for process in batch:
            self._await_ready(process)
        return batch

    def process(self, name: str) -> Process:
        """Return the process of that name as it was last started."""
        batch, index = self._find(name)
        return batch[index]

    def restart(self, name: str) -> Process:
        """Stop the process if it still runs, start it again as before and wait until it is ready."""
        batch, index = self._find(name)
        self._stop([batch[index]])
        batch[index] = self._launch(batch[index].spec)
        self._await_ready(batch[index])
        return batch[index]

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to the process and its own children; after SIGKILL, wait until they are gone."""
        process = self.process(name)
        if process.alive:
            guard.send(process.pid, number)
        if number == signal.SIGKILL:
            self._bury(process)

    def stop(self, name: str) -> None:
        """Stop one process; ``restart`` starts it again."""
        self._stop([self.process(name)])

    def check(self) -> None:
        """Raise LaunchError if a process has ended by itself."""
        for batch in self._batches:
            for process in batch:
                if not process.alive:
                    self._fail(process)

    def close(self) -> None:
        """Stop everything, last batch first."""
        if not self._open:
            return
        for batch in reversed(self._batches):
            self._stop(batch)
        self._open = False
        os.close(self._list)
        self._guard.wait()
        atexit.unregister(self.close)

    def _find(self, name: str) -> tuple[list[Process], int]:
        for batch in self._batches:
            for index, process in enumerate(batch):
                if process.spec.name == name:
                    return batch, index
        raise LaunchError(f"no process is called {name!r}")

    def _launch(self, spec: Spec) -> Process:
        log = self.log_folder / f"{spec.name}.log"
        with _appending(log) as output:
            log_start = output.tell()
            popen = subprocess.Popen(  # noqa: S603 - our own interpreter; the argv comes from code
                (*_GUARD, "start", str(self._list), *spec.argv),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(spec.environment),
                start_new_session=True,
                pass_fds=(self._list,),
            )
            self._groups.add(popen.pid)
            return Process(spec, popen, log, log_start, time.monotonic())

    def _fail(self, process: Process) -> NoReturn:
        self._bury(process)
        raise LaunchError(process.post_mortem())

    def _await_ready(self, process: Process) -> None:
        deadline = time.monotonic() + process.spec.ready_within
        while time.monotonic() < deadline:
            if not process.alive:
                self._fail(process)
            if process.ready:
                return
            time.sleep(_POLL)
        raise LaunchError(
            f"{process.spec.name} was not ready within {process.spec.ready_within:g} s (log: {process.log})"
        )

    def _stop(self, processes: list[Process]) -> None:
        for process in processes:
            if process.alive and guard.send(process.pid, signal.SIGTERM):
                guard.send(process.pid, signal.SIGCONT)
        for process in processes:
            try:
                process.popen.wait(process.spec.grace)
            except subprocess.TimeoutExpired:
                guard.send(process.pid, signal.SIGKILL)
            self._bury(process)

    def _bury(self, process: Process) -> None:
        """Reap the process, end what is left of its group and take the group off the guard's list."""
        process.popen.wait()
        if process.pid not in self._groups:
            return
        deadline = time.monotonic() + _STRAGGLERS
        while guard.send(process.pid, 0) and time.monotonic() < deadline:
            time.sleep(_POLL)
        guard.send(process.pid, signal.SIGKILL)
        self._groups.discard(process.pid)
        with contextlib.suppress(BrokenPipeError):  # someone ended the guard; there is no list to keep then
            os.write(self._list, b"%d\n" % -process.pid)  # the system may give the number to a stranger from now on


def _appending(log: Path) -> BinaryIO:
    """Open a log whose position is its end: reports' identifiers are in it, so it is private."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.lseek(descriptor, 0, os.SEEK_END)
    return os.fdopen(descriptor, "ab")


def _ending(code: int | None) -> str:
    if code is None:
        return "still runs"
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def _unwind(number: int, frame: FrameType | None) -> None:
    """Leave through every ``with`` block, as Ctrl-C does; the shell's code for this signal is the exit code."""
    raise SystemExit(128 + number)
