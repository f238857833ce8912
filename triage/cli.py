"""Door for commands: the ledger's facts, one case with everything found of it, and what waits for a person."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from shared.audit import ledger
from shared.audit.door import read_uri
from shared.audit.happenings import COLLECTION as HAPPENINGS
from shared.audit.happenings import Happenings
from shared.audit.sequencer import Sequencer
from shared.audit.trail import Trail
from shared.clock import SystemClock
from shared.contracts.ledger_facts import ApprovalFact, CaseVersionFact, NonCaseFact, ParkedFact
from shared.contracts.parked_work import ParkedKind, ParkedState, ParkedWork
from shared.messaging.parked import By
from shared.settings import SettingsError, load
from triage import config
from triage.handlers import handlers
from triage.reference.source import RULEBOOK, FileReference, ReferenceFileError, load_rulebook
from triage.replay import ReplayParked
from triage.store.cases import MongoCaseStore
from triage.store.database import SERVICE, TRANSIENT, Database, audited, opened
from triage.store.parked import MongoParkedStore


def ledger_facts() -> Iterator[CaseVersionFact | ApprovalFact | ParkedFact | NonCaseFact]:
    """Tell every case version, approval and parked item. Raises SettingsError."""
    rulebook = load_rulebook(RULEBOOK)
    destinations = {rulebook.version: tuple(destination.id for destination in rulebook.destinations)}
    with opened(load(config.read_store)) as database:
        yield from MongoCaseStore(database, SystemClock()).ledger_facts(destinations)
        yield from MongoParkedStore(database, SystemClock(), config.SERVICE_VERSION).ledger_facts()


def case(case_id: str) -> dict[str, Any] | None:
    """Return a case with its versions, as plain values; None for an id that there is not."""
    with opened(load(config.read_store)) as database:
        cases = MongoCaseStore(database, SystemClock())
        found = cases.anywhere(case_id)
        if found is None:
            return None
        versions = [cases.version(found, ref.number) for ref in found.versions]
        return {"case": msgspec.to_builtins(found), "versions": msgspec.to_builtins(versions)}


def parked(states: Sequence[ParkedState]) -> list[ParkedWork]:
    """Return the parked items in these states, oldest first; reporting tells of its approvals itself."""
    with opened(load(config.read_store)) as database:
        works = _parked(database).works(None, states)
    return [work for work in works if work.kind is not ParkedKind.APPROVAL]


def parked_content(work: ParkedWork) -> bytes:
    """Return the bytes of a parked item. Raises LookupError."""
    with opened(load(config.read_store)) as database:
        return _parked(database).content(work.id)


def replay(work: ParkedWork, by: By) -> ParkedWork:
    """Try an item again and return it as it is then. Raises SettingsError, NotWaiting or NotReplayable."""
    settings, clock = load(config.read), SystemClock()
    try:
        reference = FileReference(settings.registry, settings.dictionary)
    except ReferenceFileError as error:
        raise SettingsError(str(error)) from error
    with opened(settings.mongo_uri) as database:
        cases, parked = MongoCaseStore(database, clock), _parked(database)
        handled = handlers(cases, parked, reference, clock)
        return ReplayParked(parked, cases, handled, TRANSIENT).replay(work.id, None, by)


def close(work: ParkedWork, by: By) -> ParkedWork:
    """Give an item up, documented, and return it as it is then. Raises NotWaiting."""
    with opened(load(config.read_store)) as database:
        parked = _parked(database)
        parked.close(work.id, by)
        return parked.find(work.id) or work


@contextmanager
def trail() -> Iterator[Trail]:
    """Open triage's part of the audit trail. Raises SettingsError."""
    uri, kept_at = load(config.read_store), load(lambda env: read_uri(env, SERVICE))
    with opened(uri) as database, ledger.opened(kept_at, SERVICE) as kept:
        happenings = Happenings(lambda: database[HAPPENINGS])
        yield Trail(kept, Sequencer(kept, audited(database)), happenings, config.SERVICE_VERSION)


def _parked(database: Database) -> MongoParkedStore:
    return MongoParkedStore(database, SystemClock(), config.SERVICE_VERSION)
