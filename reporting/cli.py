"""Door for commands that look at reporting's records: the ledger's facts, and the messages of one case."""

from collections.abc import Iterator
from typing import Any

from reporting.config import Settings
from reporting.store.acknowledgements import MongoAcknowledgements
from reporting.store.database import opened
from reporting.store.messages import MongoMessages
from reporting.store.parked import MongoParking
from reporting.store.submissions import MongoSubmissions
from shared.clock import SystemClock
from shared.contracts.ledger_facts import MessageFact, ParkedFact, SubmissionFact


def ledger_facts(settings: Settings) -> Iterator[MessageFact | SubmissionFact | ParkedFact]:
    """Tell every message, blocked build, submission, and what waits for a person."""
    with opened(settings.mongo_uri) as database:
        yield from MongoMessages(database).ledger_facts()
        yield from MongoSubmissions(database).ledger_facts()
        yield from MongoAcknowledgements(database).ledger_facts()
        yield from MongoParking(database, SystemClock()).ledger_facts()


def message_of(settings: Settings, case_id: str) -> list[dict[str, Any]]:
    """Return a case's transmission attempts, oldest first, as plain values.

    Each has ``attempt`` (a message or, with ``issues``, a blocked build) and ``submission`` (None where blocked).
    """
    with opened(settings.mongo_uri) as database:
        attempts = MongoMessages(database).of_case(case_id)
        submissions = MongoSubmissions(database).of_messages(attempt["_id"] for attempt in attempts)
    return [{"attempt": attempt, "submission": submissions.get(attempt["_id"])} for attempt in attempts]
