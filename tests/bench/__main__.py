"""``make bench``: each figure is a ratio to a floor measured in the same run, interleaved; reported, never asserted.

Seconds say little on a machine that others use too; of a ratio, the median of several passes and its spread do.
"""

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from deploy.local.ports import free_ports
from deploy.local.suite import Door, Options, Suite, service
from shared.contracts import topics
from tests.bench import audit, cases, cues, e2b, redecide, steps
from tests.bench.load import CONNECTIONS, accepted_per_second, bodies
from tests.integration.keys import AUTHORIZED, put_key

PASSES = 5
SLICES = 6  # of a pass: short ones, for what else the machine does changes within seconds
POSTS = 1000
CASES = 2000
WORKERS = "2"
SETTING = "DAYZERO_BENCH_PORT"


@dataclass(frozen=True)
class Result:
    """The rates of a floor and of what is measured against it, a pair for each pass."""

    title: str
    floor: str
    measured: str
    goal: float
    stretch: float
    rates: Sequence[tuple[float, float]]

    def show(self, console: Console) -> None:
        ratios = [measured / floor for floor, measured in self.rates]
        table = Table("pass", f"{self.floor}/s", f"{self.measured}/s", "ratio", title=self.title, title_justify="left")
        for number, ((floor, measured), ratio) in enumerate(zip(self.rates, ratios, strict=True), 1):
            table.add_row(str(number), f"{floor:,.0f}", f"{measured:,.0f}", f"{ratio:.3f}")
        console.print(table)
        console.print(
            f"median {statistics.median(ratios):.3f}, from {min(ratios):.3f} to {max(ratios):.3f} "
            f"(goal {self.goal:.2f}, stretch {self.stretch:.2f})\n"
        )


def intake() -> Result:
    """Durable 202s with everything on against a bare Flask route: same server, settings, bodies, connections."""
    port, intake_port, review_port = free_ports(3)
    bare = Door("bare", (sys.executable, "-m", "tests.bench.bare"), SETTING)
    extra = {SETTING: str(port), "DAYZERO_INTAKE_WORKERS": WORKERS}
    options = Options(intake_port=intake_port, review_port=review_port, extra=extra, keep_data=False)
    with Suite("bench-intake", options, [service("intake.app", "DAYZERO_INTAKE_PORT"), bare]) as suite:
        put_key(suite.settings["DAYZERO_INTAKE_MONGO_URI"])
        rates = [_slices(port, intake_port, number) for number in range(PASSES + 1)]
    title = f"Intake: reports of 2 kB over {CONNECTIONS} connections, {WORKERS} processes"
    return Result(title, "bare route, posts", "durable 202s", 0.20, 0.30, rates[1:])  # the first pass warms up


def _slices(floor_port: int, intake_port: int, number: int) -> tuple[float, float]:
    """Return the mean rates of slices by turns."""
    taken = [0.0, 0.0]
    for turn in range(SLICES):
        taken[0] += POSTS / accepted_per_second(floor_port, bodies(POSTS, f"bare-{number}-{turn}"))
        taken[1] += POSTS / accepted_per_second(intake_port, bodies(POSTS, f"intake-{number}-{turn}"), AUTHORIZED)
    return SLICES * POSTS / taken[0], SLICES * POSTS / taken[1]


def triage() -> Result:
    """Cases of one worker with every stage on against writing the same documents and nothing else."""
    options = Options(topics=topics.ALL, keep_data=False)
    rates = []
    with Suite("bench-triage", options, [service(cases.WORKER)]) as suite:
        database = cases.triage_database(suite)
        cases.warm_up(suite, database)
        for number in range(PASSES):
            opened = cases.cases_per_second(suite, database, list(cases.events(CASES, f"run{number}")))
            rates.append((cases.written_per_second(database, CASES), opened))
        database.client.close()
    title = f"Triage: {CASES} reports from the broker to cases, one worker"
    return Result(title, "insert_many(100), cases", "worker, cases", 0.25, 0.40, rates)


def main() -> None:
    """Measure what is named on the command line, or everything."""
    measures: dict[str, Callable[[], Result | cues.Figures | e2b.Times]] = {
        "e2b-read": e2b.reading,
        "e2b-write": e2b.writing,
        "audit": audit.verifying,
        "redecide": redecide.redeciding,
        "cues": cues.measuring,
        "intake": intake,
        "triage": triage,
    }
    console = Console()
    console.print("Other processes may load this machine: judge by the ratios.\n")
    named = sys.argv[1:] or list(measures)
    for name in named:
        measures[name]().show(console)
    if {"intake", "triage"} & set(named):
        steps.show(console)


if __name__ == "__main__":
    main()
