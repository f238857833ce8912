"""Reports of others come through the same door as every report, and each of them is accounted for (DOMAIN 1)."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import msgspec

from deploy.cli import wire
from deploy.cli.mapped import Mapped
from deploy.cli.partner import Partner

ACCEPTED = 202
UNAVAILABLE = 503
_TRIES = 60
_LONGEST_WAIT = 10  # seconds


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


def post_all(records: Iterable[Mapped], partner: Partner, counts: Imported, told: Callable[[], None]) -> Imported:
    """Post each report and count what became of it; ``told`` is called after each.

    Raises CommandError where nothing answers; ``counts`` has what was done until then, and to begin again does no harm.
    """
    for mapped in records:
        answer = posted(partial(partner.call, "POST", "/v1/reports", mapped.body))
        counts.read += 1
        counts.left_out.update(mapped.left_out)
        counts.no_place.update(mapped.no_place)
        _count(counts, answer, mapped.body)
        told()
    return counts


def posted(post: Callable[[], wire.Answer]) -> wire.Answer:
    """Post a body; while intake cannot keep it (503), wait as long as it asks and post it again."""
    answer = post()
    for _ in range(_TRIES):
        if answer.status != UNAVAILABLE:
            break
        stated = answer.headers.get("retry-after", "")
        time.sleep(min(int(stated), _LONGEST_WAIT) if stated.isdecimal() else 1)
        answer = post()
    return answer


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


def sender_case(body: object) -> tuple[str, str] | None:
    """Return the sender and the sender's case id, by which a follow-up finds its case."""
    sender = body.get("sender") if isinstance(body, dict) else None
    if not isinstance(sender, dict) or not sender.get("case_id"):
        return None
    return str(sender.get("organisation")), str(sender["case_id"])


def _count(counts: Imported, answer: wire.Answer, body: object) -> None:
    if answer.status != ACCEPTED:
        case_id = (sender_case(body) or ("", "without id"))[1]
        counts.refused.append(Refused(case_id=case_id, status=answer.status, words=answer.words))
        return
    if answer.body.get("repeat"):
        counts.repeats += 1
        return
    counts.accepted += 1
    counts.queries += len(answer.body.get("queries", ()))
