"""Errors of a database that is away for a while: the caller waits or tries again, nothing is to blame."""

from pymongo.errors import (
    ConnectionFailure,  # AutoReconnect, NetworkTimeout, NotPrimaryError, ServerSelectionTimeoutError, WaitQueueTimeout
    ExecutionTimeout,
    WriteConcernError,  # and WTimeoutError: written here, not yet safe on a majority
)

TRANSIENT: tuple[type[Exception], ...] = (ConnectionFailure, ExecutionTimeout, WriteConcernError)
