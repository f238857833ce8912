"""A hundred thousand cases decided again under the next rulebook, against reading the same cases and nothing else.

The cases are opened by the first rulebook, from the reports that the load on intake posts, on a real MongoDB. The floor
is what deciding again reads: every case with its current version, as structs.
"""

import os
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice

from rich.console import Console

from deploy.cli.rules_commands import Tally
from deploy.local.suite import Options, Suite
from shared.clock import SetClock, SystemClock
from shared.contracts.envelope import Event
from tests.bench.cases import events, triage_database
from tests.bench.e2b import Times
from triage.domain.redecision import Sameness
from triage.open_case import OpenCase
from triage.redecide import Redecide
from triage.reference.source import FileReference
from triage.store.cases import MongoCaseStore
from triage.store.database import prepare
from triage.store.memory import MongoMemory
from triage.store.walk import MongoCaseWalk

CASES = int(os.environ.get("DAYZERO_BENCH_CASES", "100000"))
PASSES = 3
SPONSOR = "helvion"
_AT_ONCE = 500
_FIRST_RULEBOOK = datetime(2026, 11, 23, 10, tzinfo=UTC)


def redeciding() -> Times:
    """Decide all cases again, by turns with reading them."""
    options = Options(keep_data=False)
    with Suite("bench-redecide", options, []) as suite:
        database = triage_database(suite)
        prepare(database)
        reference = FileReference(options.registry, options.dictionary, MongoMemory(database))
        clock, walk = SetClock(_FIRST_RULEBOOK), MongoCaseWalk(database)
        _open(OpenCase(MongoCaseStore(database, clock), reference, clock))
        redecide = Redecide(MongoCaseStore(database, SystemClock()), walk, reference, SystemClock())
        today = SystemClock().now().date()
        seconds = [(_read(walk), _decide(redecide, today)) for _ in range(PASSES)]
        database.client.close()
    title = f"Rulebook: {CASES:,} cases decided again, {CASES / min(s for _, s in seconds):,.0f} a second at best"
    return Times(title, "reading them", "at most 2", True, seconds)


def _open(open_case: OpenCase) -> None:
    for batch in _batches(events(CASES, "redecide")):
        open_case.together(batch)


def _batches(made: Iterable[Event]) -> Iterator[list[Event]]:
    rest = iter(made)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch


def _read(walk: MongoCaseWalk) -> float:
    start = time.perf_counter()
    count = sum(1 for _ in walk.walk(SPONSOR))
    if count != CASES:
        raise RuntimeError(f"{count} cases were read, not {CASES}")
    return time.perf_counter() - start


def _decide(redecide: Redecide, today: date) -> float:
    start = time.perf_counter()
    tally = Tally(None)
    tally.take(redecide.preview([SPONSOR], today))
    taken = time.perf_counter() - start
    if tally.sameness[Sameness.IDENTICAL]:
        raise RuntimeError("the next rulebook left a record as it was")
    Console().print(f"{tally.sameness.total():,} cases in {taken:.1f} s: {dict(tally.sameness)}", markup=False)
    return taken
