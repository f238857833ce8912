"""Door for ``deploy``: the schema of a report, the ledger's facts (DOMAIN 21), and what waits for a person."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from intake.api import json_schema
from intake.config import Settings
from intake.confirm import Confirm
from intake.handlers import handlers
from intake.note_keys import NoteKeys
from intake.store.connection import SERVICE, IntakeDatabase
from intake.store.files import MongoFiles
from intake.store.keys import MongoKeys
from intake.store.parked import MongoParking
from intake.store.refusals import MongoRefusals
from intake.store.reports import MongoReports
from shared.audit import ledger
from shared.audit.door import read_uri
from shared.audit.happenings import COLLECTION as HAPPENINGS
from shared.audit.happenings import Happenings
from shared.audit.sequencer import Sequencer
from shared.audit.trail import Trail
from shared.clock import SystemClock
from shared.contracts.ledger_facts import NonCaseFact, ParkedFact, ReportFact
from shared.contracts.parked_work import ParkedState, ParkedWork
from shared.messaging.parked import By
from shared.messaging.replay import Replay
from shared.mongo import TRANSIENT
from shared.settings import load, mongo_uri


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a ``POST /v1/reports`` body."""
    return json_schema.report_schema()


def ledger_facts(settings: Settings) -> Iterator[ReportFact]:
    """Yield every report and refusal that intake keeps, and every file that is not yet reports.

    Raises the errors of pymongo and SettingsError.
    """
    with _opened(settings) as database:
        yield from MongoReports(database).facts()
        yield from MongoRefusals(database).facts()
        yield from MongoFiles(database).facts()


def parked_facts(settings: Settings) -> Iterator[ParkedFact | NonCaseFact]:
    """Yield every message that intake could not process and that waits, or was closed by a person."""
    with _opened(settings) as database:
        yield from MongoParking(database, SystemClock()).ledger_facts()


def refused_body(settings: Settings, refusal_id: str) -> bytes:
    """Return as much of a refused body as was kept. Raises LookupError."""
    with _opened(settings) as database:
        return MongoRefusals(database).content(refusal_id)


def parked(settings: Settings, states: Sequence[ParkedState]) -> list[ParkedWork]:
    """Return the parked items in these states, those parked longest first."""
    with _opened(settings) as database:
        return MongoParking(database, SystemClock()).works(None, states)


def parked_content(settings: Settings, work: ParkedWork) -> bytes:
    """Return the bytes of a parked item. Raises LookupError."""
    with _opened(settings) as database:
        return MongoParking(database, SystemClock()).content(work.id)


def replay(settings: Settings, work: ParkedWork, by: By) -> ParkedWork:
    """Try an item again and return it as it is then. Raises NotWaiting."""
    with _opened(settings) as database:
        clock = SystemClock()
        parking = MongoParking(database, clock)
        confirm = Confirm([MongoReports(database), MongoRefusals(database)], clock, settings.service_version)
        Replay(
            parking,
            handlers(confirm, NoteKeys(MongoKeys(database), clock, settings.service_version)),
            TRANSIENT,
            lambda event: f"{event.subject} has been told",
        )(work, by)
        return parking.find(work.id) or work


def close(settings: Settings, work: ParkedWork, by: By) -> ParkedWork:
    """Give an item up, documented, and return it as it is then. Raises NotWaiting."""
    with _opened(settings) as database:
        parking = MongoParking(database, SystemClock())
        parking.close(work.id, by)
        return parking.find(work.id) or work


@contextmanager
def trail() -> Iterator[Trail]:
    """Open intake's part of the audit trail. Raises SettingsError."""
    database = IntakeDatabase(load(lambda env: mongo_uri(env, "INTAKE_MONGO_URI")))
    try:
        with ledger.opened(load(lambda env: read_uri(env, SERVICE)), SERVICE) as kept:
            happenings = Happenings(lambda: database.collection(HAPPENINGS))
            yield Trail(kept, Sequencer(kept, database.audited()), happenings, version("dayzero"))
    finally:
        database.close()


@contextmanager
def _opened(settings: Settings) -> Iterator[IntakeDatabase]:
    database = IntakeDatabase(settings.mongo_uri)
    try:
        yield database
    finally:
        database.close()
