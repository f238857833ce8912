"""Every report of a file is accounted for: what became of it at each destination, and what first stood in its way.

Each count adds up to the cases of the run, so that none can be missing unseen (DOMAIN 21).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.table import Table

Case = Mapping[str, Any]
_END = {
    "fulfilled": "built, sent and accepted",
    "rejected": "built, sent and rejected",
    "built": "built, not sent",
    "sent": "sent, not answered",
}


def kinds(cases: Iterable[Case], destination: str) -> Counter[str]:
    """Count the decisions of one destination by kind."""
    return Counter(_decision(case, destination)["kind"] for case in cases)


def fates(cases: Iterable[Case], destination: str) -> Counter[str]:
    """Count the cases by what became of them at one destination."""
    return Counter(fate(case, destination) for case in cases)


def fate(case: Case, destination: str) -> str:
    """Say what became of a case at one destination, by the decision's rule."""
    decision = _decision(case, destination)
    words = f"{decision['kind']} ({decision['rule_id']})"
    if decision["kind"] == "undetermined" and not case["current"]["valid"]:
        return f"{words}: {_missing(case)}"
    if decision["kind"] != "expedited":
        return words
    return f"{words}: {_end(case, destination)}"


def first_blocks(blocked: Mapping[str, Iterable[str]], cases: Mapping[str, Case]) -> Counter[str]:
    """Count, of the cases with anything to send, those that each reason kept from being built at first sight."""
    owed = (case_id for case_id, case in cases.items() if any(d["kind"] == "expedited" for d in case["decisions"]))
    return Counter(rule for case_id in owed for rule in set(blocked[case_id]))


def tables(cases: Mapping[str, Case], blocked: Mapping[str, Iterable[str]]) -> Iterator[Table]:
    """Yield the account: per destination, kinds and fates with their sums; then the reasons that blocked at first."""
    destinations = list(dict.fromkeys(d["destination"] for case in cases.values() for d in case["decisions"]))
    for destination in destinations:
        yield _table(f"{destination}: decisions", kinds(cases.values(), destination))
        yield _table(f"{destination}: what became of them", fates(cases.values(), destination))
    yield _table("Cases to be sent, by what blocked them at first sight", first_blocks(blocked, cases), total=False)


def _end(case: Case, destination: str) -> str:
    """Say how far the last attempt came; without one, what blocks."""
    attempts = [approval for approval in case["approvals"] if approval["destination"] == destination]
    if attempts and attempts[-1]["state"] == "blocked":
        return f"blocked at the build: {'; '.join(attempts[-1]['errors'])}"
    if attempts:
        return _END.get(attempts[-1]["state"], str(attempts[-1]["state"]))
    return f"blocked: {', '.join(sorted({blocker['rule_id'] for blocker in case['blockers']})) or case['note']}"


def _missing(case: Case) -> str:
    validity = next(found for found in case["current"]["determinations"] if found["stage"] == "validity")
    return f"no {', no '.join(validity['facts']['missing'])}"


def _decision(case: Case, destination: str) -> Mapping[str, Any]:
    made: Mapping[str, Any] = next(d for d in case["decisions"] if d["destination"] == destination)
    return made


def _table(title: str, counted: Counter[str], *, total: bool = True) -> Table:
    table = Table(title=title, title_justify="left", show_footer=total)
    table.add_column("", footer="sum", overflow="fold")
    table.add_column("cases", justify="right", footer=str(counted.total()))
    for words, count in sorted(counted.items(), key=lambda each: (-each[1], each[0])):
        table.add_row(words, str(count))
    return table
