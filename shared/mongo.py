"""A write is acknowledged when a majority has it in its journal; before that, nothing was promised (DOMAIN 2).

How every service speaks to its own database; what is in it, and by which indexes, each service's ``store`` declares.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pymongo
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database as MongoDatabase
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConnectionFailure,  # AutoReconnect, NetworkTimeout, NotPrimaryError, ServerSelectionTimeoutError, WaitQueueTimeout
    ExecutionTimeout,
    OperationFailure,
    PyMongoError,
    WriteConcernError,  # and WTimeoutError: written here, not yet safe on a majority
)

from shared.settings import SettingsError

Document = dict[str, Any]
Database = MongoDatabase[Document]

# Errors of a server that is away or changing: wait and try again, the data is not to blame.
TRANSIENT: tuple[type[Exception], ...] = (ConnectionFailure, ExecutionTimeout, WriteConcernError)

DUPLICATE_KEY = 11000
_KEY_NOT_FOUND = 211  # "No keys found for HMAC": mongod has started anew and has not read its keys yet
_PING_SECONDS = 1
_SOON_SECONDS = 3
_CLIENT: Document = {
    "w": "majority",
    "journal": True,
    "wTimeoutMS": 10000,
    "retryWrites": True,
    "tz_aware": True,
    "connectTimeoutMS": 2000,
    "serverSelectionTimeoutMS": 3000,
    "socketTimeoutMS": 12000,  # a server that stands still is away too; longer than wTimeoutMS, which knows more
    "uuidRepresentation": "standard",
}
_REFUSALS = {
    13: "this user may not make indexes; give it the role readWrite on its database",
    18: "MongoDB does not let this user in; check user, password and authSource",
    DUPLICATE_KEY: "documents that must be unique by {keys} are there twice; a person must look at them first",
}


class _Client(MongoClient[Document]):
    """A client to whom a mongod that has not read its keys yet is away: it says so by a code, not by a kind of error.

    Here is the one place that all operations pass; nothing public is. A test fails where that changes.
    """

    def _retry_internal(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._retry_internal(*args, **kwargs)
        except OperationFailure as error:
            if error.code == _KEY_NOT_FOUND:
                raise AutoReconnect(str(error), error.details) from error
            raise


def connect(uri: str, service: str, setting: str = "") -> Database:
    """Return the database that the URI names; it is asked nothing before it is used. Raises SettingsError."""
    try:
        client = _Client(uri, appname=f"dayzero-{service}", **_CLIENT)
        return client.get_default_database()
    except (PyMongoError, ValueError) as error:  # the error's own words may hold the password
        raise SettingsError(f"settings: {setting or _setting(service)} is no MongoDB address") from error


@contextmanager
def opened(uri: str, service: str) -> Iterator[Database]:
    """Connect for the length of a command."""
    database = connect(uri, service)
    try:
        yield database
    finally:
        database.client.close()


def make_indexes(database: Database, service: str, documents: Iterable[Any]) -> None:
    """Make what the mongoengine documents declare; what is made already is left alone.

    Raises SettingsError where MongoDB refuses, which waiting does not mend, and the errors of TRANSIENT.
    """
    try:
        for document in documents:
            for index in declared_indexes(document):
                database[document._meta["collection"]].create_index(**index)
    except TRANSIENT:
        raise
    except OperationFailure as error:
        raise SettingsError(f"{_setting(service)}: {_refusal(error)}") from error


def declared_indexes(document: Any) -> list[Document]:
    """Return the indexes of a mongoengine document as arguments of ``create_index``."""
    return [_index(spec) for spec in document._meta["index_specs"]]


def collections_with(field: str, documents: Iterable[Any]) -> tuple[str, ...]:
    """Return the names of the collections whose mongoengine documents declare a field."""
    return tuple(document._meta["collection"] for document in documents if field in document._fields)


def insert_until_taken(collection: Collection[Document], documents: Sequence[Document]) -> int:
    """Insert in order, up to the first whose place is taken; return how many were."""
    try:
        collection.insert_many(documents, ordered=True)
    except BulkWriteError as error:
        details = error.details or {}
        if details["writeConcernErrors"] or any(each["code"] != DUPLICATE_KEY for each in details["writeErrors"]):
            raise
        return int(details["nInserted"])
    return len(documents)


def soon(prepare: Callable[[], None]) -> None:
    """Prepare a database if MongoDB answers soon; else the first use does. Raises SettingsError."""
    with suppress(*TRANSIENT), pymongo.timeout(_SOON_SECONDS):
        prepare()


def takes_writes(database: Database, prepare: Callable[[], None]) -> bool:
    """Say whether a database answers and takes writes, by indexes that are in place."""
    try:
        with pymongo.timeout(_PING_SECONDS):
            prepare()
            return bool(database.client.admin.command("hello").get("isWritablePrimary"))
    except (PyMongoError, SettingsError):  # also a user that is not let in: nothing could be kept
        return False


def _index(spec: Document) -> Document:
    # mongoengine says sparse=False of every index, and MongoDB refuses the word beside a partial filter.
    dropped = {"fields", "cls", "types"} | (set() if spec.get("sparse") else {"sparse"})
    return {"keys": spec["fields"], **{name: value for name, value in spec.items() if name not in dropped}}


def _setting(service: str) -> str:
    return f"DAYZERO_{service.upper()}_MONGO_URI"


def _refusal(error: OperationFailure) -> str:
    words = _REFUSALS.get(error.code or 0, "MongoDB refuses to make the declared indexes ({name})")
    details = error.details or {}
    return words.format(name=details.get("codeName", error.code), keys=", ".join(details.get("keyPattern", {})))
