"""``make bench``: each figure is a ratio to a floor measured in the same run, interleaved; reported, never asserted."""

import statistics
import sys

from rich.console import Console
from rich.table import Table

from deploy.local.ports import free_ports
from deploy.local.suite import Door, Options, Suite, service
from tests.bench.load import accepted_per_second, bodies

PASSES = 4
POSTS = 1500
SETTING = "DAYZERO_BENCH_PORT"


def main() -> None:
    """Measure durable 202s against a bare Flask route: the same server, bodies, connections and machine."""
    port, intake_port, review_port = free_ports(3)
    bare = Door("bare", (sys.executable, "-m", "tests.bench.bare"), SETTING)
    options = Options(intake_port=intake_port, review_port=review_port, extra={SETTING: str(port)}, keep_data=False)
    with Suite("bench", options, [service("intake.app", "DAYZERO_INTAKE_PORT"), bare]) as suite:
        for run in ("warm-bare", "warm-intake"):
            accepted_per_second(port if run == "warm-bare" else suite.intake_port, bodies(200, run))
        rates = [
            (
                accepted_per_second(port, bodies(POSTS, f"bare-{number}")),
                accepted_per_second(suite.intake_port, bodies(POSTS, f"intake-{number}")),
            )
            for number in range(PASSES)
        ]
    _show(rates)


def _show(rates: list[tuple[float, float]]) -> None:
    table = Table("pass", "bare Flask route, posts/s", "durable 202s, posts/s", "ratio")
    for number, (floor, durable) in enumerate(rates, 1):
        table.add_row(str(number), f"{floor:.0f}", f"{durable:.0f}", f"{durable / floor:.3f}")
    console = Console()
    console.print(table)
    console.print(f"median ratio {statistics.median(durable / floor for floor, durable in rates):.3f}")


if __name__ == "__main__":
    main()
