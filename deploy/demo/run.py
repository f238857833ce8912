"""The demonstration: real servers, reports over HTTP, a stand-in physician, a stand-in regulator, and the ledger check.

It ends by itself: 0 if every promise held, 1 if one did not; no process is left, and the XML is kept.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.cli.failure import CommandError
from deploy.cli.import_reports import sender_case
from deploy.cli.ledger import Fact, Ledger, check
from deploy.cli.ledger_sources import all_facts
from deploy.cli.ledger_view import ledger_lines
from deploy.cli.run_settings import in_environment
from deploy.demo import inspection, partners, records, takeback
from deploy.demo.physician import Physician
from deploy.demo.posting import REPORTS, Posted, is_handled, post, read_lines
from deploy.demo.promises import Promises
from deploy.demo.regulator import Regulator
from deploy.demo.table import CHECKED, NOT_CHECKED, result_table
from deploy.demo.terms import Terms
from deploy.local.schema_folder import schema_folder
from deploy.local.suite import Options, Suite
from shared.clock import SystemClock
from shared.contracts import topics
from shared.contracts.ledger_facts import CaseVersionFact

GRACE = timedelta(minutes=5)
_WITHIN = 90.0  # seconds, from the first report to the last acknowledgement
_PER_REPORT = 0.5  # and for each further report of an INPUT longer than our own
_POLL = 0.1
_TRIED = 10  # cases, by who may not
OVERSEEN = "helvion"
_OPTIONS = Options(republish_seconds=1.0, keep_data=False, topics=topics.ALL)
_ON_THE_WAY = {"approved", "built", "sent"}


class Demonstration:
    """One run against a suite that is up."""

    def __init__(self, suite: Suite, bodies: list[Any], progress: Progress) -> None:
        """Bring in the stand-ins."""
        self._suite = suite
        self._bodies = bodies
        self._progress = progress
        self._clock = SystemClock()
        self.schemas = schema_folder()
        self._partner = partners.given(suite.settings, suite.intake_url)
        self.team = inspection.team(suite.settings, suite.review_url, OVERSEEN)
        terms = Terms.load(suite.options.dictionary)
        self.physician = Physician(self.team.physician, terms, approver=self.team.approver)
        self.regulator = Regulator(suite.outgoing, suite.incoming, self._clock, self.schemas)
        self.promises = Promises()
        self.posted: list[Posted] = []
        self.facts: list[Fact] = []
        self.trails: list[inspection.Trail] = []
        self.records: list[str] = []
        self.faults: list[str] = []
        self._deadline = time.monotonic() + max(_WITHIN, _PER_REPORT * len(bodies))

    def run(self) -> Ledger:
        """Post everything, let the stand-ins work until nothing moves, and check the ledger. Raises CommandError."""
        self._post_all()
        self._await_handled({one.report_id for one in self.posted} - {None})
        self._work()
        self.faults += takeback.nullified(self.team, self.physician.cases)
        self._work()
        self.facts = list(all_facts())
        return check(self.facts, self._clock.now(), GRACE)

    def inspect(self) -> None:
        """Look at the last word of every case, try the roles, export and verify the trails."""
        self.physician.round()
        cases = list(self.physician.cases.values())
        self.faults += inspection.roles_hold(self.team, cases[:_TRIED])
        self.records = list(records.shown(self.physician.cases, self.team.physician))
        self.trails = inspection.trails(self._suite.folder, sorted({case["sponsor"] for case in cases}))

    def places(self) -> dict[str, tuple[str, int]]:
        """Return the case and version that each report became."""
        versions = (fact for fact in self.facts if isinstance(fact, CaseVersionFact))
        return {fact.report_id: (fact.case_id, fact.version) for fact in versions if fact.report_id is not None}

    def failures(self, ledger: Ledger, own_reports: bool) -> Iterator[str]:
        """Yield every promise that did not hold."""
        yield from self.promises.broken(rejection_expected=own_reports)
        yield from (f"{finding.subject}: {finding.words}" for finding in (*ledger.broken, *ledger.in_flight))
        yield from self.faults
        yield from (f"the audit trail of {each.sponsor} is not whole" for each in self.trails if not each.is_whole)
        for answered in self.regulator.answered:
            yield from (f"{answered.file} failed validation: {fault}" for fault in answered.faults)
        yield from (f"line {one.line} was refused: {one.words}" for one in self.posted if own_reports and one.words)

    def _post_all(self) -> None:
        task = self._progress.add_task("Reports posted", total=len(self._bodies))
        earlier: dict[tuple[str, str], str] = {}
        for line, body in enumerate(self._bodies, 1):
            key = sender_case(body)
            if key in earlier:  # a follow-up comes when its case is known; side by side they may overtake each other
                self._await_handled({earlier[key]})
            one = post(self._partner, line, body)
            self.posted.append(one)
            if key and one.report_id:
                earlier[key] = one.report_id
            self._progress.advance(task)

    def _await_handled(self, report_ids: set[Any]) -> None:
        waiting = set(report_ids)

        def all_handled() -> bool:
            waiting.difference_update({r for r in waiting if is_handled(self._partner, r)})
            return not waiting

        self._poll(all_handled, lambda: f"{len(waiting)} reports have not become cases")

    def _work(self) -> None:
        task = self._progress.add_task("Cases at rest", total=None)
        answered = self._progress.add_task("Messages answered", total=None)

        def at_rest() -> bool:
            acts = self.physician.round() + self.regulator.answer_new()
            cases = self.physician.cases.values()
            self.promises.watch(cases)
            moving = sum(any(a["state"] in _ON_THE_WAY for a in case["approvals"]) for case in cases)
            self._progress.update(task, completed=len(cases) - moving, total=len(cases))
            files = len(self.regulator.answered)
            self._progress.update(answered, completed=files, total=files)
            if acts or moving:
                return False
            return not check(all_facts(), self._clock.now(), GRACE).in_flight

        self._poll(at_rest, lambda: "cases are still on their way")

    def _poll(self, is_done: Callable[[], bool], what: Callable[[], str]) -> None:
        while not is_done():
            self._suite.check()
            if time.monotonic() > self._deadline:
                raise CommandError(f"{what()} in time; the logs are in {self._suite.folder / 'log'}")
            time.sleep(_POLL)


def run_demo(input_file: Path | None, console: Console) -> int:
    """Run the demonstration; return the exit code. Raises CommandError, LaunchError or OSError."""
    bodies = read_lines(input_file or REPORTS)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("Servers and services started", total=1)
        with Suite("demo", _OPTIONS) as suite, in_environment(suite.settings):
            progress.advance(task)
            run = Demonstration(suite, bodies, progress)
            ledger = run.run()
            run.inspect()
    return _tell(run, ledger, suite.outgoing, input_file is None, console)


def _tell(run: Demonstration, ledger: Ledger, folder: Path, own_reports: bool, console: Console) -> int:
    console.print(result_table(run.posted, run.physician.cases, run.places(), run.physician.leaves()))
    for line in ledger_lines(ledger):
        console.print(line, markup=False, highlight=False)
    for words in run.promises.corrected:
        console.print(f"Rejected, corrected, sent again and accepted: {words}, as before.", markup=False)
    files = sum(not each.rejected for each in run.regulator.answered)
    console.print(f"{len(run.regulator.answered)} files, {files} accepted; {CHECKED if run.schemas else NOT_CHECKED}")
    console.print(f"The XML is kept in {folder}", soft_wrap=True)
    for words in (*run.records, *_inspected(run)):
        console.print(words, markup=False, highlight=False, soft_wrap=True)
    failures = list(run.failures(ledger, own_reports))
    for words in failures:
        console.print(f"FAILED: {words}", markup=False)
    return 1 if failures else 0


def _inspected(run: Demonstration) -> Iterator[str]:
    """Say who worked, who signed, and that each sponsor's trail verifies alone."""
    signed = inspection.signatures(list(run.physician.cases.values()))
    yield f"{inspection.PHYSICIAN} amended, {inspection.APPROVER} signed {len(signed)} versions, one of them:"
    for one in signed[:1]:
        proved = " and ".join(one["components"])
        yield f"  {one['full_name']}, {one['meaning']}, {one['at']}, proved by {proved}, SHA-256 {one['sha256']}"
    for trail in run.trails:
        yield f"Audit trail of {trail.sponsor}, exported to {trail.file} and verified by itself:"
        yield from (f"  {line}" for line in trail.lines)
