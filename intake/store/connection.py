"""Intake's database, which it looks for when it is first used: a door starts while MongoDB is away (DOMAIN 2)."""

from collections.abc import Mapping
from typing import Any

from gridfs import GridFSBucket
from pymongo.collection import Collection

from intake.store.documents import ALL
from shared import mongo
from shared.audit.sequencer import Source, sources_of
from shared.mongo import Document

SERVICE = "intake"


class IntakeDatabase:
    """Intake's database. It connects when it is first used, so a door starts while MongoDB is away."""

    def __init__(self, uri: str) -> None:
        """``uri`` names the database too. Raises SettingsError."""
        self._database = mongo.connect(uri, SERVICE)
        self._indexed = False

    def collection(self, name: str) -> Collection[Document]:
        """Return a collection, with the unique indexes that decide races in place."""
        self.prepare()
        return self._database[name]

    def bucket(self, name: str) -> GridFSBucket:
        """Return a bucket of GridFS, for bytes that no document has room for."""
        self.prepare()
        return GridFSBucket(self._database, name)

    def prepare(self) -> None:
        """Make the indexes, once. Raises SettingsError where MongoDB refuses, which waiting does not mend."""
        if self._indexed:  # no lock: making them twice is making them once, waiting in a row for MongoDB is not
            return
        mongo.make_indexes(self._database, SERVICE, ALL)
        self._indexed = True

    def audited(self) -> list[Source]:
        """Return the collections whose documents hold pending audit entries."""
        return sources_of(mongo.collections_with("audit", ALL), self.collection)

    def prepare_if_there(self) -> None:
        """Make the indexes if MongoDB answers soon; else the first use makes them. Raises SettingsError."""
        mongo.soon(self.prepare)

    def deferred(self, name: str) -> "DeferredCollection":
        """Return a collection that is looked for when it is used: for what is wired before MongoDB is there."""
        return DeferredCollection(self, name)

    def is_ready(self) -> bool:
        """Say whether MongoDB answers and takes writes, by indexes that are in place."""
        return mongo.takes_writes(self._database, self.prepare)

    def close(self) -> None:
        """Let go of the connections."""
        self._database.client.close()


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
