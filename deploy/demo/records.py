"""What the demonstration shows of its decisions: verdict, rule, paragraph, facts, clocks and near misses, as recorded.

One case that three authorities are told of, one that turned serious later, and one whose follow-up came late.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from deploy.demo.staff import Staff

Case = Mapping[str, Any]
SHOWN = {
    "DC-0002": "Told to three authorities",
    "DC-0027": "Upgraded by a follow-up",
    "DC-0003": "Followed up late",
    "DC-0040": "Nullified",
}
_MOST = 3
_CORRECTED = {"amendment": "amended", "nullification": "nullified"}
_ASKED = ("seriousness", "expectedness", "causality", "origin", "product", "application", "event")


def shown(cases: Mapping[str, Case], staff: Staff) -> Iterator[str]:
    """Yield the records of the cases that are shown, as the review interface gives them; by the sender's own ids."""
    for case in cases.values():
        named = {each["identifier"] for each in case["snapshot"]["content"].get("other_case_ids", ())}
        for title in (SHOWN[name] for name in SHOWN if name in named):
            path = f"/api/cases/{case['id']}/versions"
            yield from records(title, case, [staff.call("GET", f"{path}/{v['number']}").body for v in case["versions"]])


def records(title: str, case: Case, history: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the record of a case: each version, what was decided where, and what is owed."""
    yield f"{title}: {case['title']}"
    for version in history:
        cause = version["cause"]
        yield f"  version {version['snapshot']['version']}, {cause['kind'].replace('_', ' ')}: {cause['reason']}"
        for decision in version["decisions"]:
            if decision["kind"] != "none":
                yield from _decision(decision)
        quiet = [each["destination"] for each in version["decisions"] if each["kind"] == "none"]
        yield f"    nothing to tell: {', '.join(quiet)}"
    for given in case["approvals"]:
        if correction := given.get("correction"):
            words = f"told {given['destination']} that it is {_CORRECTED[correction['kind']]}"
            yield f"  {words} (C.1.11), {given['state']}: {correction['reason']}"
    for owed in case["obligations"]:
        yield f"  owed to {owed['destination']} since version {owed['version']}: {owed['arithmetic']}, {owed['state']}"


def _decision(decision: Mapping[str, Any]) -> Iterator[str]:
    yield f"    {decision['destination']}: {decision['kind']}, {decision['rule_id']} ({decision['paragraph']})"
    yield f"      {decision['reason']}"
    facts = ", ".join(f"{name} {decision['facts'][name]}" for name in _ASKED if decision["facts"].get(name))
    yield f"      facts: {facts}"
    for clock in decision.get("clocks", ()):
        yield f"      clock of {clock['rule_id']}: {clock['arithmetic']}"
    near = [f"{t['rule_id']} (all but {t['missed'][0]})" for t in decision["tried"] if len(t["missed"]) == 1]
    if near:
        more = f" and {len(near) - _MOST} more" * (len(near) > _MOST)
        yield f"      near misses: {', '.join(near[:_MOST])}{more}"
