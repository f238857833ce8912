"""Every query on a sponsor's data names the sponsor (DOMAIN 18): a monitor sees all that the services ask MongoDB.

What asks across sponsors is named here with its reason, and is the service's own work, never a person's question.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest
from pymongo import monitoring

from deploy.local.mongod import Mongod
from tests.integration.crash.test_crash_points import Ground

TENANT = {
    "reports",
    "refusals",
    "icsr_files",
    "parked",
    "cases",
    "case_versions",
    "messages",
    "blocked_builds",
    "submissions",
    "acknowledgements",
    "partner_keys",
    "happenings",
}
# What asks across sponsors: by collection ("*": any) and the names in the filter, with the reason.
ACROSS = {
    ("*", ("outbox.due_at",)): "a relay publishes for every sponsor",
    ("*", ("_id", "outbox")): "a relay marks what it publishes",
    ("*", ("outbox",)): "an event's id is nobody else's: its answer confirms it, or asks for it again",
    ("*", ("audit.at",)): "a sequencer moves every sponsor's entries, each to its own chain",
    ("cases", ("applied",)): "an event's id is nobody else's; asked before its case is known",
    ("submissions", ("active", "state")): "the sender sends for every sponsor",
    ("submissions", ("active", "sponsor", "state")): "the sender promotes for every sponsor",
    ("submissions", ("batch_number",)): "an acknowledgement names no sponsor, but our batch (N.1.2)",
    ("acknowledgements", ("sha256",)): "bytes of an authority, before it is known whose they are",
    ("acknowledgements", ("_id",)): "the same bytes, kept once",
    ("*", ("outbox.event.id", "sponsor", "status.state")): "triage answers an event, whose id is nobody else's",
    ("parked", ("_id", "sponsor")): "a parked item is known by its event, or asked for by the installation's operator",
    ("parked", ("sponsor", "state")): "what waits, for the installation's operator",
    ("parked", ("audit.0", "sponsor", "trail")): "items of earlier versions are given their trail",
}
QUIET = {"blocked_builds", "happenings"}  # nothing of theirs happens in the world of these tests
_QUERIES = {"find": "filter", "aggregate": "pipeline", "count": "query", "distinct": "query", "findAndModify": "query"}


class Monitor(monitoring.CommandListener):
    """Keeps the filters of queries and changes on tenant data."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, Any]]] = []
        self.listens = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        name, command = event.command_name, event.command
        if not self.listens or command.get(name) not in TENANT or event.database_name.endswith("_ledger"):
            return
        if name in _QUERIES:
            self.seen.append((command[name], name, _filter(command.get(_QUERIES[name], {}))))
        for part in (*command.get("updates", ()), *command.get("deletes", ())):
            self.seen.append((command[name], name, dict(part["q"])))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Nothing more is to be known."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Nothing more is to be known."""


MONITOR = Monitor()
monitoring.register(MONITOR)


def _filter(asked: Any) -> dict[str, Any]:
    first = asked[0].get("$match", {}) if isinstance(asked, list) else asked
    return dict(first)


@pytest.fixture(scope="module")
def ground(mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ExitStack() as stack:
        yield Ground(mongod, stack, tmp_path_factory.mktemp("scopes"))


def names_sponsor(asked: Mapping[str, Any]) -> bool:
    """Say whether a filter is within sponsors; that there is one at all is no limit."""
    return "sponsor" in asked and asked["sponsor"] != {"$exists": True}


def is_named(collection: str, asked: Mapping[str, Any]) -> bool:
    """Say whether a query across sponsors is one of those that are named."""
    names = tuple(sorted(asked))
    return ("*", names) in ACROSS or (collection, names) in ACROSS


def test_every_query_on_a_sponsors_data_names_the_sponsor(ground: Ground) -> None:
    steps = ground.emptied().world().steps(moves_often=False)
    MONITOR.listens = True
    try:
        for step in steps:
            step()
    finally:
        MONITOR.listens = False
    assert len(MONITOR.seen) > 200
    across = [(collection, name, asked) for collection, name, asked in MONITOR.seen if not names_sponsor(asked)]
    assert [each for each in across if not is_named(each[0], each[2])] == []
    assert {collection for collection, _, asked in MONITOR.seen if names_sponsor(asked)} >= TENANT - {
        "happenings"
    } - QUIET


def test_the_monitor_sees_a_query_without_a_sponsor(ground: Ground) -> None:
    MONITOR.seen, MONITOR.listens = [], True
    try:
        ground.triage["cases"].find_one({"_id": "case_1"})
        ground.triage["cases"].update_one({"revision": 1, "sponsor": {"$exists": True}}, {"$set": {"revision": 2}})
    finally:
        MONITOR.listens = False
    assert [names_sponsor(asked) or is_named(collection, asked) for collection, _, asked in MONITOR.seen] == [False] * 2
