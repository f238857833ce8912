"""What seriousness cues find in public reports whose flags are hidden, on the half that nothing was tuned on."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import sqrt
from pathlib import Path

import msgspec

from shared.contracts.clinical import CaseContent, Reaction
from shared.contracts.code_lists import Criterion
from tests.reference.public_reports import TRIAGE, Report, held_out, rows
from triage.domain import cues
from triage.domain.weighing import Weights, weighed

GOAL = (0.90, 0.74)
ANCHOR = (0.864, 0.739)  # terms alone, cross-validated on ten thousand reports of openFDA


class Found(msgspec.Struct, frozen=True):
    """How many of the flagged, and of the unflagged, reports were told apart."""

    name: str
    hits: int
    flagged: int
    left: int
    unflagged: int

    @property
    def sensitivity(self) -> float:
        return self.hits / self.flagged

    @property
    def specificity(self) -> float:
        return self.left / self.unflagged

    @property
    def told(self) -> str:
        return f"{self.sensitivity:.3f} ({interval(self.hits, self.flagged)}) of {self.flagged}"

    @property
    def left_alone(self) -> str:
        return (
            f"{self.specificity:.3f} ({interval(self.left, self.unflagged)}) of {self.unflagged}"
            if self.unflagged
            else ""
        )

    def __str__(self) -> str:
        return f"{self.name}: sensitivity {self.told}; specificity {self.left_alone}"


@cache
def reports(folder: Path = TRIAGE) -> tuple[Report, ...]:
    """Return the half that nothing was tuned on."""
    return tuple(held_out(folder))


def suspected(content: CaseContent, weights: Weights) -> bool:
    return any(each.suspected for each in weighed(content, weights))


def by_file(weights: Weights, file: str | None = None) -> Found:
    """Weigh the reports of a file, or of all, at the threshold that is shipped."""
    of_file = [report for report in reports() if file in {None, report.file}]
    return counted(file or "all", ((suspected(report.content, weights), report.serious) for report in of_file))


def by_criterion(weights: Weights, file: str, criterion: Criterion) -> Found:
    """Weigh a file's reports of one criterion; those of others may be serious too, so there is no specificity."""
    of_file = [report for report in reports() if report.file == file and criterion in report.criteria]
    return counted(f"{file}, {criterion}", ((suspected(report.content, weights), True) for report in of_file))


VAERS_FLAGS: Mapping[Criterion, str] = {
    Criterion.DEATH: "DIED",
    Criterion.LIFE_THREATENING: "L_THREAT",
    Criterion.HOSPITALISATION: "HOSPDAYS",
}


def vaers() -> Iterator[Found]:
    """Read the narratives of the VAERS file, criterion by criterion; nothing of it was tuned on."""
    told = [(row, {cue.criterion for cue in cues.said_in(content)}) for row, content in narratives()]
    for criterion, flag in VAERS_FLAGS.items():
        yield counted(f"VAERS, {criterion}", ((criterion in said, bool(row[flag].strip())) for row, said in told))
    flags = [any(row[flag].strip() for flag in VAERS_FLAGS.values()) for row, _ in told]
    yield counted("VAERS, any of the three", ((bool(said), flag) for (_, said), flag in zip(told, flags, strict=True)))


def narratives(folder: Path = TRIAGE) -> Iterator[tuple[dict[str, str], CaseContent]]:
    for row in rows(folder / "vaers" / "serious_children_narratives.csv"):
        yield row, CaseContent(reactions=(Reaction(verbatim="event"),), narrative=row["SYMPTOM_TEXT"])


def counted(name: str, judged: Iterable[tuple[bool, bool]]) -> Found:
    told = list(judged)
    return Found(
        name,
        sum(found and flag for found, flag in told),
        sum(flag for _, flag in told),
        sum(not found and not flag for found, flag in told),
        sum(not flag for _, flag in told),
    )


def interval(hits: int, of: int) -> str:
    """The 95 % interval of a share (Wilson)."""
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{middle - half:.3f} to {middle + half:.3f}"
