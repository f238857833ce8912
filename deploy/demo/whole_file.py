"""A whole file of real reports through the public door, to the last acknowledgement: how many, how long, and why not.

The sponsor and the dictionary are made up from the file itself, the destinations are tests, and a stand-in physician
chooses what a person would have to choose: criterion, role and, where there is no reporter, country (DOMAIN 4).
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.cli import openfda
from deploy.cli.failure import CommandError
from deploy.cli.import_files import openfda_results
from deploy.cli.import_reports import Imported, lines_of, post_all
from deploy.cli.ledger import Ledger, check
from deploy.cli.ledger_sources import all_facts
from deploy.cli.ledger_view import ledger_lines
from deploy.cli.run_settings import in_environment
from deploy.demo import fates, made_up, partners
from deploy.demo.physician import Physician
from deploy.demo.promises import Promises
from deploy.demo.regulator import Regulator
from deploy.demo.staff import hired
from deploy.demo.terms import Terms
from deploy.local.suite import Options, Suite
from shared.clock import SystemClock
from shared.contracts import topics
from shared.contracts.ledger_facts import ParkedFact

_SECONDS = 120.0
_PER_REPORT = 0.5
_POLL = 0.5
_HANDS = 6
_ON_THE_WAY = {"approved", "built", "sent"}
_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found; ``seconds`` are from the first report posted to the last acknowledgement read."""

    counts: Imported
    cases: dict[str, dict[str, Any]]
    blocked: dict[str, tuple[str, ...]]
    files: int
    accepted: int
    faults: list[str]
    parked: list[str]
    ledger: Ledger
    seconds: float
    outgoing: Path

    @property
    def failures(self) -> list[str]:
        """Return every promise that did not hold."""
        found = [f"{finding.subject}: {finding.words}" for finding in (*self.ledger.broken, *self.ledger.in_flight)]
        return found + self.faults + self.parked + ([] if self.counts.reconciles else ["the import does not reconcile"])


def run_file(file: Path, schemas: Path | None, console: Console) -> int:
    """Run the file and tell what became of it; return the exit code. Raises CommandError, LaunchError or OSError."""
    played = play(openfda_results(file), schemas, console)
    for line in lines_of(played.counts):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for table in fates.tables(played.cases, played.blocked):
        console.print(table)
    for line in ledger_lines(played.ledger):
        console.print(line, markup=False, highlight=False)
    schema = "by the ICH schema" if schemas else "by structure only: no schema is configured"
    console.print(f"{len(played.cases)} cases, {played.files} files, {played.accepted} accepted {schema}")
    console.print(f"{played.seconds:.0f} s from the first report to the last acknowledgement")
    console.print(f"The XML is kept in {played.outgoing}", soft_wrap=True)
    for words in played.failures:
        console.print(f"FAILED: {words}", markup=False)
    return int(bool(played.failures))


def play(results: Sequence[Any], schemas: Path | None, console: Console, dictionary: Path | None = None) -> Played:
    """Run raw openFDA reports on servers of their own; ``dictionary`` replaces the one made from their terms."""
    with TemporaryDirectory() as scratch, Progress(*_COLUMNS, console=console) as progress:
        known = dictionary or made_up.dictionary(results, Path(scratch) / "dictionary")
        options = Options(
            registry=made_up.registry(results, Path(scratch) / "registry"),
            dictionary=known,
            keep_data=False,
            topics=topics.ALL,
        )
        with Suite("demo", options) as suite, in_environment(suite.settings):
            return _Run(suite, Terms.load(known), schemas, progress).run(results)


class _Run:
    """One run against a suite that is up."""

    def __init__(self, suite: Suite, terms: Terms, schemas: Path | None, progress: Progress) -> None:
        self._suite = suite
        self._progress = progress
        self._clock = SystemClock()
        self._physician = Physician(hired(suite.settings, suite.review_url), terms, chooses=True, hands=_HANDS)
        self._regulator = Regulator(suite.outgoing, suite.incoming, self._clock, schemas, rejects_one=False)
        self._promises = Promises()

    def run(self, results: Sequence[Any]) -> Played:
        started = time.monotonic()
        records = [openfda.body_of(raw, made_up.SPONSOR) for raw in results]
        task = self._progress.add_task("Reports posted", total=len(records))
        partner = partners.given(self._suite.settings, self._suite.intake_url)
        counts = post_all(records, partner, Imported(), lambda: self._progress.advance(task))
        ledger = self._work(counts.accepted, time.monotonic() + _SECONDS + _PER_REPORT * len(records))
        waiting = [fact for fact in all_facts() if isinstance(fact, ParkedFact)]
        answered = self._regulator.answered
        return Played(
            counts=counts,
            cases=self._physician.cases,
            blocked=self._physician.blocked,
            files=len(answered),
            accepted=sum(not each.rejected for each in answered),
            faults=[f"{each.file}: {fault}" for each in answered for fault in each.faults]
            + list(self._promises.broken(rejection_expected=False)),
            parked=[f"{fact.subject}: parked at {fact.parked_at}: {fact.reason}" for fact in waiting],
            ledger=ledger,
            seconds=time.monotonic() - started,
            outgoing=self._suite.outgoing,
        )

    def _work(self, reports: int, deadline: float) -> Ledger:
        """Let the stand-ins work until nothing moves. Raises CommandError."""
        task = self._progress.add_task("Cases at rest", total=reports)
        while True:
            acts = self._physician.round() + self._regulator.answer_new()
            cases = self._physician.cases.values()
            self._promises.watch(cases)
            moving = sum(any(a["state"] in _ON_THE_WAY for a in case["approvals"]) for case in cases)
            self._progress.update(task, completed=len(cases) - moving)
            if not acts and not moving:
                ledger = check(list(all_facts()), self._clock.now(), timedelta(0))
                seen = len(cases)  # cases may have come between the round and the ledger: then neither is the last word
                if not ledger.broken and not self._physician.round() and len(self._physician.cases) == seen:
                    return ledger
            self._suite.check()
            if time.monotonic() > deadline:
                raise CommandError(f"cases are still on their way; the logs are in {self._suite.folder / 'log'}")
            time.sleep(0 if acts else _POLL)
