"""What the stand-in physician does with a case, from its facts alone: resolves what the report itself resolves.

What a source did not say it does not say either (DOMAIN 4): such a case is returned, or left, with the reason.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from deploy.demo.terms import Terms

Case = Mapping[str, Any]


class Act(StrEnum):
    """What can be done with a case."""

    AMEND = "amend"
    APPROVE = "approve"
    RETURN = "return"
    LEAVE = "leave"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The next thing to do, and why. Only an amendment has a pointer and a value."""

    act: Act
    reason: str
    pointer: str = ""
    value: Any = None


_REST = {
    "approved": "approved; the destinations have it",
    "closed": "nothing is owed any more",
    "returned": "waits for those who enter data",
    "awaiting_minimum_criteria": "not a valid report yet: the sender has been asked for what is missing",
}
_CRITERIA = {
    r"intensive care|life.threatening": "life_threatening",
    r"admitted to (the )?hospital|hospitali[sz]ed|kept in hospital": "hospitalisation",
}
_DIED = re.compile(r"\bdied on (\d{4}-\d{2}-\d{2})\b")
_NO_QUESTION = "not in the registry of a sponsor; whoever keeps it must say whose drug this is"
_QUESTIONS = {
    "seriousness": "the source did not say whether it was serious; please ask",
    "origin": "it is not known where the event occurred; please ask",
}


def next_step(case: Case, terms: Terms) -> Step:
    """Return what to do with a case as the review interface shows it."""
    if case["status"] in _REST:
        return Step(act=Act.LEAVE, reason=_REST[case["status"]])
    if rejection := _rejection(case):
        return _corrected(case, rejection)
    undetermined = [decision for decision in case["decisions"] if decision["kind"] == "undetermined"]
    if undetermined:
        return _undetermined(undetermined[0])
    if any(decision["kind"] == "expedited" for decision in case["decisions"]) and case["blockers"]:
        return _unblocked(case, case["blockers"][0], terms)
    return Step(act=Act.APPROVE, reason="determinations checked against the report")


def _rejection(case: Case) -> str:
    """Return what a destination said when it rejected the version as it is now; amended since, it says nothing."""
    number = case["snapshot"]["version"]
    rejected = (a for a in case["approvals"] if a["version"] == number and a["state"] == "rejected")
    return "; ".join(error for approval in rejected for error in approval["errors"])


def _corrected(case: Case, rejection: str) -> Step:
    died = _DIED.search(_content(case).get("narrative") or "")
    if "D.9.1" in rejection and died:
        reason = "rejected for want of D.9.1; the narrative gives the date of death"
        return Step(act=Act.AMEND, pointer="/patient/death_date", value=died[1], reason=reason)
    return Step(act=Act.RETURN, reason=f"rejected, and the report does not say what is asked for: {rejection}")


def _undetermined(decision: Mapping[str, Any]) -> Step:
    facts = decision["facts"]
    if facts.get("product") == "unmatched":
        return Step(act=Act.LEAVE, reason=_NO_QUESTION)
    open_fact = "origin" if facts.get("seriousness") == "non_serious" else "seriousness"
    return Step(act=Act.RETURN, reason=_QUESTIONS[open_fact])


def _unblocked(case: Case, blocker: Mapping[str, str], terms: Terms) -> Step:
    resolve = _CURES.get(blocker["rule_id"])
    step = resolve(case, blocker["pointer"], terms) if resolve else None
    return step or Step(act=Act.RETURN, reason=f"cannot be told from the report, please ask: {blocker['words']}")


def _coded(case: Case, pointer: str, terms: Terms) -> Step | None:
    """Code by the translation, else by the one term that the narrative uses for it."""
    reaction, content = _at(case, pointer), _content(case)
    alone = len(content["reactions"]) == 1  # of several events the narrative may mean another
    for source, words in (
        ("translation", reaction.get("translation")),
        ("narrative", terms.only_one_in(content.get("narrative")) if alone else None),
    ):
        if code := terms.code(words):
            reason = f"the {source} says {words!r}"
            return Step(act=Act.AMEND, pointer=pointer, value={"llt_code": code}, reason=reason)
    return None


def _criterion(case: Case, pointer: str, _terms: Terms) -> Step | None:
    """Choose the criterion that outcome or narrative name."""
    if _at(case, pointer).get("outcome") == "fatal":
        value = ["results_in_death"]
        return Step(act=Act.AMEND, pointer=pointer, value=value, reason="the outcome of this event is fatal")
    narrative = (_content(case).get("narrative") or "").casefold()
    for pattern, criterion in _CRITERIA.items():
        if found := re.search(pattern, narrative):
            reason = f"the narrative says {found[0]!r}"
            return Step(act=Act.AMEND, pointer=pointer, value=[criterion], reason=reason)
    return None


def _role(_case: Case, pointer: str, _terms: Terms) -> Step:
    reason = "a spontaneous report implies suspicion; nobody said that this drug is not suspected"
    return Step(act=Act.AMEND, pointer=pointer, value="suspect", reason=reason)


def _content(case: Case) -> Mapping[str, Any]:
    content: Mapping[str, Any] = case["snapshot"]["content"]
    return content


def _at(case: Case, pointer: str) -> Mapping[str, Any]:
    """Return the reaction that a pointer such as /reactions/0/coding is in."""
    reaction: Mapping[str, Any] = _content(case)["reactions"][int(pointer.split("/")[2])]
    return reaction


_CURES: dict[str, Callable[[Case, str, Terms], Step | None]] = {
    "E.i.2.1b-uncoded": _coded,
    "serious_criterion_not_stated": _criterion,
    "G.k.1-not-stated": _role,
}
