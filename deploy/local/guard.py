"""Ends what a killed launcher leaves behind: even ``kill -9`` of the launcher must leave no process.

Run by its path with nothing but the standard library, in one of two parts.

``watch``: the guard. It reads process groups from a pipe whose other end the launcher holds; when that end closes,
however the launcher ended, the guard ends every group that is still on its list.

``start FD PROGRAM ...``: a child's first breath. It puts its own group on the guard's list and then becomes PROGRAM.

Why not PR_SET_PDEATHSIG: it reaches the child but not the child's workers, it fires when the launching *thread* ends,
and it needs a ``preexec_fn``, which is unsafe in a process with threads, as every MongoDB client has.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE = 8.0
_POLL = 0.02


def send(group: int, number: int) -> bool:
    """Send a signal to a whole group; say whether anything of it was there."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):  # macOS answers "not permitted" for a group of zombies
        return False
    return True


def end(groups: Iterable[int], grace: float = GRACE) -> None:
    """Ask the groups to end, wait, then kill what is left."""
    left = [group for group in groups if send(group, signal.SIGTERM)]
    for group in left:
        send(group, signal.SIGCONT)  # a stopped process hears SIGTERM only when it goes on
    deadline = time.monotonic() + grace
    while left and time.monotonic() < deadline:
        time.sleep(_POLL)
        left = [group for group in left if send(group, 0)]
    for group in left:
        send(group, signal.SIGKILL)


def watch(pipe: int) -> None:
    """Keep the list until the launcher is gone, then end what is on it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    with os.fdopen(pipe) as lines:
        for line in lines:
            group = int(line)
            groups.add(group) if group > 0 else groups.discard(-group)
    end(groups)


def start(pipe: int, argv: list[str]) -> None:
    """Put this process's group on the list, then become ``argv``."""
    with contextlib.suppress(BrokenPipeError):  # someone ended the guard; the launcher still stops what it started
        os.write(pipe, b"%d\n" % os.getpid())
    os.close(pipe)  # a child that kept it would keep the guard waiting
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)  # Python ignores them, and what is ignored stays ignored across exec
    try:
        os.execvp(argv[0], argv)  # noqa: S606 - no shell is the point
    except OSError as error:
        sys.stderr.write(f"{argv[0]} cannot be started: {error.strerror}\n")
        sys.exit(127)


if __name__ == "__main__":
    if sys.argv[1] == "watch":
        watch(0)
    else:
        start(int(sys.argv[2]), sys.argv[3:])
