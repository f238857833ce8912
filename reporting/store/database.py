"""The connection to reporting's own database, with the write concern that loses nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import AutoReconnect, ConnectionFailure, NotPrimaryError, WTimeoutError

# Errors of a server that is away or changing: wait and try again, the data is not to blame.
TRANSIENT: tuple[type[Exception], ...] = (AutoReconnect, ConnectionFailure, NotPrimaryError, WTimeoutError)


def connect(uri: str) -> Database[dict[str, Any]]:
    """Return the database that the URI names."""
    client: MongoClient[dict[str, Any]] = MongoClient(
        uri,
        w="majority",
        journal=True,
        retryWrites=True,
        tz_aware=True,
        serverSelectionTimeoutMS=5000,
        wTimeoutMS=10000,
        uuidRepresentation="standard",
        appname="dayzero-reporting",
    )
    return client.get_default_database()


@contextmanager
def opened(uri: str) -> Iterator[Database[dict[str, Any]]]:
    """Connect for the length of a command."""
    database = connect(uri)
    try:
        yield database
    finally:
        database.client.close()
