"""Seriousness cues: flags hidden, what is shipped, on the half of each file that nothing was tuned on."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from shared.contracts.code_lists import Criterion
from tests.reference import cues
from tests.reference.public_reports import BY_DRUG, FAERS, OPENFDA, TRIAGE
from triage.reference.files import read_raising


class Figures:
    """What was found, a line each."""

    def __init__(self, found: Sequence[cues.Found]) -> None:
        """Keep what there was any of."""
        self.found = [each for each in found if each.flagged]

    def show(self, console: Console) -> None:
        """Print sensitivity and specificity with their 95 % intervals."""
        table = Table("reports", "sensitivity", "specificity", title="Seriousness cues, held out", title_justify="left")
        for each in self.found:
            table.add_row(each.name, each.told, each.left_alone)
        console.print(table)
        (goal, at), (anchor, there) = cues.GOAL, cues.ANCHOR
        console.print(f"goal {goal} at {at}; terms alone {anchor} at {there}\n")


def measuring() -> Figures:
    """Measure words by file and by criterion, and what narratives say."""
    weights = read_raising({})[0].weights
    if weights is None or not TRIAGE.is_dir():
        return Figures([])  # only where the public reports are
    files = [cues.by_file(weights, file) for file in (OPENFDA, BY_DRUG, FAERS, None)]
    each = [cues.by_criterion(weights, file, criterion) for file in (OPENFDA, FAERS) for criterion in Criterion]
    return Figures([*files, *each, *cues.vaers()])
