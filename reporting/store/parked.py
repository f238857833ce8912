"""A message that cannot be processed is kept where people see it, and the partition goes on."""

from collections.abc import Iterator
from typing import Any

from pymongo.database import Database

from reporting.domain.records import UNASSIGNED
from reporting.domain.trail import entry_for
from reporting.store.rows import audit_row
from shared.clock import Clock
from shared.contracts.ledger_facts import ParkedFact
from shared.ids import derived_id
from shared.messaging.worker import Unprocessable


class MongoParking:
    """``shared.messaging.worker.Parking`` over MongoDB."""

    def __init__(self, database: Database[dict[str, Any]], clock: Clock) -> None:
        """Use the database."""
        self._parked = database["parked"]
        self._clock = clock

    def park(self, message: Unprocessable) -> None:
        """Keep the message durably; keeping it twice is keeping it once."""
        parked_id = derived_id("prk", message.event_id)
        now = self._clock.now()
        audit = entry_for(parked_id, "event.parked", message.error, now)
        row = {
            "_id": parked_id,
            "sponsor": message.event.sponsor if message.event else UNASSIGNED,
            "event_id": message.event_id,
            "topic": message.topic,
            "subject": message.event.subject if message.event else message.event_id,
            "content": message.content,
            "error": message.error,
            "parked_at": now,
            "audit": [audit_row(audit)],
        }
        self._parked.update_one({"event_id": message.event_id}, {"$setOnInsert": row}, upsert=True)

    def ledger_facts(self) -> Iterator[ParkedFact]:
        """Tell everything that waits, for the ledger identity."""
        for row in self._parked.find({}, {"subject": 1, "error": 1, "parked_at": 1}):
            yield ParkedFact(subject=row["subject"], reason=row["error"], parked_at=row["parked_at"])
