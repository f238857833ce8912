"""A case in words: its versions, what was determined and why, what is owed, and what became of it (DOMAIN 9)."""

from collections.abc import Iterator
from typing import Any

Values = dict[str, Any]


def lines_of(found: Values) -> Iterator[str]:
    """Yield the case and its current version, line by line."""
    case, versions = found["case"], found["versions"]
    yield f"{case['id']}  {case['title']}"
    yield f"  sponsor {case['sponsor']}, {case['status']}, due {case.get('due') or '-'}, C.1.1 {_or_none(case)}"
    for version in versions:
        cause, number = version["cause"], version["snapshot"]["version"]
        yield f"  version {number}: {cause['kind']} by {cause['actor']} at {cause['at']}: {cause['reason']}"
        yield from (f"    {c['pointer']}: {c['old']} -> {c['new']}" for c in version["changes"])
    yield "  determinations of the current version"
    yield from (f"    {_determination(each)}" for each in versions[-1]["determinations"])
    yield "  decisions"
    yield from (f"    {words}" for words in _decisions(case["decisions"]))
    yield from (f"  blocked: {each['pointer']} {each['words']}" for each in case["blockers"])
    yield from (f"  owed: {each['destination']} by {each['due']}, {each['state']}" for each in case["obligations"])
    for approval in case["approvals"]:
        answer = approval.get("acknowledgement") or "no acknowledgement yet"
        yield f"  sent: {approval['destination']} version {approval['version']}, {approval['state']}: " + ", ".join(
            [approval.get("file_name") or "no file", answer, *approval["errors"]]
        )
    for one in case.get("signatures", ()):
        signature = one["signature"]
        said = f"{signature['full_name']} ({signature['signer']}), {signature['meaning']}, {signature['at']}"
        yield f"  signed: version {one['version']} by {said}, sha256 {signature['sha256']}"


def _decisions(decisions: list[Values]) -> Iterator[str]:
    for decision in decisions:
        if decision["kind"] != "none":
            due = f", due {decision['due']} ({decision['arithmetic']})" if decision.get("due") else ""
            yield f"{decision['destination']}: {decision['kind']} by {decision['rule_id']}{due}: {decision['reason']}"
    quiet = [f"{each['destination']} ({each['rule_id']})" for each in decisions if each["kind"] == "none"]
    if quiet:
        yield f"nothing to tell: {', '.join(quiet)}"


def _determination(each: Values) -> str:
    return f"{each['stage']} {each['subject'] or 'case'}: {each['value']} by {each['rule_id']}: {each['reason']}"


def _or_none(case: Values) -> str:
    return case.get("safety_report_id") or "not minted"
