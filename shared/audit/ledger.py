"""The audit trail is kept as long as the record, and available for review and copying (21 CFR 11.10(e)).

A ledger is a database of its own, in which a service may find and insert and do nothing else. So an administrator makes
its indexes, and races are decided by them: two who append at once take different places, or the same entry once.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from shared import mongo
from shared.audit.chain import BEFORE_FIRST
from shared.mongo import Database, insert_until_taken

ENTRIES, CHECKPOINTS = "entries", "checkpoints"
ACTIONS = ("find", "insert")  # of the service's own user
ROLE = "append_only"

# As arguments of pymongo's create_index, for the step that makes a ledger: the service's user may not.
INDEXES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    ENTRIES: (
        {"keys": [("sponsor", 1), ("seq", 1)], "unique": True},
        {"keys": [("sponsor", 1), ("fields.subject.value", 1), ("seq", 1)]},
    ),
    CHECKPOINTS: ({"keys": [("sponsor", 1), ("seq", 1), ("key_id", 1)], "unique": True},),
}

Document = dict[str, Any]
Head = tuple[int, str]  # the position and the hash of a chain's last entry
START: Head = (0, BEFORE_FIRST)
_OWN_ID = {"_id": 0}


def ledger_name(database: str) -> str:
    """Return the name of the ledger that belongs to a service's database."""
    return f"{database}_ledger"


def ledger_setting(service: str) -> str:
    """Return the name of the setting that carries the URI of a service's ledger."""
    return f"DAYZERO_{service.upper()}_LEDGER_URI"


class Ledger:
    """The entries and checkpoints of one service. An entry's ``_id`` is made of its id: none is in a chain twice."""

    def __init__(self, database: Database, service: str) -> None:
        """Nothing is asked of the database until it is needed."""
        self.service = service
        self._entries, self._checkpoints = database[ENTRIES], database[CHECKPOINTS]

    def head(self, sponsor: str) -> Head:
        """Return where a sponsor's chain ends."""
        newest = self._entries.find({"sponsor": sponsor}, {"seq": 1, "hash": 1}).sort("seq", -1).limit(1)
        return next(((each["seq"], each["hash"]) for each in newest), START)

    def append(self, entries: Sequence[Document]) -> int:
        """Append entries in their order, until the place of one is taken; return how many were appended."""
        return insert_until_taken(self._entries, [{"_id": _place_of(entry), **entry} for entry in entries])

    def held(self, sponsor: str, entry_ids: Sequence[str]) -> dict[str, Document]:
        """Return those of the entries that the ledger has, by their ids."""
        names = [f"{sponsor}/{entry_id}" for entry_id in entry_ids]
        found = self._entries.find({"_id": {"$in": names}, "sponsor": sponsor}, _OWN_ID)
        return {str(entry["fields"]["entry_id"]["value"]): entry for entry in found}

    def entries(self, sponsor: str, after: int = 0) -> Iterator[Document]:
        """Yield a sponsor's entries after a position, in their order."""
        yield from self._entries.find({"sponsor": sponsor, "seq": {"$gt": after}}, _OWN_ID).sort("seq", 1)

    def newest(
        self, sponsor: str, wanted: Mapping[str, str], limit: int, before: int | None = None, *, withheld: bool = True
    ) -> list[Document]:
        """Return entries before a position, the newest first; with ``withheld`` also those that disclose.

        ``wanted`` are values that fields must have. Without any, all are returned: a reader sees that one is withheld.
        """
        asked: Document = {"sponsor": sponsor} | {f"fields.{name}.value": value for name, value in wanted.items()}
        if before is not None:
            asked["seq"] = {"$lt": before}
        if wanted and not withheld:
            asked["fields.discloses.value"] = False
        return list(self._entries.find(asked, _OWN_ID).sort("seq", -1).limit(limit))

    def sponsors(self) -> list[str]:
        """Return whose chains there are."""
        return sorted(str(each) for each in self._entries.distinct("sponsor"))

    def add_checkpoint(self, checkpoint: Document) -> bool:
        """Keep a checkpoint. False: that place has one by that key."""
        return bool(insert_until_taken(self._checkpoints, [dict(checkpoint)]))

    def checkpoints(self, sponsor: str) -> Iterator[Document]:
        """Yield a sponsor's checkpoints, in the order of their places."""
        yield from self._checkpoints.find({"sponsor": sponsor}, _OWN_ID).sort([("seq", 1), ("at", 1)])

    def last_checkpoint(self, sponsor: str) -> Document | None:
        """Return the checkpoint that covers most."""
        return next(iter(self._checkpoints.find({"sponsor": sponsor}, _OWN_ID).sort("seq", -1).limit(1)), None)


def _place_of(entry: Document) -> str:
    return f"{entry['sponsor']}/{entry['fields']['entry_id']['value']}"


def connect(uri: str, service: str) -> Database:
    """Return the database of a service's ledger. Raises SettingsError."""
    return mongo.connect(uri, service, ledger_setting(service))


@contextmanager
def opened(uri: str, service: str) -> Iterator[Ledger]:
    """Open a service's ledger for the length of a command."""
    database = connect(uri, service)
    try:
        yield Ledger(database, service)
    finally:
        database.client.close()
