"""Users and sessions in MongoDB: a change of a user and what is entered of it are one write."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.audit.happenings import COLLECTION, Happenings, pending
from shared.contracts.audit import AuditEntry
from triage.domain.credentials import Account, Credentials
from triage.domain.identity import User
from triage.domain.session import Session
from triage.ports import Conflict

Document = dict[str, Any]


class MongoUserStore:
    """``triage.ports.UserStore`` over MongoDB."""

    def __init__(self, database: Database[Document]) -> None:
        """Use the database; indexes are made by ``database.prepare``."""
        self._users = database["users"]
        self._happenings = Happenings(lambda: database[COLLECTION])

    def add(self, account: Account, entries: Sequence[AuditEntry]) -> None:
        """Store a new account."""
        document = {"_id": account.user.name, **_account(account), "audit": [pending(entry) for entry in entries]}
        try:
            self._users.insert_one(document)
        except DuplicateKeyError as error:
            raise Conflict(f"{account.user.name}, or the identity at the provider, is somebody's already") from error

    def find(self, name: str) -> Account | None:
        """Return the account of a name."""
        return _read(self._users.find_one({"_id": name}, {"audit": 0}))

    def of_subject(self, subject: str) -> Account | None:
        """Return the account of an identity at the OpenID provider."""
        return _read(self._users.find_one({"subject": subject}, {"audit": 0}))

    def accounts(self) -> list[Account]:
        """Return every account, by name."""
        return [each for each in map(_read, self._users.find({}, {"audit": 0}).sort("_id")) if each is not None]

    def update(self, account: Account, expected: int, entries: Sequence[AuditEntry]) -> None:
        """Store a changed account with what is entered of it."""
        change: Document = {"$set": _account(account)}
        if entries:
            change["$push"] = {"audit": {"$each": [pending(entry) for entry in entries]}}
        if not self._users.update_one({"_id": account.user.name, "revision": expected}, change).matched_count:
            raise Conflict(f"{account.user.name} is not at revision {expected} any more")

    def enter(self, entries: Sequence[AuditEntry]) -> None:
        """Enter what happened to no account."""
        for entry in entries:
            self._happenings.enter(entry)


class MongoSessionStore:
    """``triage.ports.SessionStore`` over MongoDB."""

    def __init__(self, database: Database[Document]) -> None:
        """Use the database."""
        self._sessions = database["sessions"]

    def put(self, session: Session, instead_of: str | None = None) -> None:
        """Store a session, new or changed; one that has ended meanwhile stays ended."""
        written = {"user": session.user, "ends_at": session.ends_at, "session": _plain(session)}
        if session.ended_at is not None:
            written["ended_at"] = session.ended_at
        self._sessions.update_one({"_id": session.key}, {"$set": written}, upsert=True)
        if instead_of is not None:
            self.end(instead_of, session.seen_at)

    def find(self, key: str) -> Session | None:
        """Return a session, live or not."""
        found = self._sessions.find_one({"_id": key})
        return None if found is None else msgspec.convert(found["session"] | _ended(found), Session)

    def seen(self, key: str, at: datetime) -> None:
        """Note that it was used."""
        self._sessions.update_one({"_id": key}, {"$max": {"session.seen_at": at}})

    def end(self, key: str, at: datetime) -> None:
        """End a session."""
        self._sessions.update_one({"_id": key, "ended_at": None}, {"$set": {"ended_at": at}})

    def end_all(self, user: str, at: datetime, but: str | None = None) -> None:
        """End every session of a user."""
        query = {"user": user, "ended_at": None, "_id": {"$ne": but}}
        self._sessions.update_many(query, {"$set": {"ended_at": at}})


def _account(account: Account) -> Document:
    user = {"revision": account.user.revision, "user": _plain(account.user), "credentials": _plain(account.credentials)}
    return user | ({"subject": account.user.subject} if account.user.subject else {})


def _plain(value: Any) -> Document:
    plain: Document = msgspec.to_builtins(value, builtin_types=(datetime,))
    return plain


def _read(found: Mapping[str, Any] | None) -> Account | None:
    if found is None:
        return None
    return Account(
        user=msgspec.convert(found["user"], User), credentials=msgspec.convert(found["credentials"], Credentials)
    )


def _ended(found: Mapping[str, Any]) -> Document:
    return {"ended_at": found["ended_at"]} if found.get("ended_at") else {}
