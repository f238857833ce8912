"""Every entry of the audit trail is written with its change, and moved from there to its sponsor's chain.

No lease decides who moves: the ledger's unique places do. What was appended and not yet taken out of its document,
because a process died between, is found by its id and taken out. The order within a chain is that of its entries'
instants, as far as they were there together.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from shared.audit.chain import chain, fields_of, values_of
from shared.audit.happenings import COLLECTION as HAPPENINGS
from shared.messaging.parked import give_trails

BATCH = 200
PARKED = "parked"
_EVER = {"audit.at": {"$gt": datetime(1970, 1, 1, tzinfo=UTC)}}  # bounds that the index on audit.at serves

Document = dict[str, Any]


class Collection(Protocol):
    """What the sequencer needs of the collection that a store hands it: this module knows no driver."""

    def find(self, filter: Mapping[str, Any], projection: Any = None) -> Any:  # noqa: A002 - pymongo's own word
        """Find documents."""
        ...

    def update_many(self, filter: Mapping[str, Any], update: Mapping[str, Any]) -> Any:  # noqa: A002
        """Change documents."""
        ...

    def delete_many(self, filter: Mapping[str, Any]) -> Any:  # noqa: A002
        """Remove documents."""
        ...


class Chains(Protocol):
    """What the sequencer needs of a ledger."""

    service: str

    def head(self, sponsor: str) -> tuple[int, str]:
        """Return where a sponsor's chain ends."""
        ...

    def append(self, entries: Sequence[Document]) -> int:
        """Append entries in their order, until the place of one is taken; return how many were appended."""
        ...

    def held(self, sponsor: str, entry_ids: Sequence[str]) -> dict[str, Document]:
        """Return those of the entries that the ledger has, by their ids."""
        ...


class Source(msgspec.Struct, frozen=True):
    """A collection whose documents have a list ``audit`` and an index on ``audit.at``."""

    collection: Collection
    is_only_entries: bool = False  # its documents are nothing but their entries, and go with them
    before: Callable[[Any], None] | None = None  # is done to it before entries are taken out


def sources_of(names: Iterable[str], collection: Callable[[str], Collection]) -> list[Source]:
    """Return the sources of these names."""
    return [Source(collection(name), name == HAPPENINGS, give_trails if name == PARKED else None) for name in names]


class Pending(msgspec.Struct, frozen=True):
    """An entry that waits in its document."""

    document_id: Any
    owner: str | None  # the sponsor of the document, which need not be that of the chain
    sponsor: str
    entry_id: str
    at: datetime
    fields: dict[str, Any]


class Moved(msgspec.Struct, frozen=True):
    """What a round did: how many entries left their documents, and which ids are in the ledger with other words."""

    count: int
    conflicts: tuple[str, ...] = ()


class Sequencer:
    """Moves the pending audit entries of one service to its ledger."""

    def __init__(self, ledger: Chains, sources: Sequence[Source]) -> None:
        """Nothing is asked of a database until it is needed."""
        self._ledger = ledger
        self._sources = sources

    def move_once(self) -> Moved:
        """Move a batch from each collection."""
        found = [(source, list(waiting(source.collection, BATCH))) for source in self._sources]
        entries = [each for _, theirs in found for each in theirs]
        in_ledger: set[tuple[str, str]] = set()
        for sponsor, ours in _by(entries, "sponsor"):
            entered = self._enter(str(sponsor), sorted(ours, key=lambda each: each.at))
            in_ledger |= {(str(sponsor), entry_id) for entry_id in entered}
        conflicts = {each.entry_id for each in entries if (each.sponsor, each.entry_id) not in in_ledger}
        for source, theirs in found:
            _take_out(source, [each for each in theirs if each.entry_id not in conflicts])
        return Moved(sum(each.entry_id not in conflicts for each in entries), tuple(sorted(conflicts)))

    def move_all(self) -> Moved:
        """Move until nothing waits that can be moved."""
        count = 0
        while (moved := self.move_once()).count:
            count += moved.count
        return Moved(count, moved.conflicts)

    def pending(self, sponsor: str | None = None) -> Iterator[Pending]:
        """Yield what waits for a sponsor's chain, or for any."""
        for source in self._sources:
            yield from (each for each in waiting(source.collection) if sponsor in {None, each.sponsor})

    def _enter(self, sponsor: str, entries: Sequence[Pending]) -> set[str]:
        """Bring entries into a sponsor's chain; return the ids of those that are there now as they are here."""
        by_id = {each.entry_id: each for each in entries}  # a document may tell the same one twice
        held = self._ledger.held(sponsor, list(by_id))
        while left := [each.fields for name, each in by_id.items() if name not in held]:
            linked = chain(self._ledger.service, sponsor, self._ledger.head(sponsor), left)
            if self._ledger.append(linked) < len(linked):  # another was first: at some place, or with some entry
                held = self._ledger.held(sponsor, list(by_id))
            else:
                held |= {entry["fields"]["entry_id"]["value"]: entry for entry in linked}
        return {name for name, entry in held.items() if _same(entry, by_id[name].fields)}


def waiting(collection: Collection, limit: int = 0) -> Iterator[Pending]:
    """Yield the pending entries of a collection's documents, those first that wait longest."""
    found = collection.find(_EVER, {"sponsor": 1, "audit": 1}).sort("audit.at", 1).limit(limit)
    for document in found:
        owner = document.get("sponsor")
        for entry in document["audit"]:
            sponsor, fields = entry.get("sponsor") or owner, fields_of(entry)
            yield Pending(document["_id"], owner, str(sponsor), str(entry["entry_id"]), entry["at"], fields)


def _take_out(source: Source, entries: Sequence[Pending]) -> None:
    if entries and source.before:
        source.before(source.collection)
    for owner, theirs in _by(entries, "owner"):
        documents = {"_id": {"$in": list({each.document_id for each in theirs})}, "sponsor": owner}
        ids = {"$in": [each.entry_id for each in theirs]}
        source.collection.update_many(documents, {"$pull": {"audit": {"entry_id": ids}}})
        if source.is_only_entries:
            source.collection.delete_many({**documents, "audit": []})


def _by(entries: Iterable[Pending], name: str) -> list[tuple[str | None, list[Pending]]]:
    groups: dict[str | None, list[Pending]] = defaultdict(list)
    for each in entries:
        groups[getattr(each, name)].append(each)
    return list(groups.items())


def _same(entry: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    """Say whether a ledger entry tells what the pending one tells; an earlier version may have told less."""
    told = values_of(entry)
    return all(told[name] == fields[name] for name in told.keys() & fields.keys())
