"""The outbox: events wait in the document they belong to, so that a change and its event are one write.

An entry is published until it is confirmed end to end: for a question, until the consumer's own event comes back; for
an answer, once the broker has it (whoever asked asks again). Pauses grow, so a broker that is away is not hammered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from shared.contracts.envelope import Event, from_document, to_document

LONGEST_PAUSE = timedelta(minutes=10)
BATCH = 200

Document = dict[str, Any]


class Collection(Protocol):
    """What the outbox needs of the collection that a store hands it: this module knows no driver."""

    def find(self, filter: Mapping[str, Any], projection: Any = None) -> Any:  # noqa: A002 - pymongo's own word
        """Find documents."""
        ...

    def update_one(self, filter: Mapping[str, Any], update: Mapping[str, Any]) -> Any:  # noqa: A002
        """Change one document."""
        ...


class Pending(msgspec.Struct, frozen=True):
    """An entry whose time has come."""

    document_id: Any
    event: Event
    due_at: datetime
    attempts: int
    is_answer: bool


def entry(event: Event, due_at: datetime) -> Document:
    """Return the outbox entry of an event, to be stored in the document that the event speaks of."""
    return {"event": to_document(event), "due_at": due_at, "attempts": 0, "confirmed_at": None}


def pause(attempts: int, first: timedelta) -> timedelta:
    """Return how long to wait for a confirmation after this many attempts: doubling, ten minutes at most."""
    doubled: timedelta = first * 2 ** min(attempts, 20)
    return min(doubled, LONGEST_PAUSE)


class Outbox:
    """The outbox entries embedded in one collection."""

    def __init__(self, collection: Collection) -> None:
        """``collection`` has documents with a list ``outbox`` and an index on ``outbox.due_at``."""
        self._collection = collection

    def due(self, now: datetime) -> Iterator[Pending]:
        """Yield entries to publish, those that wait longest first."""
        documents = self._collection.find({"outbox.due_at": {"$lte": now}}, {"outbox": 1})
        for document in documents.sort("outbox.due_at", 1).limit(BATCH):
            yield from _due_in(document, now)

    def claim(self, pending: Pending, next_due: datetime) -> bool:
        """Take an entry for publishing: it comes back at ``next_due`` unless it is confirmed. False: another has it."""
        result = self._collection.update_one(
            _at(pending), {"$set": {"outbox.$.due_at": next_due}, "$inc": {"outbox.$.attempts": 1}}
        )
        return bool(result.modified_count)

    def confirm(self, event_id: str, now: datetime) -> None:
        """Note that the event arrived; it is not published again. Unknown or confirmed ids change nothing."""
        self._collection.update_one(
            {"outbox": {"$elemMatch": {"event.id": event_id, "confirmed_at": None}}},
            {"$set": {"outbox.$.due_at": None, "outbox.$.confirmed_at": now}},
        )

    def publish_again(self, event_id: str, now: datetime) -> bool:
        """Publish an event once more, though it was confirmed. False: nothing here has that id."""
        result = self._collection.update_one(
            {"outbox": {"$elemMatch": {"event.id": event_id}}},
            {"$set": {"outbox.$.due_at": now, "outbox.$.confirmed_at": None}},
        )
        return bool(result.matched_count)

    def ask_again(self, answers: str, now: datetime) -> bool:
        """Publish the stored answer to an event once more. False: nothing here answers it."""
        result = self._collection.update_one(
            {"outbox": {"$elemMatch": {"event.answers": answers}}},
            {"$set": {"outbox.$.due_at": now, "outbox.$.confirmed_at": None}},
        )
        return bool(result.matched_count)


def _at(pending: Pending) -> Document:
    same = {"event.id": pending.event.id, "due_at": pending.due_at}
    return {"_id": pending.document_id, "outbox": {"$elemMatch": same}}


def _due_in(document: Mapping[str, Any], now: datetime) -> Iterator[Pending]:
    entries: Sequence[Mapping[str, Any]] = document["outbox"]
    for item in entries:
        if item["due_at"] is not None and item["due_at"] <= now:
            event = from_document(item["event"])
            yield Pending(document["_id"], event, item["due_at"], item["attempts"], event.answers is not None)


class Publisher(Protocol):
    """Where events go."""

    def publish(self, events: Iterable[Event]) -> set[str]:
        """Publish, wait for the broker, and return the ids that it took."""
        ...


def relay_once(outboxes: Sequence[Outbox], publisher: Publisher, now: datetime, first_pause: timedelta) -> int:
    """Publish what is due in every outbox once; return how many events the broker took."""
    return sum(_relay(outbox, publisher, now, first_pause) for outbox in outboxes)


def _relay(outbox: Outbox, publisher: Publisher, now: datetime, first_pause: timedelta) -> int:
    claimed = [p for p in outbox.due(now) if outbox.claim(p, now + pause(p.attempts, first_pause))]
    taken = publisher.publish(p.event for p in claimed) if claimed else set()
    for pending in claimed:
        if pending.is_answer and pending.event.id in taken:
            outbox.confirm(pending.event.id, now)
    return len(taken)
