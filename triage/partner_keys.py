"""Keys are issued and revoked by named persons, each with a reason; intake knows of each by an event (DOMAIN 18)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Protocol

import msgspec

from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.audit import INSTALLATION, AuditEntry, Changed
from shared.contracts.envelope import ContractError, Event, event_of
from shared.contracts.key_noted import KeyNoted
from shared.ids import derived_id
from triage.administer import By, Denied
from triage.domain.partner_key import PartnerKey, issued
from triage.domain.registry import UNASSIGNED
from triage.domain.trail import differences, entry_for
from triage.ports import Conflict

_LONGEST = 100


class PartnerKeyStore(Protocol):
    """The keys of partners' systems. A key is never deleted, and its secret is kept by hash only."""

    def add(self, key: PartnerKey, event: Event, entries: Sequence[AuditEntry]) -> None:
        """Store a new key. Raises Conflict."""
        ...

    def update(self, key: PartnerKey, expected: int, event: Event, entries: Sequence[AuditEntry]) -> None:
        """Store a changed key. ``expected`` is the revision read. Raises Conflict."""
        ...

    def find(self, key_id: str) -> PartnerKey | None:
        """Return a key."""
        ...

    def all(self) -> list[PartnerKey]:
        """Return every key, by organisation."""
        ...

    def noted(self, key_id: str, revision: int, event_id: str) -> None:
        """Note that intake knows of a revision: the event that told it is confirmed."""
        ...


class PartnerKeys:
    """Issues, revokes, and hears from intake."""

    def __init__(self, keys: PartnerKeyStore, sponsors: Callable[[], tuple[str, ...]], clock: Clock) -> None:
        """Wire the use case; ``sponsors`` tells the scopes of the registry."""
        self._keys = keys
        self._sponsors = sponsors
        self._clock = clock

    def issue(
        self, by: By, organisation: str, sponsors: Sequence[str], expires_on: date | None = None
    ) -> tuple[PartnerKey, str]:
        """Return a new key, and what the partner is handed, once. Raises Denied."""
        named, now = organisation.strip(), self._clock.now()
        if not named or len(named) > _LONGEST or not named.isprintable():
            raise Denied(f"name the partner's organisation, in at most {_LONGEST} characters")
        if not sponsors:
            raise Denied("a key without a sponsor opens nothing; name one with --sponsor")
        if unknown := sorted(set(sponsors) - (set(self._sponsors()) - {UNASSIGNED})):  # nobody's is no partner's
            raise Denied(f"{unknown[0]} is no sponsor of the registry; see: dayzero sponsor list")
        if expires_on is not None and expires_on <= now.date():
            raise Denied(f"{expires_on} is past; name a later day")
        key, handed = issued(named, tuple(dict.fromkeys(sponsors)), now, expires_on)
        self._keys.add(key, self._event(key), self._entries(by, "key.issued", None, key))
        return key, handed

    def revoke(self, by: By, key_id: str) -> PartnerKey:
        """Let a key open nothing any more. Raises LookupError or Denied."""
        while True:
            key = self._keys.find(key_id)
            if key is None:
                raise LookupError(key_id)
            if key.revoked_at is not None:
                raise Denied(f"{key_id} was revoked {key.revoked_at.isoformat(timespec='minutes')} already")
            revoked = msgspec.structs.replace(key, revision=key.revision + 1, revoked_at=self._clock.now())
            try:
                self._keys.update(
                    revoked, key.revision, self._event(revoked), self._entries(by, "key.revoked", key, revoked)
                )
            except Conflict:
                continue
            return revoked

    def all(self) -> list[PartnerKey]:
        """Return every key, by organisation."""
        return self._keys.all()

    def noted(self, event: Event) -> None:
        """``key.noted``: intake knows. Raises ContractError."""
        if event.answers is None:
            raise ContractError(f"{event.topic} {event.id} answers no event")
        told = event.body(KeyNoted)
        self._keys.noted(told.key_id, told.revision, event.answers)

    def _event(self, key: PartnerKey) -> Event:
        return event_of(
            event_id=derived_id("evt", key.key_id, str(key.revision)),
            topic=topics.KEY_CHANGED,
            at=self._clock.now(),
            sponsor=INSTALLATION,
            subject=key.key_id,
            body=key.as_changed(),
        )

    def _entries(self, by: By, action: str, before: PartnerKey | None, after: PartnerKey) -> list[AuditEntry]:
        """One in the chain of each sponsor that the key is good for."""
        changed: tuple[Changed, ...] = differences(_facts(before) if before else {}, _facts(after))
        return [
            entry_for(
                sponsor,
                after.key_id,
                action,
                by.reason,
                self._clock.now(),
                actor=by.actor,
                authentication=by.authentication,
                changes=changed,
            )
            for sponsor in after.sponsors
        ]


def _facts(key: PartnerKey) -> dict[str, object]:
    """What the trail states of a key: not its hash, which proves nothing to a reader."""
    return {
        "organisation": key.organisation,
        "sponsors": key.sponsors,
        "expires_on": key.expires_on,
        "revoked_at": key.revoked_at,
    }
