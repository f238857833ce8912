"""Partner keys as triage last told of them: read at each request, so that a revoked one opens nothing at once."""

from collections.abc import Sequence

import msgspec
from pymongo.errors import DuplicateKeyError

from intake.store.connection import IntakeDatabase
from shared.audit.happenings import pending
from shared.contracts.audit import INSTALLATION, AuditEntry
from shared.contracts.envelope import Event
from shared.contracts.key_changed import KeyChanged
from shared.outbox import Outbox, entry

COLLECTION = "partner_keys"
_SCOPE = {"sponsor": INSTALLATION}  # a key may be good for several sponsors


class MongoKeys:
    """``intake.ports.KeyStore`` over MongoDB."""

    def __init__(self, database: IntakeDatabase) -> None:
        """Nothing is asked of the database until it is needed."""
        self._database = database

    def find(self, key_id: str) -> KeyChanged | None:
        """Return a key as it is known."""
        found = self._database.collection(COLLECTION).find_one({"_id": key_id, **_SCOPE}, {"key": 1})
        return None if found is None else msgspec.convert(found["key"], KeyChanged)

    def note(self, key: KeyChanged, answer: Event, entries: Sequence[AuditEntry]) -> bool:
        """Keep a revision with its answer. False: it, or a newer one, is known."""
        older = {"_id": key.key_id, **_SCOPE, "revision": {"$lt": key.revision}}
        change = {
            "$set": {"revision": key.revision, "key": msgspec.to_builtins(key)},
            "$push": {
                "outbox": entry(answer, answer.occurred_at),
                "audit": {"$each": [pending(each) for each in entries]},
            },
        }
        try:
            self._database.collection(COLLECTION).update_one(older, change, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    def answer_again(self, answer: Event) -> None:
        """Publish an answer once more; that to a revision which came too late is stored first."""
        if self.outbox().ask_again(str(answer.answers), answer.occurred_at):
            return
        unanswered = {"_id": answer.subject, **_SCOPE, "outbox.event.answers": {"$ne": answer.answers}}
        late = {"$push": {"outbox": entry(answer, answer.occurred_at)}}
        self._database.collection(COLLECTION).update_one(unanswered, late)

    def outbox(self) -> Outbox:
        """Return the answers that wait."""
        return Outbox(self._database.deferred(COLLECTION))
