"""What is wrong with a message becomes queries on its report, by element and place; none refuses it (DOMAIN 1)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from intake.domain.findings import QUERY_LIMIT, VALUE_LIMIT, Finding, Located, Path, queries
from shared.contracts.report_received import Query
from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.message import Unread

_STEP = re.compile(r"[^.\[\]]+")
_OF_MESSAGE = "messages[0]."


def queries_of(
    form: Mapping[str, Any], issues: Sequence[Issue], unread: Sequence[Unread], found: Sequence[Located]
) -> tuple[Query, ...]:
    """Return the queries on a message: what breaks a rule first, then what could not be read or held.

    ``form`` is the message in JSON, ``found`` what its mapping found; where a rule has spoken already, that stays out.
    """
    broken = [(_path(issue), _finding(issue)) for issue in issues]
    spoken_of = {path for path, _ in broken}
    located = [*broken, *(each for each in found if each[0] not in spoken_of or each[1].rule in _OWN)]
    whole = [Query(pointer="", rule=f.rule, words=f.words) for path, f in located if not path]
    placed = queries(form, [each for each in located if each[0]])
    return _limited([*whole, *_unread(unread), *placed])


def message_issues(issues: Sequence[Issue]) -> tuple[list[Issue], list[Issue]]:
    """Part what is wrong with the one message of a batch from what is wrong with the batch itself."""
    own = [issue for issue in issues if issue.location.startswith(_OF_MESSAGE)]
    return own, [issue for issue in issues if not issue.location.startswith(_OF_MESSAGE)]


def has_errors(issues: Sequence[Issue]) -> bool:
    """Say whether any of the issues is an error."""
    return any(issue.severity is Severity.ERROR for issue in issues)


# What no rule of the guide says.
_OWN = {"nullification", "amendment", "first-aware-by-partner", "first-aware-after-receipt", "route-code-only"}


def _path(issue: Issue) -> Path:
    """Return the place in the JSON form; () where it is a line, or the batch's."""
    if not issue.location.startswith(_OF_MESSAGE):
        return ()
    steps = _STEP.findall(issue.location.removeprefix(_OF_MESSAGE))
    return tuple(int(step) if step.isdecimal() else step for step in steps)


def _finding(issue: Issue) -> Finding:
    at = "" if issue.location.startswith(_OF_MESSAGE) else f"At {issue.location} of the message: "
    return Finding(issue.rule_id, f"{at}{issue.message} {issue.cure}")


def _unread(unread: Sequence[Unread]) -> Iterator[Query]:
    for each in unread:
        words = f"{each.place}, line {each.line} of the message: {each.reason}; it is kept as received."
        yield Query(pointer="", rule="unknown-content", words=words, value=each.content[:VALUE_LIMIT])


def _limited(found: Sequence[Query]) -> tuple[Query, ...]:
    if len(found) <= QUERY_LIMIT:
        return tuple(found)
    words = f"{len(found) - QUERY_LIMIT} further problems are not listed; see the message as received."
    return (*found[:QUERY_LIMIT], Query(pointer="", rule="more-problems", words=words))
