"""The connection to triage's own database, and the indexes that it must have."""

from contextlib import AbstractContextManager

from shared import mongo
from shared.audit.sequencer import Source, sources_of
from shared.mongo import TRANSIENT, Database
from triage.store.documents import ALL

__all__ = ["SERVICE", "TRANSIENT", "Database", "audited", "connect", "is_up", "opened", "prepare", "prepare_if_there"]
SERVICE = "triage"


def connect(uri: str) -> Database:
    """Return the database that the URI names. Raises SettingsError."""
    return mongo.connect(uri, SERVICE)


def opened(uri: str) -> AbstractContextManager[Database]:
    """Connect for the length of a command."""
    return mongo.opened(uri, SERVICE)


def audited(database: Database) -> list[Source]:
    """Return the collections whose documents hold pending audit entries."""
    return sources_of(mongo.collections_with("audit", ALL), database.__getitem__)


def prepare(database: Database) -> None:
    """Make the declared indexes. Raises SettingsError where MongoDB refuses."""
    mongo.make_indexes(database, SERVICE, ALL)


def prepare_if_there(database: Database) -> None:
    """Make the indexes if MongoDB answers soon. Raises SettingsError."""
    mongo.soon(lambda: prepare(database))


def is_up(database: Database) -> bool:
    """Say whether the database answers and takes writes."""
    return mongo.takes_writes(database, lambda: prepare(database))
