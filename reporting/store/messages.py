"""Every approved expedited decision has exactly one message per transmission attempt (DOMAIN 21): a unique key each."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from reporting.domain.records import Blocked, History, Message, SubmissionState
from reporting.ports import Taken
from reporting.store.rows import Row, blocked_of, blocked_row, message_of, message_row, violates
from shared.contracts.audit import AuditEntry
from shared.contracts.envelope import Event
from shared.contracts.ledger_facts import MessageFact
from shared.ids import derived_id
from shared.outbox import Outbox

_FACT = {"approval_id": 1, "case_id": 1, "version": 1, "destination": 1, "built_at": 1}
_SHOWN = {"content": 0, "approval": 0, "outbox": 0, "audit": 0}


class MongoMessages:
    """``reporting.ports.Messages`` over MongoDB."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        """Use the database."""
        self._messages = database["messages"]
        self._blocked = database["blocked_builds"]
        self._submissions = database["submissions"]
        self.outboxes = (Outbox(self._messages), Outbox(self._blocked))

    def of_approval(self, sponsor: str, approval_id: str) -> Message | Blocked | None:
        """Return what the approval became, if it has been handled."""
        key = {"sponsor": sponsor, "approval_id": approval_id}
        row = self._messages.find_one(key)
        if row is not None:
            return message_of(row)
        row = self._blocked.find_one(key)
        return None if row is None else blocked_of(row)

    def history(self, sponsor: str, case_id: str, destination: str) -> History:
        """Return what the destination has had of the case."""
        key: Row = {"sponsor": sponsor, "case_id": case_id, "destination": destination}
        newest = self._messages.find_one(key, {"created": 1}, sort=[("created", -1)])
        told = self._submissions.find_one(key | {"state": {"$ne": SubmissionState.REJECTED.value}}, {"_id": 1})
        return History(last_created=newest["created"] if newest else None, is_told=told is not None)

    def add(self, message: Message, answer: Event, audit: AuditEntry) -> None:
        """Keep a message with its answer. Keeping it twice is keeping it once. Raises Taken."""
        try:
            self._messages.insert_one(message_row(message, answer, audit))
        except DuplicateKeyError as error:
            if violates(error, "sponsor", "case_id", "destination", "created"):
                raise Taken from error

    def add_blocked(self, blocked: Blocked, answer: Event, audit: AuditEntry) -> None:
        """Keep a blocked build with its answer. Keeping it twice is keeping it once."""
        row = blocked_row(derived_id("blk", blocked.approval.approval_id), blocked, answer, audit)
        key = {"approval_id": row["approval_id"], "sponsor": row["sponsor"]}
        self._blocked.update_one(key, {"$setOnInsert": row}, upsert=True)

    def content(self, sponsor: str, message_id: str) -> bytes:
        """Return the bytes of a message. Raises LookupError."""
        row = self._messages.find_one({"_id": message_id, "sponsor": sponsor}, {"content": 1})
        if row is None:
            raise LookupError(f"there is no message {message_id}")
        return bytes(row["content"])

    def answer_again(self, answers: str, now: datetime) -> bool:
        """Publish the stored answer to an event once more. False: nothing here answers it."""
        return any(outbox.ask_again(answers, now) for outbox in self.outboxes)

    def became(self, approval_id: str) -> str | None:
        """Say what an approval became, None where it has become nothing yet."""
        if (row := self._messages.find_one({"approval_id": approval_id}, {"_id": 1})) is not None:
            return f"message {row['_id']}"
        row = self._blocked.find_one({"approval_id": approval_id}, {"issues.rule_id": 1})
        return None if row is None else f"blocked by name: {', '.join(issue['rule_id'] for issue in row['issues'])}"

    def newest_version(self, sponsor: str, case_id: str, destination: str) -> int:
        """Return the newest version of a case that became a message for a destination, 0 where none did."""
        key: Row = {"sponsor": sponsor, "case_id": case_id, "destination": destination}
        newest = self._messages.find_one(key, {"version": 1}, sort=[("version", -1)])
        return newest["version"] if newest else 0

    def ledger_facts(self) -> Iterator[MessageFact]:
        """Tell what every approval became, for the ledger identity."""
        for collection, is_message in ((self._messages, True), (self._blocked, False)):
            for row in collection.find({}, _FACT):
                identity = row.pop("_id")
                yield MessageFact(message_id=identity if is_message else None, **row)

    def of_case(self, case_id: str) -> list[Row]:
        """Return a case's messages and blocked builds as plain values, oldest first, without what they say."""
        found = [*self._messages.find({"case_id": case_id}, _SHOWN), *self._blocked.find({"case_id": case_id}, _SHOWN)]
        return sorted(found, key=lambda row: (row["version"], row["built_at"]))
