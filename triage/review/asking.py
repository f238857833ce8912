"""Whom to ask, for what, and since when nobody has: a task in words (GVP Module VI, VI.B.3)."""

from collections.abc import Iterator
from datetime import date

import msgspec

from shared.contracts.clinical import CaseContent, Reporter
from triage.domain.case import Case
from triage.domain.inquiry import Means, Outcome, Task
from triage.review.presenting import Due, words

_CHOOSE = ("", "Choose")  # nobody has phoned because that stands first
_NOBODY = "not at all: there was nobody to ask"
MEANS = [_CHOOSE, *((each.value, _NOBODY if each is Means.NONE else words(each)) for each in Means)]
OUTCOMES = [_CHOOSE, *((each.value, words(each)) for each in Outcome)]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A task in words."""

    missing: str
    asked: str
    chip: Due
    task: Task


def shown(case: Case, today: date) -> Shown | None:
    """Return the task of a case in words, None where it has none."""
    task = case.task
    if task is None:
        return None
    is_due = task.ask_on is not None and task.ask_on <= today
    asked = f"since {task.ask_on}; {_asked(task)}" if is_due else _asked(task)
    return Shown(missing=", ".join(task.missing), asked=asked, chip=_chip(task.ask_on, is_due=is_due), task=task)


def whom(content: CaseContent) -> list[str]:
    """Return whom there is to ask: reporters, the primary source first, and who has the case by an own number."""
    reporters = sorted(content.reporters, key=lambda each: not each.primary)
    theirs = [f"{each.source}, by its number {each.identifier}" for each in content.other_case_ids]
    return [*map(_reporter, reporters), *theirs]


def _asked(task: Task) -> str:
    if task.last is None:
        return "never asked"
    times = {0: "nobody asked", 1: "asked once"}.get(task.asked, f"asked {task.asked} times")
    return f"{times}, last entry {task.last.at.date()} by {task.last.actor}"


def _chip(ask_on: date | None, *, is_due: bool) -> Due:
    """No colour of a due date: no law counts these days."""
    if ask_on is None:
        return Due(words="No more is asked", urgency="later")
    return Due(words="Ask now", urgency="soon") if is_due else Due(words=f"Ask on {ask_on}", urgency="later")


def _reporter(each: Reporter) -> str:
    return "; ".join(_said(each)) or "a reporter of whom nothing is known"


def _said(each: Reporter) -> Iterator[str]:
    name = " ".join(part for part in (each.title, each.given_name, each.family_name) if part)
    yield from (part for part in (name, each.organisation, each.qualification, each.country, each.contact) if part)
    if each.contact_consent is not None:
        yield "may be contacted" if each.contact_consent else "does not want to be contacted"
    if each.confidential:
        yield "in confidence"
