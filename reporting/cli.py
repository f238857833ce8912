"""Door for commands: the ledger's facts, the messages of one case, and what waits for a person."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from reporting.config import Settings
from reporting.domain.records import SERVICE_VERSION
from reporting.handlers import handlers
from reporting.store.acknowledgements import MongoAcknowledgements
from reporting.store.database import SERVICE, TRANSIENT, audited, opened
from reporting.store.messages import MongoMessages
from reporting.store.parked import MongoParking
from reporting.store.submissions import MongoSubmissions
from shared.audit import ledger
from shared.audit.door import read_uri
from shared.audit.happenings import COLLECTION as HAPPENINGS
from shared.audit.happenings import Happenings
from shared.audit.sequencer import Sequencer
from shared.audit.trail import Trail
from shared.clock import SystemClock
from shared.contracts.case_approved import CaseApproved
from shared.contracts.envelope import ContractError, decode
from shared.contracts.ledger_facts import MessageFact, NonCaseFact, ParkedFact, SubmissionFact
from shared.contracts.parked_work import ParkedKind, ParkedState, ParkedWork
from shared.messaging.parked import By
from shared.messaging.replay import NotReplayable, Replay
from shared.settings import load, mongo_uri


def ledger_facts(settings: Settings) -> Iterator[MessageFact | SubmissionFact | ParkedFact | NonCaseFact]:
    """Tell every message, blocked build, submission, and what waits for a person."""
    with opened(settings.mongo_uri) as database:
        # What came of something is read before it: work that goes on meanwhile is in flight, not out of nowhere.
        yield from MongoSubmissions(database).ledger_facts()
        yield from MongoMessages(database).ledger_facts()
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


def parked(settings: Settings, states: Sequence[ParkedState]) -> list[ParkedWork]:
    """Return the parked items in these states, those parked longest first."""
    with opened(settings.mongo_uri) as database:
        return MongoParking(database, SystemClock()).works(None, states)


def parked_content(settings: Settings, work: ParkedWork) -> bytes:
    """Return the bytes of a parked item. Raises LookupError."""
    with opened(settings.mongo_uri) as database:
        return MongoParking(database, SystemClock()).content(work.id)


def replay(settings: Settings, work: ParkedWork, by: By) -> ParkedWork:
    """Try an item again and return it as it is then. Raises NotWaiting or NotReplayable."""
    with opened(settings.mongo_uri) as database:
        clock, messages = SystemClock(), MongoMessages(database)
        parking = MongoParking(database, clock)
        _refuse_outdated(messages, work, parking)
        handled = handlers(messages, MongoSubmissions(database), clock, settings.schemas)
        Replay(parking, handled, TRANSIENT, lambda event: messages.became(event.id) or "noted")(work, by)
        return parking.find(work.id) or work


def close(settings: Settings, work: ParkedWork, by: By) -> ParkedWork:
    """Give an item up, documented, and return it as it is then. Raises NotWaiting."""
    with opened(settings.mongo_uri) as database:
        parking = MongoParking(database, SystemClock())
        parking.close(work.id, by)
        return parking.find(work.id) or work


@contextmanager
def trail() -> Iterator[Trail]:
    """Open reporting's part of the audit trail. Raises SettingsError."""
    uri, kept_at = load(lambda env: mongo_uri(env, "REPORTING_MONGO_URI")), load(lambda env: read_uri(env, SERVICE))
    with opened(uri) as database, ledger.opened(kept_at, SERVICE) as kept:
        happenings = Happenings(lambda: database[HAPPENINGS])
        yield Trail(kept, Sequencer(kept, audited(database)), happenings, SERVICE_VERSION)


def _refuse_outdated(messages: MongoMessages, work: ParkedWork, parking: MongoParking) -> None:
    """A message of an older version must not follow one of a newer: the authority would take it for the latest."""
    if work.kind is not ParkedKind.APPROVAL:
        return
    try:
        approved = decode(parking.content(work.id)).body(CaseApproved)
    except ContractError:  # the replay says so
        return
    snapshot = approved.snapshot
    newest = messages.newest_version(snapshot.sponsor, snapshot.case_id, approved.destination.destination)
    if newest > snapshot.version:
        raise NotReplayable(f"version {newest} of {snapshot.case_id} was built since; close this one with the reason")
