"""Every acknowledgement is kept with its bytes, once; what matches nothing stays where people see it."""

from collections.abc import Iterator
from typing import Any

from pymongo.database import Database

from reporting.domain.records import AcknowledgementState, ReceivedAcknowledgement
from reporting.store.rows import Row, acknowledgement_of, acknowledgement_row, audit_row
from shared.contracts.audit import AuditEntry
from shared.contracts.ledger_facts import ParkedFact

_FOR_A_PERSON = [AcknowledgementState.UNMATCHED.value, AcknowledgementState.CONFLICT.value]


class MongoAcknowledgements:
    """``reporting.ports.Acknowledgements`` over MongoDB."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        """Use the database."""
        self._acknowledgements = database["acknowledgements"]

    def find(self, sha256: str) -> ReceivedAcknowledgement | None:
        """Return what is kept of these bytes."""
        row = self._acknowledgements.find_one({"sha256": sha256})
        return None if row is None else acknowledgement_of(row)

    def keep(self, acknowledgement: ReceivedAcknowledgement, audit: AuditEntry) -> None:
        """Keep it, or note its new state. The bytes are never changed."""
        row = acknowledgement_row(acknowledgement)
        changing = {name: row.pop(name) for name in ("sponsor", "state", "reason", "submission_id")}
        self._acknowledgements.update_one(
            {"_id": acknowledgement.acknowledgement_id},
            {"$setOnInsert": row, "$set": changing, "$push": {"audit": audit_row(audit)}},
            upsert=True,
        )

    def ledger_facts(self) -> Iterator[ParkedFact]:
        """Tell those that wait for a person."""
        for row in self._acknowledgements.find({"state": {"$in": _FOR_A_PERSON}}, {"content": 0, "audit": 0}):
            subject = row["submission_id"] or row["_id"]
            yield ParkedFact(subject=subject, reason=row["reason"], parked_at=row["received_at"])

    def unmatched(self) -> list[Row]:
        """Return those that wait for a person as plain values, oldest first, without their bytes."""
        found = self._acknowledgements.find({"state": {"$in": _FOR_A_PERSON}}, {"content": 0, "audit": 0})
        return list(found.sort("received_at", 1))
