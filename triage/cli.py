"""Door for commands that look at triage's records: the ledger's facts, and one case with everything found of it."""

from collections.abc import Iterator
from typing import Any

import msgspec

from shared.clock import SystemClock
from shared.contracts.ledger_facts import ApprovalFact, CaseVersionFact, ParkedFact
from shared.settings import load
from triage import config
from triage.reference.source import RULEBOOK, load_rulebook
from triage.store.cases import MongoCaseStore
from triage.store.database import opened
from triage.store.parked import MongoParkedStore


def ledger_facts() -> Iterator[CaseVersionFact | ApprovalFact | ParkedFact]:
    """Tell every case version, approval and parked item. Raises SettingsError."""
    rulebook = load_rulebook(RULEBOOK)
    destinations = {rulebook.version: tuple(destination.id for destination in rulebook.destinations)}
    with opened(load(config.read_store)) as database:
        yield from MongoCaseStore(database, SystemClock(), config.SERVICE_VERSION).ledger_facts(destinations)
        yield from MongoParkedStore(database, SystemClock(), config.SERVICE_VERSION).ledger_facts()


def case(case_id: str) -> dict[str, Any] | None:
    """Return a case with its versions, as plain values; None for an id that there is not."""
    with opened(load(config.read_store)) as database:
        cases = MongoCaseStore(database, SystemClock(), config.SERVICE_VERSION)
        found = cases.anywhere(case_id)
        if found is None:
            return None
        versions = [cases.version(found, ref.number) for ref in found.versions]
        return {"case": msgspec.to_builtins(found), "versions": msgspec.to_builtins(versions)}
