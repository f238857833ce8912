"""A process without HTTP shows that its loop turns: it touches the file that ``DAYZERO_HEARTBEAT`` names, if any.

Whoever watches it (a container's health check) holds the file's age against ``OLDEST_SECONDS``.
"""

import os
from pathlib import Path

SETTING = "DAYZERO_HEARTBEAT"
OLDEST_SECONDS = 60  # longer than any turn: a broker that is away holds one up for less than half of this


def beat() -> None:
    """Say that the loop has come round once more."""
    if name := os.environ.get(SETTING):
        Path(name).touch()
