"""Reports of others come through the same door as every report, and each of them is accounted for (DOMAIN 1)."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from deploy.cli import wire
from deploy.cli.failure import CommandError
from deploy.cli.openfda import body_of

ACCEPTED = 202


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A report that intake refused, by the sender's own id, with its words."""

    case_id: str
    status: int
    words: str


class Imported(msgspec.Struct, kw_only=True):
    """What became of a file: ``read`` is the sum of accepted, repeats and refused."""

    read: int = 0
    accepted: int = 0
    repeats: int = 0
    queries: int = 0
    refused: list[Refused] = []
    left_out: Counter[str] = msgspec.field(default_factory=Counter)
    no_place: Counter[str] = msgspec.field(default_factory=Counter)

    @property
    def reconciles(self) -> bool:
        """Say whether every report is accounted for."""
        return self.read == self.accepted + self.repeats + len(self.refused)


def results_of(file: Path) -> list[Any]:
    """Read ``{"results": [...]}``. Raises CommandError for another form, OSError for no file."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CommandError(f"{file} is no JSON: {error}") from error
    results = content.get("results") if isinstance(content, dict) else None
    if not isinstance(results, list):
        raise CommandError(f"{file} has no list 'results'; give the answer of openFDA's drug/event API as it came")
    return results


def post_all(results: list[Any], sponsor: str, url: str, told: Callable[[], None]) -> Imported:
    """Post each report and count what became of it; ``told`` is called after each. Raises CommandError."""
    counts = Imported()
    for raw in results:
        mapped = body_of(raw, sponsor)
        counts.read += 1
        counts.left_out.update(mapped.left_out)
        counts.no_place.update(mapped.no_place)
        _count(counts, wire.call("POST", f"{url}/v1/reports", mapped.body), mapped.body)
        told()
    return counts


def as_json(counts: Imported) -> dict[str, Any]:
    """Return the counts for a script."""
    return {**msgspec.to_builtins(counts), "reconciles": counts.reconciles}


def lines_of(counts: Imported) -> Iterator[str]:
    """Yield the counts for a reader."""
    yield (
        f"{counts.read} read = {counts.accepted} accepted + {counts.repeats} repeats + {len(counts.refused)} refused"
        f"; {counts.queries} queries to the sender"
    )
    for refused in counts.refused:
        yield f"refused {refused.case_id}: {refused.words}"
    for title, found in (("codes left out", counts.left_out), ("fields without a place", counts.no_place)):
        if found:
            yield f"{title}: " + ", ".join(f"{name} ({count})" for name, count in sorted(found.items()))


def _count(counts: Imported, answer: wire.Answer, body: dict[str, Any]) -> None:
    if answer.status != ACCEPTED:
        case_id = str(body.get("sender", {}).get("case_id", "without id"))
        counts.refused.append(Refused(case_id=case_id, status=answer.status, words=answer.words))
        return
    if answer.body.get("repeat"):
        counts.repeats += 1
        return
    counts.accepted += 1
    counts.queries += len(answer.body.get("queries", ()))
