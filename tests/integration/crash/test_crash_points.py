"""No change without its entry, no entry without its change, wherever a process ends: every write boundary is tried.

``DAYZERO_CRASH_POINTS`` says how many of the boundaries are tried (50), spread evenly; 1000 are all of them.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from deploy.local.mongod import SERVICES, Mongod
from intake.store.connection import IntakeDatabase
from reporting.store import database as of_reporting
from shared.audit import ledger
from shared.audit.ledger import ledger_name, ledger_setting
from tests.integration.crash.crashing import Crash, Point, crashing
from tests.integration.crash.whole import mismatches
from tests.integration.crash.world import World
from triage.store import database as of_triage

POINTS = int(os.environ.get("DAYZERO_CRASH_POINTS", "50"))


class Ground:
    """The databases, emptied between worlds by their administrator."""

    def __init__(self, mongod: Mongod, stack: ExitStack, folder: Path) -> None:
        self._prefix, self._folder, self._count = f"t{secrets.token_hex(4)}", folder, 0
        settings = mongod.create_service_users(self._prefix)
        stack.callback(mongod.drop_service_users, self._prefix)
        self._client = stack.enter_context(closing(mongod.admin()))
        self.intake = stack.enter_context(closing(IntakeDatabase(settings["DAYZERO_INTAKE_MONGO_URI"])))
        self.intake.prepare()
        self.triage = stack.enter_context(of_triage.opened(settings["DAYZERO_TRIAGE_MONGO_URI"]))
        of_triage.prepare(self.triage)
        self.reporting = stack.enter_context(of_reporting.opened(settings["DAYZERO_REPORTING_MONGO_URI"]))
        of_reporting.prepare(self.reporting)
        sources = {
            "intake": self.intake.audited,
            "triage": lambda: of_triage.audited(self.triage),
            "reporting": lambda: of_reporting.audited(self.reporting),
        }
        self._ledgers = {
            name: (stack.enter_context(ledger.opened(settings[ledger_setting(name)], name)), sources[name])
            for name in SERVICES
        }

    def emptied(self) -> "Ground":
        """Remove every document, and use another folder."""
        for name in SERVICES:
            for database in (self._client[f"{self._prefix}_{name}"], self.ledger(name)):
                for collection in database.list_collection_names(filter={"type": "collection"}):
                    if not collection.startswith("system."):
                        database[collection].delete_many({})
        self._count += 1
        (self._folder / str(self._count)).mkdir()
        return self

    def world(self) -> World:
        """Return the use cases as after a start."""
        return World(self.intake, self.triage, self.reporting, self._ledgers, self._folder / str(self._count))

    def ledger(self, name: str) -> Any:
        """Return a service's ledger, as its administrator sees it."""
        return self._client[ledger_name(f"{self._prefix}_{name}")]

    def mismatches(self) -> list[str]:
        """Return what does not fit together."""
        databases = {name: self._client[f"{self._prefix}_{name}"] for name in SERVICES}
        return [each for name in SERVICES for each in mismatches(name, databases[name], self.ledger(name))]


@pytest.fixture(scope="module")
def ground(mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ExitStack() as stack:
        yield Ground(mongod, stack, tmp_path_factory.mktemp("crash"))


def live(ground: Ground, point: Point, moves_often: bool = False) -> None:
    """Do every step; after a crash a new process does the step again, and goes on."""
    world = ground.emptied().world()
    with crashing(point):
        for number in range(len(world.steps(moves_often))):
            try:
                world.steps(moves_often)[number]()
            except Crash:
                now = world.clock.now()
                world = ground.world()
                world.clock.advance(now - world.clock.now())
                world.steps(moves_often)[number]()


def test_without_a_crash_everything_has_its_entry(ground: Ground) -> None:
    point = Point()
    live(ground, point)
    assert ground.mismatches() == []
    assert point.writes > 60
    assert ground.reporting["submissions"].count_documents({"state": "accepted"}) == 1


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("moves_often", [False, True], ids=["entries wait", "entries move at once"])
def test_wherever_a_process_ends_no_change_lacks_its_entry_and_no_entry_its_change(
    moves_often: bool, ground: Ground
) -> None:
    whole, points = Point(), POINTS // 2
    live(ground, whole, moves_often)
    boundaries = 2 * whole.writes
    for place in sorted({(n * boundaries) // points for n in range(points)}):
        point = Point(place)
        live(ground, point, moves_often)
        assert point.is_hit, place
        assert ground.mismatches() == [], f"crash at boundary {place} of {boundaries}"
