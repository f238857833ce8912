"""The health check of a container: exit 0 if its process can work. ``python -m deploy.docker.healthy [URL]``.

With a URL the process must answer it with 200; without one its loop must have turned within the last minute.
"""

import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

from shared.clock import SystemClock
from shared.heartbeat import OLDEST_SECONDS, SETTING

_SECONDS = 3


def answers(url: str) -> bool:
    """Say whether the process answers with 200."""
    if not url.startswith("http://127.0.0.1:"):
        return False
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310 - this container's own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def beats(file: Path) -> bool:
    """Say whether the loop has turned lately."""
    try:
        touched = file.stat().st_mtime
    except OSError:
        return False
    return SystemClock().now().timestamp() - touched < OLDEST_SECONDS


def main(arguments: list[str]) -> int:
    """Return the exit code."""
    healthy = answers(arguments[0]) if arguments else beats(Path(os.environ.get(SETTING, "/nowhere")))
    return int(not healthy)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
