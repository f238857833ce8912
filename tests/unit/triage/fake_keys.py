"""In-memory store of partner keys; it passes the same contract tests as MongoDB's (tests/integration/triage)."""

from collections.abc import Sequence

import msgspec

from shared.contracts.audit import AuditEntry
from shared.contracts.envelope import Event
from tests.unit.triage.fakes import Outgoing
from triage.domain.partner_key import PartnerKey
from triage.ports import Conflict


class InMemoryPartnerKeys:
    """Implements PartnerKeyStore."""

    def __init__(self) -> None:
        self.held: dict[str, PartnerKey] = {}
        self.outgoing = Outgoing()
        self.entries: list[AuditEntry] = []

    def add(self, key: PartnerKey, event: Event, entries: Sequence[AuditEntry]) -> None:
        if key.key_id in self.held:
            raise Conflict(f"there is a key {key.key_id} already")
        self._keep(key, event, entries)

    def update(self, key: PartnerKey, expected: int, event: Event, entries: Sequence[AuditEntry]) -> None:
        held = self.held.get(key.key_id)
        if held is None or held.revision != expected:
            raise Conflict(f"key {key.key_id} is not at revision {expected} any more")
        self._keep(key, event, entries)

    def find(self, key_id: str) -> PartnerKey | None:
        return self.held.get(key_id)

    def all(self) -> list[PartnerKey]:
        return sorted(self.held.values(), key=lambda key: (key.organisation, key.key_id))

    def noted(self, key_id: str, revision: int, event_id: str) -> None:
        held = self.held.get(key_id)
        if held is not None:
            self.held[key_id] = msgspec.structs.replace(held, noted=max(held.noted, revision))
        self.outgoing.confirm(event_id)

    def _keep(self, key: PartnerKey, event: Event, entries: Sequence[AuditEntry]) -> None:
        self.held[key.key_id] = key
        self.outgoing.add([event])
        self.entries += entries
