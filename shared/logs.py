"""Logs carry event names and identifiers, never what a report says (DOMAIN 20)."""

import contextlib
import io
import logging
import sys
from typing import TextIO, cast

import structlog

Log = structlog.stdlib.BoundLogger


def configure(process: str) -> Log:
    """Write one JSON object a line to standard error and return the process's logger.

    Call it once, in a door. Event names are static; values are identifiers, counts and states.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # it logs every reconnect of a broker that is away, loudly
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Dispensable(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    log: Log = structlog.get_logger().bind(process=process)
    return log


class _Dispensable(io.TextIOBase):
    """A stream for lines that may be lost: where the logs lie on a full disk, the reports still go on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()
