"""In-memory stores of users and sessions; they pass the same contract tests as MongoDB's (tests/integration/triage)."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from shared.contracts.audit import AuditEntry
from triage.domain.credentials import Account
from triage.domain.session import Session
from triage.ports import Conflict


class InMemoryUsers:
    """Implements UserStore."""

    def __init__(self) -> None:
        self.held: dict[str, Account] = {}
        self.entries: list[AuditEntry] = []

    def add(self, account: Account, entries: Sequence[AuditEntry]) -> None:
        user = account.user
        if user.name in self.held or (user.subject and self.of_subject(user.subject)):
            raise Conflict(f"{user.name}, or the identity at the provider, is somebody's already")
        self.held[user.name] = account
        self.entries += entries

    def find(self, name: str) -> Account | None:
        return self.held.get(name)

    def of_subject(self, subject: str) -> Account | None:
        return next((each for each in self.held.values() if each.user.subject == subject), None)

    def accounts(self) -> list[Account]:
        return [account for _, account in sorted(self.held.items())]

    def update(self, account: Account, expected: int, entries: Sequence[AuditEntry]) -> None:
        held = self.held.get(account.user.name)
        if held is None or held.user.revision != expected:
            raise Conflict(f"{account.user.name} is not at revision {expected} any more")
        self.held[account.user.name] = account
        self.entries += entries

    def enter(self, entries: Sequence[AuditEntry]) -> None:
        self.entries += entries


class InMemorySessions:
    """Implements SessionStore."""

    def __init__(self) -> None:
        self.held: dict[str, Session] = {}

    def put(self, session: Session, instead_of: str | None = None) -> None:
        before = self.held.get(session.key)
        ended = before.ended_at if before is not None else None
        self.held[session.key] = msgspec.structs.replace(session, ended_at=session.ended_at or ended)
        if instead_of is not None:
            self.end(instead_of, session.seen_at)

    def find(self, key: str) -> Session | None:
        return self.held.get(key)

    def seen(self, key: str, at: datetime) -> None:
        if key in self.held:
            session = self.held[key]
            self.held[key] = msgspec.structs.replace(session, seen_at=max(at, session.seen_at))

    def end(self, key: str, at: datetime) -> None:
        session = self.held.get(key)
        if session is not None and session.ended_at is None:
            self.held[key] = msgspec.structs.replace(session, ended_at=at)

    def end_all(self, user: str, at: datetime, but: str | None = None) -> None:
        for session in list(self.held.values()):
            if session.user == user and session.key != but:
                self.end(session.key, at)
