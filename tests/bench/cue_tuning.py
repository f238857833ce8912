"""``python -m tests.bench.cue_tuning``: weigh the words of ``triage/reference/cues.yaml`` anew, on the half to tune on.

A report is serious if any of its events is: each event's chance is logistic in its words and in the diseases treated,
and the report's is that of one event at least. A weight starts at what its grade says and goes from there only as far
as the data drag it, so that a grave word that hardly occurs stays grave. Words are written by hand, with their grades;
of indications, those are taken that several reports have and that speak for a serious event: that a disease's reports
come of a harmless programme says nothing of the next. The threshold is where, by turns, a fifth of the half judged by
the other four has the specificity wanted.
"""

import json
import math
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import yaml

from tests.reference.public_reports import Report, tuning
from triage.domain.weighing import Weights, finder, one_spelling, weighed
from triage.reference.files import CUES_FILE

GRADES = {1: -0.8, 2: 0.2, 3: 1.2}
PULL = 3.0  # back to the grade
STEPS = 250
PACE = 0.08
FOLDS = 5
SPECIFICITY = 0.75  # a little more than the goal, for the half is not the whole
OFTEN = 4  # reports of an indication's word
STEM = 7  # letters of it
NO_DISEASE = {
    *("age", "drug", "event", "her", "label", "low", "non", "off", "post"),
    *("related", "test", "type", "upper", "use", "vera", "versus"),
}
SMALL = 0.05
BASE = 0
HEAD = """\
# Words of events and of indications with what each adds to the suspicion that an event is serious (log-odds); they only
# ask a person to look. Words of events were chosen, and graded, by medical judgement: 3 points to a serious event by
# itself, 2 leans that way, 1 is ordinary; the second number is the weight. Weights, the words of indications and the
# threshold come of `python -m tests.bench.cue_tuning` and public reports of the US government; tests/bench/PROFILE.md
# has the figures. `stem*`, `*ending`, or whole words in any order; British and American spelling are one.
"""

Rows = list[tuple[list[int], list[list[int]], bool]]


def main() -> None:
    """Tune, and write the file."""
    known = msgspec.convert(yaml.safe_load(CUES_FILE.read_text(encoding="utf-8")), Weights, strict=False)
    reports = tuning()
    grades = {word: grade for words in known.events.values() for word, (grade, _) in words.items()}
    indications = _often(reports)
    names = ["", *grades, *(f"treated: {word}" for word in indications)]
    start = [-0.5, *(GRADES[grade] for grade in grades.values()), *(0.0 for _ in indications)]
    data = _rows(reports, list(grades), indications, {name: i for i, name in enumerate(names)})
    scores: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        part = fit([row for i, row in enumerate(data) if i % FOLDS != fold], start, 1 + len(grades))
        ours = _written(known, names, part, -math.inf)
        scores += [(score(report, ours), report.serious) for i, report in enumerate(reports) if i % FOLDS == fold]
    quiet = sorted(value for value, serious in scores if not serious)
    threshold = round(quiet[round(SPECIFICITY * len(quiet))] + 0.005, 2)
    _write(_written(known, names, fit(data, start, 1 + len(grades)), threshold), CUES_FILE)


def score(report: Report, weights: Weights) -> float:
    """Return the most that any event of a report comes to, of those that anything speaks for."""
    return max((each.score for each in weighed(report.content, weights) if each.words), default=-math.inf)


def fit(rows: Rows, start: Sequence[float], never_below_zero: int) -> list[float]:
    """Go down the slope of the likelihood and of the pull towards the start (Adam); indications come last."""
    at, first, second = list(start), [0.0] * len(start), [0.0] * len(start)
    for step in range(1, STEPS + 1):
        slope = _slope(rows, at)
        for i, now in enumerate(at):
            down = slope[i] + (PULL * (now - start[i]) if i != BASE else 0.0)
            first[i] = 0.9 * first[i] + 0.1 * down
            second[i] = 0.999 * second[i] + 0.001 * down * down
            size = math.sqrt(second[i] / (1 - 0.999**step)) + 1e-8
            at[i] -= PACE * first[i] / (1 - 0.9**step) / size
            if i >= never_below_zero:
                at[i] = max(at[i], 0.0)
    return at


