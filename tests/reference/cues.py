"""What seriousness cues find in public reports whose flags are hidden, but for those that they were tuned on."""

import ast
import csv
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from math import sqrt
from pathlib import Path
from typing import Any

import msgspec

from shared.contracts.clinical import CaseContent, Drug, Reaction
from shared.contracts.code_lists import Criterion, DrugRole
from triage.domain import cues
from triage.domain.cues import Weights

REFERENCE = Path(os.environ.get("DAYZERO_REFERENCE", Path(__file__).parents[3] / "shared" / "reference"))
TRIAGE = REFERENCE / "triage"
TUNED = 6  # tenths of the openFDA file: by the hash of the report's id
GOAL = (0.90, 0.74)
ANCHOR = (0.864, 0.739)  # terms alone, cross-validated on ten thousand reports
VAERS_FLAGS: Mapping[Criterion, Callable[[dict[str, str]], bool]] = {
    Criterion.DEATH: lambda row: row["DIED"] == "Y",
    Criterion.LIFE_THREATENING: lambda row: row["L_THREAT"] == "Y",
    Criterion.HOSPITALISATION: lambda row: bool(row["HOSPDAYS"].strip()),
}


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

    def __str__(self) -> str:
        told = f"{self.sensitivity:.3f} ({_interval(self.hits, self.flagged)}) of {self.flagged}"
        left = f"{self.specificity:.3f} ({_interval(self.left, self.unflagged)}) of {self.unflagged}"
        return f"{self.name}: sensitivity {told}; specificity {left}"


def openfda(folder: Path, weights: Weights, threshold: float | None = None) -> Found:
    """Weigh the held-out reports of the openFDA file."""
    scores = [(cues.weighed(content, weights).score, serious) for content, serious in held_out(folder)]
    line = weights.threshold if threshold is None else threshold
    return _counted("openFDA, held out", [(score > line, serious) for score, serious in scores])


def at_specificity(folder: Path, weights: Weights, specificity: float) -> Found:
    """Weigh them at the threshold that leaves this share of the others alone."""
    quiet = sorted(cues.weighed(content, weights).score for content, serious in held_out(folder) if not serious)
    return openfda(folder, weights, quiet[round(specificity * len(quiet))])


def vaers(folder: Path) -> Iterator[Found]:
    """Read the narratives of the VAERS file, criterion by criterion; nothing of it was tuned on."""
    told = [(row, {cue.criterion for cue in cues.said_in(content)}) for row, content in narratives(folder)]
    for criterion, flag in VAERS_FLAGS.items():
        yield _counted(f"VAERS, {criterion}", [(criterion in said, flag(row)) for row, said in told])


def held_out(folder: Path) -> Iterator[tuple[CaseContent, bool]]:
    for row in _rows(folder / "openfda" / "drug_event_reports_dev.csv"):
        if int(hashlib.sha256(row["Safety Report ID"].encode()).hexdigest(), 16) % 10 >= TUNED:
            yield openfda_content(row), row["Serious"] == "1"


def openfda_content(row: dict[str, str]) -> CaseContent:
    named = [term.strip() for term in row["Reactions"].split(";") if term.strip()]
    treated = [each.get("drug_indication") for each in ast.literal_eval(row["Drug Details"] or "[]")]
    return CaseContent(
        reactions=tuple(Reaction(verbatim=term) for term in named),
        drugs=tuple(Drug(name="drug", role=DrugRole.SUSPECT, indication=each) for each in treated),
    )


def narratives(folder: Path) -> Iterator[tuple[dict[str, str], CaseContent]]:
    for row in _rows(folder / "vaers" / "serious_children_narratives.csv"):
        yield row, CaseContent(reactions=(Reaction(verbatim="event"),), narrative=row["SYMPTOM_TEXT"])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        yield from csv.DictReader(file)


def _counted(name: str, judged: list[tuple[bool, bool]]) -> Found:
    return Found(
        name,
        sum(found and flag for found, flag in judged),
        sum(flag for _, flag in judged),
        sum(not found and not flag for found, flag in judged),
        sum(not flag for _, flag in judged),
    )


def _interval(hits: int, of: int) -> str:
    """The 95 % interval of a share (Wilson)."""
    z, share = 1.96, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{middle - half:.3f} to {middle + half:.3f}"
