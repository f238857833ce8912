"""``key.changed`` becomes what intake asks of a partner; an older revision never replaces a newer one (DOMAIN 15)."""

from intake.ports import KeyStore
from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.audit import INSTALLATION, AuditEntry
from shared.contracts.envelope import Event, event_of
from shared.contracts.key_changed import KeyChanged
from shared.contracts.key_noted import KeyNoted
from shared.ids import derived_id


class NoteKeys:
    """The use case: triage says what keys there are, and is answered."""

    def __init__(self, keys: KeyStore, clock: Clock, service_version: str) -> None:
        """Wire it."""
        self._keys = keys
        self._clock = clock
        self._service_version = service_version

    def __call__(self, event: Event) -> None:
        """Note a key's revision, once, and answer; said again it is answered again. Raises ContractError."""
        key = event.body(KeyChanged)
        answer = self._answer(event, key)
        if not self._keys.note(key, answer, self._entries(event, key)):
            self._keys.answer_again(answer)

    def _answer(self, event: Event, key: KeyChanged) -> Event:
        return event_of(
            event_id=derived_id("evt", event.id, "noted"),
            topic=topics.KEY_NOTED,
            at=self._clock.now(),
            sponsor=INSTALLATION,
            subject=key.key_id,
            body=KeyNoted(key_id=key.key_id, revision=key.revision),
            answers=event.id,
        )

    def _entries(self, event: Event, key: KeyChanged) -> list[AuditEntry]:
        state = "revoked" if key.revoked_at else "known"
        return [
            AuditEntry(
                entry_id=derived_id("aud", event.id, sponsor),
                sponsor=sponsor,
                at=self._clock.now(),
                actor="intake.worker",
                authentication="service",
                action=f"key.{state}",
                subject=key.key_id,
                reason=f"revision {key.revision} came from triage",
                service_version=self._service_version,
            )
            for sponsor in key.sponsors
        ]
