"""What waits for a person: kept with its bytes, listed oldest first, answered so that nobody sends it for ever."""

from collections.abc import Iterator, Sequence
from typing import Any

from pymongo.database import Database

from shared.clock import Clock
from shared.contracts.envelope import Event
from shared.contracts.ledger_facts import NonCaseFact, ParkedFact
from shared.contracts.parked_work import ParkedKind, ParkedWork
from shared.messaging.parked import Shelf
from shared.outbox import Outbox

_OURS = (ParkedKind.MESSAGE, ParkedKind.REFUSAL)  # reporting tells the ledger of its approvals itself


class MongoParkedStore(Shelf):
    """``triage.ports.ParkedStore`` over MongoDB."""

    def __init__(self, database: Database[dict[str, Any]], clock: Clock, service_version: str) -> None:
        """Use the database."""
        collection = database["parked"]
        super().__init__(lambda: collection, service_version, clock)
        self.outbox = Outbox(collection)

    def keep(self, work: ParkedWork, content: bytes, answer: Event | None) -> bool:
        """Keep an item once; of a second time only the answer goes out again."""
        is_new = self.put(work, content, answer)
        if not is_new:
            self.outbox.ask_again(work.event_id, self._clock.now())
        return is_new

    def ledger_facts(self, kinds: Sequence[ParkedKind] = _OURS) -> Iterator[ParkedFact | NonCaseFact]:
        """Tell what triage itself has parked."""
        return super().ledger_facts(kinds)
