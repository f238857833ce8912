"""Where the processor time of one report goes, step by step: what explains the ratios.

Each step is measured alone, in one thread, as processor time of this process; MongoDB, broker and server are not in it.
"""

import json
import time
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

import bson
import msgspec
from rich.console import Console
from rich.table import Table

from deploy.local.suite import Options
from intake.api.authentication import Door
from intake.api.json_body import parse
from intake.api.reading import BodyReader
from intake.api.reports import Origin, blueprint
from intake.api.schemas import ReportSchema
from intake.api.usual import usual_reader
from intake.app import application
from intake.receive import Receive, Site
from intake.store.reports import _document
from shared.clock import SystemClock
from shared.contracts.envelope import decode, encode
from shared.contracts.report_received import ReportReceived
from shared.loopback import ADDRESS
from tests.bench.cases import events
from tests.bench.load import bodies
from tests.unit.intake.fakes import InMemoryRefusals, InMemoryReports
from tests.unit.triage.fakes import InMemoryCases
from triage.domain.pipeline import assess
from triage.domain.versions import NewVersion
from triage.open_case import OpenCase
from triage.reference.source import FileReference

TIMES = 2000
Step = tuple[str, Callable[[int], object]]


class Opened(InMemoryCases):
    """A store that knows nothing and keeps nothing but the last case."""

    last: NewVersion

    def add_cases(self, opened: Sequence[NewVersion]) -> set[str]:
        self.last = opened[-1]
        return set()


def show(console: Console) -> None:
    """Print both tables."""
    for title, steps in (("Intake, one report of 2 kB", intake()), ("Triage, one case of it", triage())):
        table = Table("step", "us", title=title, title_justify="left")
        for name, step in steps:
            table.add_row(name, f"{_microseconds(step):.0f}")
        console.print(table)


def _microseconds(step: Callable[[int], object]) -> float:
    for number in range(50):
        step(number)
    start = time.process_time()
    for number in range(TIMES):
        step(number % 50)
    return (time.process_time() - start) / TIMES * 1e6


def intake() -> list[Step]:
    """From the bytes to the document, without Flask and the server, which the floor has too."""
    posts, zone = bodies(TIMES + 50, "steps"), ZoneInfo("Europe/Zurich")
    parsed = [parse(body) for body in posts[:50]]
    schema, reader, reports = ReportSchema(), BodyReader(), InMemoryReports()
    site = Site(zone=zone, country="CH", service_version="bench")
    receive = Receive(reader, reports, InMemoryRefusals(), SystemClock(), site)
    client = application(
        blueprint(receive, lambda _, __: None, Door(lambda: Origin(actor="bench"))), lambda: True
    ).test_client()
    client.post("/v1/reports", data=posts[-1], content_type="application/json", base_url=f"http://{ADDRESS}")
    (kept,) = reports.kept.values()
    received, document = kept.first.receipt.received_at.astimezone(zone), _document(kept)
    usual = usual_reader(schema)
    return [
        ("json.loads alone", lambda n: json.loads(posts[n])),
        ("parse: no duplicate names, bounded depth", lambda n: parse(posts[n])),
        ("Schema.load (the fallback)", lambda n: schema.load(parsed[n])),
        ("the function generated from it", lambda n: usual(parsed[n])),
        ("all of reading: with plausibility and structs", lambda n: reader.read(posts[n], received)),
        ("the document, with event, receipt and audit", lambda n: _document(kept)),
        ("its BSON", lambda n: bson.encode(document)),
    ]


def triage() -> list[Step]:
    """From the message to what is written."""
    options, made = Options(), list(events(50, "steps"))
    reference, store, messages = FileReference(options.registry, options.dictionary), Opened(), list(map(encode, made))
    opening = OpenCase(store, reference, SystemClock())
    opening.together(made)
    known = reference.for_sponsor("helvion", SystemClock().now().date())
    content, start = made[0].body(ReportReceived).content, SystemClock().now().date()
    version, case = msgspec.to_builtins(store.last.version), msgspec.to_builtins(store.last.case)
    return [
        ("decode and check the message", lambda n: decode(messages[n]).body(ReportReceived)),
        ("assess: every stage, both destinations", lambda n: assess(content, start, "CH", known)),
        ("all of opening: with version, case, answer, audit", lambda n: opening.together([made[n]])),
        ("version and case as plain values", lambda n: msgspec.to_builtins((store.last.version, store.last.case))),
        ("their BSON", lambda n: (bson.encode(version), bson.encode(case))),
    ]
