"""A write is acknowledged when a majority has it in its journal; before that, nothing was promised (DOMAIN 2)."""

import contextlib
from collections.abc import Mapping
from typing import Any

import pymongo
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

from intake.store.documents import ALL
from intake.store.errors import TRANSIENT
from shared.settings import SettingsError

Document = dict[str, Any]
_PING_SECONDS = 1
_SOON_SECONDS = 3


class IntakeDatabase:
    """Intake's database. It connects when it is first used, so a door starts while MongoDB is away."""

    def __init__(self, uri: str) -> None:
        """``uri`` names the database too. Raises SettingsError."""
        try:
            self._client: MongoClient[Document] = MongoClient(uri, **_CLIENT)
            self._database = self._client.get_default_database()
        except (PyMongoError, ValueError) as error:  # the error's own words may hold the password
            raise SettingsError("settings: DAYZERO_INTAKE_MONGO_URI is no MongoDB address") from error
        self._indexed = False

    def collection(self, name: str) -> Collection[Document]:
        """Return a collection, with the unique indexes that decide races in place."""
        self.prepare()
        return self._database[name]

    def prepare(self) -> None:
        """Make the indexes, once. Raises SettingsError where MongoDB refuses, which waiting does not mend."""
        if self._indexed:  # no lock: making them twice is making them once, waiting in a row for MongoDB is not
            return
        try:
            ensure_indexes(self._database)
        except TRANSIENT:
            raise
        except OperationFailure as error:
            raise SettingsError(f"DAYZERO_INTAKE_MONGO_URI: {_refusal(error)}") from error
        self._indexed = True

    def prepare_if_there(self) -> None:
        """Make the indexes if MongoDB answers soon; else the first use makes them. Raises SettingsError."""
        with contextlib.suppress(*TRANSIENT), pymongo.timeout(_SOON_SECONDS):
            self.prepare()

    def deferred(self, name: str) -> "DeferredCollection":
        """Return a collection that is looked for when it is used: for what is wired before MongoDB is there."""
        return DeferredCollection(self, name)

    def is_ready(self) -> bool:
        """Say whether MongoDB answers and takes writes, by indexes that are in place."""
        try:
            with pymongo.timeout(_PING_SECONDS):
                self.prepare()
                return bool(self._client.admin.command("hello").get("isWritablePrimary"))
        except (PyMongoError, SettingsError):  # also a user that is not let in: no report could be kept
            return False

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


class DeferredCollection:
    """What the outbox needs of a collection (``shared.outbox.Collection``)."""

    def __init__(self, database: IntakeDatabase, name: str) -> None:
        """Nothing is asked of the database until it is needed."""
        self._database = database
        self._name = name

    def find(self, filter: Mapping[str, Any], projection: Any = None) -> Any:  # noqa: A002 - pymongo's own word
        """Find documents."""
        return self._database.collection(self._name).find(filter, projection)

    def update_one(self, filter: Mapping[str, Any], update: Mapping[str, Any]) -> Any:  # noqa: A002
        """Change one document."""
        return self._database.collection(self._name).update_one(filter, update)


def ensure_indexes(database: Database[Document]) -> None:
    """Make the indexes that the documents declare; made already, they are left alone."""
    for document in ALL:
        collection = database[document._meta["collection"]]
        for index in declared_indexes(document):
            collection.create_index(**index)


def declared_indexes(document: Any) -> list[Document]:
    """Return the indexes of a mongoengine document as arguments of ``create_index``."""
    return [_index(spec) for spec in document._meta["index_specs"]]


def _index(spec: Mapping[str, Any]) -> Document:
    options = {name: value for name, value in spec.items() if name not in {"fields", "cls", "types"}}
    return {"keys": spec["fields"], **options}


def _refusal(error: OperationFailure) -> str:
    words = _REFUSALS.get(error.code or 0, "MongoDB refuses to make the declared indexes ({name})")
    details = error.details or {}
    return words.format(name=details.get("codeName", error.code), keys=", ".join(details.get("keyPattern", {})))


_REFUSALS = {
    13: "this user may not make indexes; give it the role readWrite on its database",
    18: "MongoDB does not let this user in; check user, password and authSource",
    11000: "documents that must be unique by {keys} are there twice; a person must look at them first",
}

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
    "appname": "dayzero-intake",
}
