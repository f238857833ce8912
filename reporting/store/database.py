"""The connection to reporting's own database, and the indexes that it must have."""

from contextlib import AbstractContextManager

from reporting.store.documents import DOCUMENTS
from shared import mongo
from shared.audit.sequencer import Source, sources_of
from shared.mongo import TRANSIENT, Database

__all__ = ["SERVICE", "TRANSIENT", "Database", "audited", "connect", "opened", "prepare"]
SERVICE = "reporting"


def connect(uri: str) -> Database:
    """Return the database that the URI names. Raises SettingsError."""
    return mongo.connect(uri, SERVICE)


def opened(uri: str) -> AbstractContextManager[Database]:
    """Connect for the length of a command."""
    return mongo.opened(uri, SERVICE)


def audited(database: Database) -> list[Source]:
    """Return the collections whose documents hold pending audit entries."""
    return sources_of(mongo.collections_with("audit", DOCUMENTS), database.__getitem__)


def prepare(database: Database) -> None:
    """Make the declared indexes. Raises SettingsError where MongoDB refuses."""
    mongo.make_indexes(database, SERVICE, DOCUMENTS)
