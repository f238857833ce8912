"""A message that can't be processed is parked where people see it, and the partition goes on."""

from collections.abc import Iterator
from typing import Any

from intake.domain.scope import EVERY_SPONSOR, UNASSIGNED
from intake.store.connection import IntakeDatabase
from intake.store.scoped import within
from shared.clock import Clock
from shared.contracts.ledger_facts import ParkedFact
from shared.ids import derived_id
from shared.messaging.worker import Unprocessable

COLLECTION = "parked"


class MongoParking:
    """Intake's parked messages; implements the worker's Parking."""

    def __init__(self, database: IntakeDatabase, clock: Clock) -> None:
        """Nothing is asked of the database until it is needed."""
        self._database = database
        self._clock = clock

    def park(self, message: Unprocessable) -> None:
        """Keep the message durably; keeping it twice is keeping it once."""
        event = message.event
        sponsor = event.sponsor if event else UNASSIGNED
        kept = {
            "topic": message.topic,
            "event_id": message.event_id,
            "subject": event.subject if event else message.event_id,
            "content": message.content,
            "error": message.error,
            "parked_at": self._clock.now(),
        }
        name = derived_id("prk", message.topic, message.event_id)
        self._collection.update_one({"_id": name, "sponsor": sponsor}, {"$setOnInsert": kept}, upsert=True)

    def facts(self) -> Iterator[ParkedFact]:
        """Yield what the ledger identity needs of each parked message."""
        for document in self._collection.find(within(EVERY_SPONSOR), {"subject": 1, "error": 1, "parked_at": 1}):
            yield ParkedFact(subject=document["subject"], reason=document["error"], parked_at=document["parked_at"])

    @property
    def _collection(self) -> Any:
        return self._database.collection(COLLECTION)
