"""A message that can't be processed is parked where people see it, and the partition goes on."""

from importlib.metadata import version

from intake.domain.scope import UNASSIGNED
from intake.store.connection import IntakeDatabase
from shared.clock import Clock
from shared.messaging.parked import Shelf, parked_work
from shared.messaging.worker import Unprocessable

COLLECTION = "parked"
SERVICE = "intake"


class MongoParking(Shelf):
    """Intake's parked messages; implements the worker's Parking, and what a replay needs."""

    def __init__(self, database: IntakeDatabase, clock: Clock) -> None:
        """Nothing is asked of the database until it is needed."""
        super().__init__(lambda: database.collection(COLLECTION), version("dayzero"), clock)

    def park(self, message: Unprocessable) -> None:
        """Keep the message durably; keeping it twice is keeping it once."""
        sponsor = message.event.sponsor if message.event else UNASSIGNED
        self.put(parked_work(message, SERVICE, sponsor, self._clock), message.content, None)
