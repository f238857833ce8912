"""Logs carry event names and identifiers, never what a report says (DOMAIN 20)."""

import logging
import sys

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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    log: Log = structlog.get_logger().bind(process=process)
    return log
