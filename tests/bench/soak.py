"""``make soak``: minutes of steady work, reports in and files out, and the memory of every process beside it.

Reported as the median of each sixth of the run: what a process fills once is no leak, what goes on growing is. The
broker of one machine keeps everything in memory and grows by design; MongoDB fills its cache.
"""

import os
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.cli.ledger import Ledger, check
from deploy.cli.ledger_sources import all_facts
from deploy.cli.ledger_view import ledger_lines
from deploy.cli.run_settings import in_environment
from deploy.demo.partners import given
from deploy.demo.regulator import Regulator
from deploy.demo.staff import hired
from deploy.local.suite import SERVICES, Options, Suite
from shared.clock import SystemClock
from shared.contracts import topics

PER_SECOND = 10.0
_LOOK = 5.0  # seconds between two looks at the memory
_SETTLE = 300.0
_PARTS = 6
_SERVERS = ("mongod", "broker")

Samples = dict[str, list[float]]


class Work:
    """Reports in, approvals given, files answered, at a steady rate."""

    def __init__(self, suite: Suite, per_second: float) -> None:
        """Work on a suite that is up."""
        self._suite = suite
        self._staff = hired(suite.settings, suite.review_url)
        self._partner = given(suite.settings, suite.intake_url)
        self._per_second = per_second
        self._regulator = Regulator(suite.outgoing, suite.incoming, SystemClock(), None, rejects_one=False)
        self.posted = self.accepted = self.approved = 0

    def post(self, stop: threading.Event) -> None:
        """Post reports at the rate until told to stop."""
        start = time.monotonic()
        while not stop.wait(max(0.0, start + self.posted / self._per_second - time.monotonic())):
            self.posted += 1
            self.accepted += self._partner.call("POST", "/v1/reports", _report(self.posted)).status == 202

    def review(self, stop: threading.Event) -> None:
        """Approve what waits, and answer what was sent, until told to stop."""
        while not stop.wait(0.2):
            self.round()

    def round(self) -> None:
        """Approve the next fifty cases; answer every file that is new."""
        url = "/api/cases"
        for case in self._staff.call("GET", f"{url}?status=needs_review&limit=50").body["cases"]:
            match = {"If-Match": f'"{case["revision"]}"'}
            approved = self._staff.sign(f"{url}/{case['id']}/approve", {"reason": "soak"}, match)
            self.approved += approved.status == 200
        self._regulator.answer_new()

    def settle(self) -> Ledger:
        """Work off what is left, and check the ledger with no grace."""
        deadline = time.monotonic() + _SETTLE
        while True:
            self.round()
            found = check(list(all_facts()), SystemClock().now(), timedelta(0))
            if not found.broken or time.monotonic() > deadline:
                return found
            time.sleep(1)


def main(minutes: float = 10.0, per_second: float = PER_SECOND) -> int:
    """Work for so many minutes and tell what grew; return 1 if a report or the ledger identity was lost."""
    options = Options(keep_data=False, topics=topics.ALL)
    with Suite(f"soak-{os.getpid()}", options) as suite, in_environment(suite.settings):
        work, stop = Work(suite, per_second), threading.Event()
        threads = [threading.Thread(target=part, args=(stop,), daemon=True) for part in (work.post, work.review)]
        for thread in threads:
            thread.start()
        samples = _watch(suite, minutes * 60)
        stop.set()
        for thread in threads:
            thread.join()
        ledger = work.settle()
    console = Console(width=110)
    console.print(_table(samples))
    for line in ledger_lines(ledger):
        console.print(line, markup=False, highlight=False)
    console.print(f"{minutes:g} minutes: {work.posted} posted, {work.accepted} accepted, {work.approved} approved")
    return int(work.accepted != work.posted or not ledger.holds)


def _watch(suite: Suite, seconds: float) -> Samples:
    samples: Samples = defaultdict(list)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        suite.check()
        for name in (*_SERVERS, *(door.name for door in SERVICES)):
            samples[name].append(sum(map(_resident, _family(suite.supervisor.process(name).pid))))
        time.sleep(_LOOK)
    return samples


def _table(samples: Samples) -> Table:
    table = Table("process", *(f"{part}/{_PARTS}" for part in range(1, _PARTS + 1)), title="resident MiB")
    for name, values in samples.items():
        size = max(1, len(values) // _PARTS)
        parts = [values[part * size : (part + 1) * size] or values[-1:] for part in range(_PARTS)]
        table.add_row(name, *(f"{statistics.median(part):.1f}" for part in parts))
    return table


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all that it started: a server's workers are processes of their own."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _family(int(child))


def _resident(pid: int) -> float:
    """Return what a process holds in memory, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def _report(number: int) -> dict[str, Any]:
    """Return a serious report of the demonstration's sponsor, each of a case of its own."""
    return {
        "sponsor": "helvion",
        "sender": {"organisation": "Soak", "case_id": str(number)},
        "patient": {"initials": "S. K.", "sex": "female", "age": {"value": 20 + number % 60, "unit": "year"}},
        "reporters": [{"given_name": "Ann", "country": "FR", "qualification": "physician"}],
        "drugs": [{"name": "Cardivane", "role": "suspect", "dose_text": "20 mg daily", "start": "2026-10"}],
        "reactions": [{"verbatim": "Headache", "serious": True, "criteria": ["hospitalisation"], "onset": "2026-11"}],
        "narrative": f"Report {number}. " + "The patient was admitted with a headache and went home a day later. " * 12,
    }


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:])))
