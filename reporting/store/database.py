"""The connection to reporting's own database, with the write concern that loses nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import ConnectionFailure, ExecutionTimeout, OperationFailure, PyMongoError, WriteConcernError

from reporting.store.documents import ensure_indexes
from shared.settings import SettingsError

# Errors of a server that is away or changing: wait and try again, the data is not to blame.
TRANSIENT: tuple[type[Exception], ...] = (ConnectionFailure, ExecutionTimeout, WriteConcernError)


def connect(uri: str) -> Database[dict[str, Any]]:
    """Return the database that the URI names; it is asked nothing before it is used. Raises SettingsError."""
    try:
        client: MongoClient[dict[str, Any]] = MongoClient(uri, **_CLIENT)
        return client.get_default_database()
    except (PyMongoError, ValueError) as error:  # the error's own words may hold the password
        raise SettingsError("settings: DAYZERO_REPORTING_MONGO_URI is no MongoDB address") from error


def prepare(database: Database[dict[str, Any]]) -> None:
    """Make the declared indexes. Raises SettingsError where MongoDB refuses, which waiting does not mend."""
    try:
        ensure_indexes(database)
    except TRANSIENT:
        raise
    except OperationFailure as error:
        raise SettingsError(f"DAYZERO_REPORTING_MONGO_URI: {_refusal(error)}") from error


def _refusal(error: OperationFailure) -> str:
    words = _REFUSALS.get(error.code or 0, "MongoDB refuses to make the declared indexes ({name})")
    details = error.details or {}
    return words.format(name=details.get("codeName", error.code), keys=", ".join(details.get("keyPattern", {})))


_REFUSALS = {
    13: "this user may not make indexes; give it the role readWrite on its database",
    18: "MongoDB does not let this user in; check user, password and authSource",
    11000: "documents that must be unique by {keys} are there twice; a person must look at them first",
}

_CLIENT: dict[str, Any] = {
    "w": "majority",
    "journal": True,
    "retryWrites": True,
    "tz_aware": True,
    "connectTimeoutMS": 2000,
    "serverSelectionTimeoutMS": 3000,
    "socketTimeoutMS": 12000,  # a server that stands still is away too; longer than wTimeoutMS, which knows more
    "wTimeoutMS": 10000,
    "uuidRepresentation": "standard",
    "appname": "dayzero-reporting",
}


@contextmanager
def opened(uri: str) -> Iterator[Database[dict[str, Any]]]:
    """Connect for the length of a command."""
    database = connect(uri)
    try:
        yield database
    finally:
        database.client.close()
