"""A message that cannot be processed is kept where people see it, and the partition goes on.

Of a parked approval triage is told, at every attempt and when it is given up: a physician waits for its message.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from pymongo.database import Database

from reporting.domain import events
from reporting.domain.records import SERVICE_VERSION, UNASSIGNED
from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.envelope import Event
from shared.contracts.parked_work import ParkedKind, ParkedWork
from shared.messaging.parked import Announce, By, Shelf, parked_id, parked_work
from shared.messaging.worker import Unprocessable
from shared.outbox import Outbox

SERVICE = "reporting"


class MongoParking(Shelf):
    """``shared.messaging.worker.Parking`` and ``shared.messaging.replay.Kept`` over MongoDB."""

    def __init__(self, database: Database[dict[str, Any]], clock: Clock) -> None:
        """Use the database."""
        collection = database["parked"]
        super().__init__(lambda: collection, SERVICE_VERSION, clock)
        self.outbox = Outbox(collection)

    def park(self, message: Unprocessable) -> None:
        """Keep the message durably; what comes again and fails again is one more attempt at the same item."""
        event = message.event
        work = parked_work(message, SERVICE, event.sponsor if event else UNASSIGNED, self._clock)
        if event is not None and message.topic == topics.CASE_APPROVED:
            work = msgspec.structs.replace(work, kind=ParkedKind.APPROVAL)
        if not self.put(work, message.content, self._told(work)):
            self.again(work.id, By(actor=SERVICE, authentication="service", reason=message.error))

    def again(self, work_id: str, by: By, announce: Announce | None = None) -> bool:
        """Note one more attempt that failed, and tell triage."""
        return super().again(work_id, by, announce or self._told)

    def close(self, work_id: str, by: By, announce: Announce | None = None) -> None:
        """Note that a person gives it up, and tell triage."""
        closing = announce or (lambda work: self._told(work, by))
        super().close(work_id, by, closing)

    def processed(self, event: Event, outcome: Callable[[], str]) -> None:
        """Note that an event which may have been parked has had its effect now."""
        work_id = parked_id(SERVICE, event.topic, event.id)
        if self.find(work_id) is not None:
            by = By(actor=SERVICE, authentication="service", reason="it came again")
            self.settle(work_id, by, outcome())

    def _told(self, work: ParkedWork, closed: By | None = None) -> Event | None:
        if work.kind is not ParkedKind.APPROVAL:
            return None
        by = (closed.actor, closed.reason) if closed else None
        return events.approval_parked(work, self._clock.now(), by)
