"""Field problems become queries on the report, with pointer, rule and words; they never refuse it (DOMAIN 1)."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from intake.domain.text import legal
from shared.contracts.report_received import Query

VALUE_LIMIT = 500
POINTER_LIMIT = 500
QUERY_LIMIT = 500  # a body of a hundred thousand unknown names must not outgrow the document that keeps it

Path = tuple[str | int, ...]
T = TypeVar("T")


class Finding(msgspec.Struct, frozen=True):
    """What is wrong with one value: the rule, and words that carry the cure."""

    rule: str
    words: str


# What a reader of a leaf value returns: the value for the structured form, if one is left, and what was found.
Read = tuple[T | None, tuple[Finding, ...]]
Located = tuple[Path, Finding]


def refused(rule: str, words: str) -> Read[Any]:
    """Leave a value out of the structured form: the received bytes still have it."""
    return None, (Finding(rule, words),)


def pointer(path: Path) -> str:
    """Return the RFC 6901 pointer of a path; where a name in it is beyond all measure, that of its parent."""
    text = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return legal(text) if len(text) <= POINTER_LIMIT else pointer(path[:-1])


def at(body: Any, path: Path) -> Any:
    """Return what the body has at the path; None where it has nothing."""
    for step in path:
        try:
            body = body[step]
        except (KeyError, IndexError, TypeError):
            return None
    return body


def queries(body: Any, located: Sequence[Located]) -> tuple[Query, ...]:
    """Return the findings as queries in the order of their pointers, the count of the rest behind the 500th."""
    ordered = sorted((_query(body, path, finding) for path, finding in located), key=lambda q: (q.pointer, q.rule))
    if len(ordered) <= QUERY_LIMIT:
        return tuple(ordered)
    words = f"{len(ordered) - QUERY_LIMIT} further problems are not listed; see the body as received."
    return (*ordered[:QUERY_LIMIT], Query(pointer="", rule="more-problems", words=words))


def _query(body: Any, path: Path, finding: Finding) -> Query:
    value = at(body, path)
    shown = None if value is None else legal(json.dumps(value, ensure_ascii=False))[:VALUE_LIMIT]
    return Query(pointer=pointer(path), rule=finding.rule, words=finding.words, value=shown)
