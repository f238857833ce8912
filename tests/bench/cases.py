"""One triage worker's cases a second against ``insert_many(100)`` of the documents that it wrote, in the same run.

The worker is a process of its own with every stage on: it reads a topic that was filled beforehand from a real broker
and writes to a real MongoDB. The floor writes the same documents through the same settings into collections without
any index but that of ``_id``; it looks nothing up and reads nothing.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from pymongo.database import Database

from deploy.local.suite import Suite
from intake.api.reading import BodyReader
from shared.contracts.envelope import Event
from shared.messaging.kafka import Broker, KafkaPublisher
from tests.bench.load import bodies
from tests.builders import a_receipt, a_report
from triage.store.database import connect

BATCH = 100
WORKER = "triage.worker"
_WITHIN_SECONDS = 120.0
_RECEIVED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_COLLECTIONS = ("case_versions", "cases")


def events(count: int, run: str) -> Iterator[Event]:
    """Yield ``report.received`` of the reports that the load on intake posts."""
    reader = BodyReader()
    for number, body in enumerate(bodies(count, run)):
        read = reader.read(body, _RECEIVED.astimezone(ZoneInfo("Europe/Zurich")))
        yield a_report(
            f"rep_{run}_{number}",
            receipt=a_receipt(received_at=_RECEIVED),
            sender=read.sender,
            content=read.content,
            queries=read.queries,
        )


def fill(suite: Suite, made: Sequence[Event]) -> None:
    """Publish the events while no worker runs."""
    publisher = KafkaPublisher(Broker(bootstrap=suite.broker.address))
    waiting = iter(made)
    while batch := list(islice(waiting, 500)):
        if len(publisher.publish(batch)) < len(batch):
            raise RuntimeError("the broker did not take every event")
    publisher.close()


def cases_per_second(suite: Suite, database: Database[dict[str, Any]], made: Sequence[Event]) -> float:
    """Let one worker open a case of each event; count from its first batch on, without start and group join."""
    cases = database["cases"]
    before = cases.estimated_document_count()
    suite.supervisor.stop(WORKER)
    fill(suite, made)
    suite.restart(WORKER)
    first = _when_more_than(cases, before)
    last = _when_more_than(cases, before + len(made) - 1)
    return (last[1] - first[1]) / (last[0] - first[0])


def warm_up(suite: Suite, database: Database[dict[str, Any]]) -> None:
    """Wait until the worker has joined its group and opened cases: the broker forgets a member that leaves earlier."""
    fill(suite, list(events(BATCH, "warm")))
    _when_more_than(database["cases"], BATCH - 1)


def written_per_second(database: Database[dict[str, Any]], count: int) -> float:
    """Insert the newest ``count`` versions and cases again, elsewhere, in batches of a hundred."""
    found = [list(database[name].find().sort("$natural", -1).limit(count)) for name in _COLLECTIONS]
    floors = [database[f"floor_{name}"] for name in _COLLECTIONS]
    for floor in floors:
        floor.drop()
    start = time.perf_counter()
    for place in range(0, count, BATCH):
        for floor, documents in zip(floors, found, strict=True):
            floor.insert_many(documents[place : place + BATCH], ordered=False)
    return count / (time.perf_counter() - start)


def triage_database(suite: Suite) -> Database[dict[str, Any]]:
    """Return triage's database as triage itself connects to it."""
    return connect(suite.settings["DAYZERO_TRIAGE_MONGO_URI"])


def _when_more_than(cases: Any, count: int) -> tuple[float, int]:
    deadline = time.monotonic() + _WITHIN_SECONDS
    while (found := cases.estimated_document_count()) <= count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"the worker stopped at {found} cases")
        time.sleep(0.01)
    return time.perf_counter(), found
