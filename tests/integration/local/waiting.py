"""Tests wait for what they expect, never for a number of seconds."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def until(condition: Callable[[], bool], within: float = 20.0) -> None:
    """Return as soon as ``condition`` holds; fail if it does not hold in time."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def runs(pid: int) -> bool:
    """Say whether a process does anything still; a zombie that nobody has reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return Path("/proc").is_dir() is False
    except ProcessLookupError:
        return False


def pids_in(file: Path, count: int) -> list[int]:
    """Wait until ``file`` holds that many process ids, and return them."""
    until(lambda: file.exists() and len(file.read_text().split()) >= count)
    return [int(word) for word in file.read_text().split()]
