"""At most one submission of a case is active at a destination (DOMAIN 21): the partial unique index sees to it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from reporting.domain.records import Delivery, ReceivedAcknowledgement, Submission, SubmissionState
from reporting.store.rows import Row, audit_row, submission_of, submission_row
from shared.contracts.audit import AuditEntry
from shared.contracts.envelope import Event
from shared.contracts.ledger_facts import ParkedFact, SubmissionFact
from shared.outbox import Outbox, entry

_WAITING = SubmissionState.WAITING.value
_OLDEST_FIRST = [("version", 1), ("opened_at", 1)]
_BATCH = 100


class MongoSubmissions:
    """``reporting.ports.Submissions`` over MongoDB."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        """Use the database."""
        self._submissions = database["submissions"]
        self.outbox = Outbox(self._submissions)

    def open(self, submission: Submission, audit: AuditEntry) -> None:
        """Keep a submission that waits. Keeping it twice is keeping it once."""
        row = submission_row(submission, audit)
        key = {"_id": row["_id"], "sponsor": row["sponsor"]}
        self._submissions.update_one(key, {"$setOnInsert": row}, upsert=True)

    def waiting(self) -> Iterator[Submission]:
        """Return those that are not active yet, the oldest version of each case and destination first."""
        seen = set()
        for row in self._submissions.find({"state": _WAITING, "active": False}).sort(_OLDEST_FIRST):
            place = (row["sponsor"], row["case_id"], row["destination"])
            if place not in seen:
                seen.add(place)
                yield submission_of(row)

    def activate(self, submission: Submission, audit: AuditEntry) -> bool:
        """Make it the active one of its case and destination. False: another is."""
        try:
            return self._change(
                submission, {"state": _WAITING, "active": False}, {"$set": {"active": True}}, audit=audit
            )
        except DuplicateKeyError:
            return False

    def to_hand_over(self) -> list[Submission]:
        """Return active submissions that have not been sent."""
        found = self._submissions.find({"state": _WAITING, "active": True}).sort(_OLDEST_FIRST).limit(_BATCH)
        return [submission_of(row) for row in found]

    def mark_sent(self, submission: Submission, delivery: Delivery, event: Event, audit: AuditEntry) -> None:
        """Note the delivery, with its event. On one that is already sent it changes nothing."""
        change = {
            "$set": {"state": SubmissionState.SENT.value},
            "$push": {"deliveries": msgspec.structs.asdict(delivery), "outbox": entry(event, audit.at)},
        }
        self._change(submission, {"state": _WAITING, "active": True}, change, audit=audit)

    def mark_failed(self, submission: Submission, words: str, audit: AuditEntry) -> None:
        """Note that it cannot be handed over without a person; it stays active, so that nothing overtakes it."""
        change = {"$set": {"state": SubmissionState.FAILED.value, "fault": {"at": audit.at, "words": words}}}
        self._change(submission, {"state": _WAITING, "active": True}, change, audit=audit)

    def of_batch(self, batch_number: str) -> Submission | None:
        """Return the submission whose message has this batch number (N.1.2)."""
        row = self._submissions.find_one({"batch_number": batch_number})
        return None if row is None else submission_of(row)

    def close(
        self, submission: Submission, acknowledgement: ReceivedAcknowledgement, event: Event, audit: AuditEntry
    ) -> bool:
        """Apply the acknowledgement that ``event`` carries to a sent submission. False: it was no longer sent."""
        outcome = event.data["outcome"]
        applied = {
            "acknowledgement_id": acknowledgement.acknowledgement_id,
            "at": acknowledgement.received_at,
            "errors": event.data["errors"],
            "local_report_number": event.data["local_report_number"],
        }
        change = {
            "$set": {"state": outcome, "outcome": outcome, "active": False, "acknowledgement": applied},
            "$push": {"outbox": entry(event, audit.at)},
        }
        return self._change(submission, {"state": SubmissionState.SENT.value}, change, audit=audit)

    def confirm(self, event_id: str, now: datetime) -> None:
        """Note that an event of a submission arrived."""
        self.outbox.confirm(event_id, now)

    def ledger_facts(self) -> Iterator[SubmissionFact | ParkedFact]:
        """Tell every submission, and those that wait for a person, for the ledger identity."""
        for row in self._submissions.find({}, {"outbox": 0, "audit": 0, "deliveries": 0}):
            yield SubmissionFact(
                submission_id=row["_id"],
                **{name: row[name] for name in ("message_id", "case_id", "destination", "active", "state")},
            )
            if row["state"] == SubmissionState.FAILED.value:
                yield ParkedFact(subject=row["_id"], reason=row["fault"]["words"], parked_at=row["fault"]["at"])

    def of_messages(self, message_ids: Iterable[str]) -> dict[str, Row]:
        """Return the submissions of these messages as plain values, by message."""
        found = self._submissions.find({"message_id": {"$in": list(message_ids)}}, {"outbox": 0, "audit": 0})
        return {row["message_id"]: row for row in found}

    def _change(self, submission: Submission, only_if: Row, change: Row, audit: AuditEntry) -> bool:
        key = {"_id": submission.submission_id, "sponsor": submission.sponsor, **only_if}
        pushed = {**change.get("$push", {}), "audit": audit_row(audit)}
        return bool(self._submissions.update_one(key, {**change, "$push": pushed}).modified_count)
