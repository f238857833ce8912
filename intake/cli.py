"""Door for ``deploy``: the schema of a report, and the facts that the ledger identity needs (DOMAIN 21)."""

from collections.abc import Iterator
from typing import Any

from intake.api import json_schema
from intake.config import Settings
from intake.store.connection import IntakeDatabase
from intake.store.parked import MongoParking
from intake.store.refusals import MongoRefusals
from intake.store.reports import MongoReports
from shared.clock import SystemClock
from shared.contracts.ledger_facts import ParkedFact, ReportFact


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a ``POST /v1/reports`` body."""
    return json_schema.report_schema()


def ledger_facts(settings: Settings) -> Iterator[ReportFact]:
    """Yield every report and refusal that intake keeps. Raises the errors of pymongo and SettingsError."""
    database = IntakeDatabase(settings.mongo_uri)
    try:
        yield from MongoReports(database).facts()
        yield from MongoRefusals(database).facts()
    finally:
        database.close()


def parked_facts(settings: Settings) -> Iterator[ParkedFact]:
    """Yield every message that intake could not process."""
    database = IntakeDatabase(settings.mongo_uri)
    try:
        yield from MongoParking(database, SystemClock()).facts()
    finally:
        database.close()
