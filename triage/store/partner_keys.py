"""Partner keys in MongoDB: a change of a key, its event and what is entered of it are one write."""

from collections.abc import Sequence
from typing import Any

import msgspec
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.audit.happenings import pending
from shared.clock import Clock
from shared.contracts.audit import INSTALLATION, AuditEntry
from shared.contracts.envelope import Event
from shared.outbox import Outbox, entry
from triage.domain.partner_key import PartnerKey
from triage.ports import Conflict

Document = dict[str, Any]
_SCOPE = {"sponsor": INSTALLATION}  # a key may be good for several sponsors


class MongoPartnerKeyStore:
    """``triage.partner_keys.PartnerKeyStore`` over MongoDB."""

    def __init__(self, database: Database[Document], clock: Clock) -> None:
        """Use the database; indexes are made by ``database.prepare``."""
        self._keys = database["partner_keys"]
        self._clock = clock
        self.outbox = Outbox(self._keys)

    def add(self, key: PartnerKey, event: Event, entries: Sequence[AuditEntry]) -> None:
        """Store a new key."""
        document = {
            "_id": key.key_id,
            **_SCOPE,
            "revision": key.revision,
            "head": msgspec.to_builtins(key),
            "outbox": [entry(event, self._clock.now())],
            "audit": [pending(each) for each in entries],
        }
        try:
            self._keys.insert_one(document)
        except DuplicateKeyError as error:
            raise Conflict(f"there is a key {key.key_id} already") from error

    def update(self, key: PartnerKey, expected: int, event: Event, entries: Sequence[AuditEntry]) -> None:
        """Store a changed key."""
        change = {
            "$set": {"revision": key.revision, "head": msgspec.to_builtins(key)},
            "$push": {
                "outbox": entry(event, self._clock.now()),
                "audit": {"$each": [pending(each) for each in entries]},
            },
        }
        if not self._keys.update_one({"_id": key.key_id, **_SCOPE, "revision": expected}, change).matched_count:
            raise Conflict(f"key {key.key_id} is not at revision {expected} any more")

    def find(self, key_id: str) -> PartnerKey | None:
        """Return a key."""
        found = self._keys.find_one({"_id": key_id, **_SCOPE}, {"head": 1})
        return None if found is None else msgspec.convert(found["head"], PartnerKey)

    def all(self) -> list[PartnerKey]:
        """Return every key, by organisation."""
        found = self._keys.find(_SCOPE, {"head": 1}).sort([("head.organisation", 1), ("_id", 1)])
        return [msgspec.convert(each["head"], PartnerKey) for each in found]

    def noted(self, key_id: str, revision: int, event_id: str) -> None:
        """Note that intake knows of a revision; late and repeated answers change nothing."""
        self._keys.update_one({"_id": key_id, **_SCOPE}, {"$max": {"head.noted": revision}})
        self.outbox.confirm(event_id, self._clock.now())
