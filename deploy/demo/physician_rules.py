"""What the stand-in physician does with a case, from its facts alone: resolves what the report itself resolves.

What a source did not say it does not say either (DOMAIN 4): such a case is returned, or left, with the reason. Only a
run that asks for it (``chooses``) has a person's choice played as well, and then every choice says that it is one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
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


class Edit(msgspec.Struct, frozen=True):
    """A field, its new value, and what that rests on."""

    pointer: str
    value: Any
    reason: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The next thing to do, and why. Only an amendment has edits."""

    act: Act
    reason: str
    edits: tuple[Edit, ...] = ()


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


def next_step(case: Case, terms: Terms, *, chooses: bool = False) -> Step:
    """Return what to do with a case as the review interface shows it; ``chooses`` plays a person who decides."""
    if case["status"] in _REST:
        return Step(act=Act.LEAVE, reason=_REST[case["status"]])
    if rejection := _rejection(case):
        return _corrected(case, rejection)
    undetermined = [decision for decision in case["decisions"] if decision["kind"] == "undetermined"]
    if undetermined:
        return _undetermined(case, undetermined[0], chooses)
    if any(decision["kind"] == "expedited" for decision in case["decisions"]) and case["blockers"]:
        return _unblocked(case, terms, chooses)
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
        return _amended([Edit("/patient/death_date", died[1], reason)])
    return Step(act=Act.RETURN, reason=f"rejected, and the report does not say what is asked for: {rejection}")


def _undetermined(case: Case, decision: Mapping[str, Any], chooses: bool) -> Step:
    facts = decision["facts"]
    if facts.get("product") == "unmatched":
        return Step(act=Act.LEAVE, reason=_NO_QUESTION)
    open_fact = "origin" if facts.get("seriousness") == "non_serious" else "seriousness"
    if chooses and open_fact == "origin" and not _content(case).get("reporters"):
        return _amended([_country_chosen(case, "/reporters/0")])
    return Step(act=Act.RETURN, reason=_QUESTIONS[open_fact])


def _unblocked(case: Case, terms: Terms, chooses: bool) -> Step:
    """Resolve everything that can be; where nothing can, ask for the first of what is missing."""
    edits = [edit for blocker in case["blockers"] if (edit := _resolved(case, blocker, terms, chooses))]
    if edits:
        return _amended(edits)
    words = case["blockers"][0]["words"]
    return Step(act=Act.RETURN, reason=f"cannot be told from the report, please ask: {words}")


def _resolved(case: Case, blocker: Mapping[str, str], terms: Terms, chooses: bool) -> Edit | None:
    rule, pointer = blocker["rule_id"], blocker["pointer"]
    read, choose = _CURES.get(rule), _CHOICES.get(rule)
    edit = read(case, pointer, terms) if read else None
    return edit or (choose(case, pointer) if chooses and choose else None)


def _amended(edits: Sequence[Edit]) -> Step:
    reasons = dict.fromkeys(edit.reason for edit in edits)
    return Step(act=Act.AMEND, reason="; ".join(reasons), edits=tuple(edits))


def _coded(case: Case, pointer: str, terms: Terms) -> Edit | None:
    """Code by the translation, else by the one term that the narrative uses for it."""
    reaction, content = _at(case, pointer), _content(case)
    alone = len(content["reactions"]) == 1  # of several events the narrative may mean another
    for source, words in (
        ("translation", reaction.get("translation")),
        ("narrative", terms.only_one_in(content.get("narrative")) if alone else None),
    ):
        if code := terms.code(words):
            return Edit(pointer, {"llt_code": code}, f"the {source} says {words!r}")
    return None


def _criterion(case: Case, pointer: str, _terms: Terms) -> Edit | None:
    """Choose the criterion that outcome or narrative name."""
    if _at(case, pointer).get("outcome") == "fatal":
        return Edit(pointer, ["results_in_death"], "the outcome of this event is fatal")
    narrative = (_content(case).get("narrative") or "").casefold()
    for pattern, criterion in _CRITERIA.items():
        if found := re.search(pattern, narrative):
            return Edit(pointer, [criterion], f"the narrative says {found[0]!r}")
    return None


def _role(_case: Case, pointer: str, _terms: Terms) -> Edit:
    reason = "a spontaneous report implies suspicion; nobody said that this drug is not suspected"
    return Edit(pointer, "suspect", reason)


def _criterion_chosen(_case: Case, pointer: str) -> Edit:
    return Edit(pointer, ["other_medically_important"], "stand-in's choice for a test: no criterion was stated")


def _country_chosen(_case: Case, pointer: str) -> Edit:
    return Edit(pointer, {"country": "US"}, "stand-in's choice for a test: no country was stated")


def _content(case: Case) -> Mapping[str, Any]:
    content: Mapping[str, Any] = case["snapshot"]["content"]
    return content


def _at(case: Case, pointer: str) -> Mapping[str, Any]:
    """Return the reaction that a pointer such as /reactions/0/coding is in."""
    reaction: Mapping[str, Any] = _content(case)["reactions"][int(pointer.split("/")[2])]
    return reaction


_CURES: dict[str, Callable[[Case, str, Terms], Edit | None]] = {
    "E.i.2.1b-uncoded": _coded,
    "serious_criterion_not_stated": _criterion,
    "G.k.1-not-stated": _role,
}
_CHOICES: dict[str, Callable[[Case, str], Edit]] = {
    "serious_criterion_not_stated": _criterion_chosen,
    "C.2.r-no-reporter": _country_chosen,
}
