"""The audit trail is read whole while its entries move from their documents to the ledger (21 CFR 11.10(e))."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.audit import ledger
from shared.audit.happenings import COLLECTION, Happenings
from shared.audit.ledger import Ledger
from shared.audit.sequencer import Sequencer
from shared.contracts.audit import Changed
from triage.domain.trail import entry_for
from triage.store.database import Database, audited, opened, prepare
from triage.store.trail import MongoTrail

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def stores(suite_env: dict[str, str]) -> Iterator[tuple[Database, Ledger]]:
    with (
        opened(suite_env["DAYZERO_TRIAGE_MONGO_URI"]) as database,
        ledger.opened(suite_env["DAYZERO_TRIAGE_LEDGER_URI"], "triage") as kept,
    ):
        prepare(database)
        yield database, kept


def enter(database: Database, number: int, **facts: Any) -> None:
    happened = {"actor": "ann", "authentication": "password+totp"} | facts
    sponsor, subject = happened.pop("sponsor", "helvion"), happened.pop("subject", f"case_{number}")
    at = AT + timedelta(minutes=number)
    entry = entry_for(sponsor, subject, "case.test", f"reason {number}", at, **happened)
    Happenings(lambda: database[COLLECTION]).enter(entry)


def test_what_waits_and_what_is_chained_is_one_trail(stores: tuple[Database, Ledger]) -> None:
    database, kept = stores
    trail = MongoTrail(kept, audited(database))
    for number in range(3):
        enter(database, number, changes=[Changed(field="status", old='"a"', new='"b"')], roles=("auditor",))
    enter(database, 9, sponsor="boreal")
    before = trail.newest("helvion", {}, 10, None, unblinded=False)
    assert [(each.reason, each.seq) for each in before] == [("reason 2", None), ("reason 1", None), ("reason 0", None)]
    Sequencer(kept, audited(database)).move_all()
    enter(database, 3)
    after = trail.newest("helvion", {}, 10, None, unblinded=False)
    assert [each.seq for each in after] == [None, 3, 2, 1]
    assert after[1].changes == (Changed(field="status", old='"a"', new='"b"'),)
    assert (after[1].roles, after[1].at) == (before[0].roles, before[0].at)
    assert [each.seq for each in trail.newest("helvion", {}, 2, 3, unblinded=False)] == [2, 1]
    assert [each.seq for each in trail.newest("helvion", {"subject": "case_1"}, 9, None, unblinded=False)] == [2]
    assert MongoTrail(None, audited(database)).newest("helvion", {}, 9, None, unblinded=False) == after[:1]


@pytest.mark.parametrize("is_moved", [False, True])
def test_what_discloses_is_withheld_and_answers_no_question(is_moved: bool, stores: tuple[Database, Ledger]) -> None:
    database, kept = stores
    trail = MongoTrail(kept, audited(database))
    enter(database, 1, discloses=True)
    if is_moved:
        Sequencer(kept, audited(database)).move_all()
    (shown,) = trail.newest("helvion", {}, 9, None, unblinded=False)
    assert (shown.withheld, shown.at, shown.actor, shown.subject) == (True, None, None, None)
    assert trail.newest("helvion", {"subject": "case_1"}, 9, None, unblinded=False) == []
    (seen,) = trail.newest("helvion", {"subject": "case_1"}, 9, None, unblinded=True)
    assert (seen.discloses, seen.subject) == (True, "case_1")
