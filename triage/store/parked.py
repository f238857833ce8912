"""What waits for a person: kept with its bytes, listed oldest first, answered so that nobody sends it for ever."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from pymongo.database import Database

from shared.clock import Clock
from shared.contracts.envelope import Event, to_document
from shared.contracts.ledger_facts import ParkedFact
from shared.ids import derived_id
from shared.outbox import Outbox, entry
from triage.ports import ParkedItem

_LISTED = {"content": 0, "event": 0, "outbox": 0, "audit": 0}


class MongoParkedStore:
    """``triage.ports.ParkedStore`` over MongoDB."""

    def __init__(self, database: Database[dict[str, Any]], clock: Clock, service_version: str) -> None:
        """Use the database."""
        self._parked = database["parked"]
        self._clock = clock
        self._service_version = service_version
        self.outbox = Outbox(self._parked)

    def keep(self, item: ParkedItem, content: bytes, event: Event | None, answer: Event | None) -> None:
        """Keep an item once; of a second time only the answer goes out again."""
        now = self._clock.now()
        audit = {
            "entry_id": derived_id("aud", item.id),
            "at": now,
            "service_version": self._service_version,
            "actor": "triage",
            "authentication": "service",
            "action": f"{item.kind}.parked",
            "reason": item.reason,
            "subject": item.subject,
        }
        document = {
            name: value for name, value in msgspec.structs.asdict(item).items() if name not in {"id", "sponsor"}
        }
        document |= {"content": content, "event": to_document(event) if event else None, "audit": [audit]}
        document["outbox"] = [entry(answer, now)] if answer else []
        stored = self._parked.update_one(
            {"_id": item.id, "sponsor": item.sponsor}, {"$setOnInsert": document}, upsert=True
        )
        if stored.matched_count and event is not None:
            self.outbox.ask_again(event.id, now)

    def waiting(self, scopes: Sequence[str]) -> list[ParkedItem]:
        """Return what waits, oldest first."""
        found = self._parked.find({"sponsor": {"$in": list(scopes)}}, _LISTED).sort("parked_at", 1)
        return [ParkedItem(id=document.pop("_id"), **document) for document in found]

    def ledger_facts(self) -> Iterator[ParkedFact]:
        """Tell everything that waits, for the ledger identity."""
        for document in self._parked.find({}, {"subject": 1, "reason": 1, "parked_at": 1}):
            at = datetime.fromisoformat(document["parked_at"])
            yield ParkedFact(subject=document["subject"], reason=document["reason"], parked_at=at)