def _slope(rows: Rows, at: Sequence[float]) -> list[float]:
    slope = [0.0] * len(at)
    for treated, events, serious in rows:
        base = at[BASE] + sum(at[i] for i in treated)
        chances = [1 / (1 + math.exp(-base - sum(at[i] for i in event))) for event in events]
        none = math.prod(1 - chance for chance in chances)
        share = -none / max(1 - none, 1e-9) if serious else 1.0
        for event, chance in zip(events, chances, strict=True):
            for i in event:
                slope[i] += share * chance
        for i in (BASE, *treated):
            slope[i] += share * sum(chances)
    return slope


def _often(reports: Iterable[Report]) -> list[str]:
    """Return the words of indications that several reports have, the long ones as stems."""
    counted = Counter(
        word for report in reports for word in {w for d in report.content.drugs for w in _stems(d.indication)}
    )
    return sorted(word for word, number in counted.items() if number >= OFTEN)


def _stems(indication: str | None) -> set[str]:
    words = map(one_spelling, re.findall(r"[^\W\d_]{3,}", indication or ""))
    unknown = "unknown" in (indication or "").lower()
    return set() if unknown else {f"{w[:STEM]}*" if len(w) > STEM else w for w in words if w not in NO_DISEASE}


def _rows(reports: Iterable[Report], words: list[str], indications: list[str], place: dict[str, int]) -> Rows:
    in_event, in_indication = finder(words), finder(indications)
    rows = []
    for report in reports:
        terms = {reaction.verbatim or "" for reaction in report.content.reactions}
        treated = {word for drug in report.content.drugs for word in in_indication(drug.indication or "")}
        events = [[place[word] for word in in_event(term)] for term in sorted(terms)]
        rows.append(([place[f"treated: {word}"] for word in sorted(treated)], events, report.serious))
    return rows


def _written(known: Weights, names: Sequence[str], at: Sequence[float], threshold: float) -> Weights:
    found = {name: round(weight, 2) for name, weight in zip(names, at, strict=True)}
    treated = {name.removeprefix("treated: "): x for name, x in found.items() if name.startswith("treated: ")}
    return Weights(
        version=known.version,
        base=found[""],
        threshold=threshold,
        events={
            to: {word: (grade, found[word]) for word, (grade, _) in words.items()} for to, words in known.events.items()
        },
        indications={word: weight for word, weight in treated.items() if weight >= SMALL},
    )


def _write(weights: Weights, file: Path) -> None:
    lines = [
        f'{HEAD}version: "{weights.version}"',
        f"base: {weights.base}",
        f"threshold: {weights.threshold}",
        "events:",
    ]
    for to, words in weights.events.items():
        lines += [
            f"  {to}:",
            *_block((f"{_key(word)}: [{grade}, {weight}]" for word, (grade, weight) in words.items()), 4),
        ]
    lines += ["indications:", *_block((f"{_key(word)}: {weight}" for word, weight in weights.indications.items()), 2)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _block(entries: Iterable[str], indent: int) -> list[str]:
    glued = "{" + ", ".join(entry.replace(" ", "\u00a0") for entry in entries) + "}"
    filled = textwrap.wrap(
        glued, 118, initial_indent=" " * indent, subsequent_indent=" " * (indent + 1), break_long_words=False
    )
    return [line.replace("\u00a0", " ") for line in filled]


def _key(word: str) -> str:
    return word if re.fullmatch(r"[a-z][a-z* ]*", word) and word not in {"no", "off", "on", "yes"} else json.dumps(word)


if __name__ == "__main__":
    main()
