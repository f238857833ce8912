"""The stand-in physician works through the review API only, with a reason for every action (DOMAIN 18)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from deploy.cli import wire
from deploy.cli.failure import CommandError
from deploy.demo.physician_rules import Act, Step, next_step
from deploy.demo.terms import Terms

_ALL = 1000
_LONGEST_REASON = 2000
_CHANGED_MEANWHILE = 412


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with a case, at which revision of it."""

    case_id: str
    revision: str
    step: Step


class Physician:
    """Looks at every case that changed, does the next thing, and remembers why."""

    def __init__(self, review_url: str, terms: Terms) -> None:
        """``review_url`` is where the review application answers."""
        self._url = f"{review_url}/api/cases"
        self._terms = terms
        self.cases: dict[str, dict[str, Any]] = {}
        self.notes: list[Note] = []
        self._refused: dict[str, tuple[str, str]] = {}  # case: the revision at which an action was refused, and why

    def round(self) -> int:
        """Look at every case once; return how many actions that took. Raises CommandError."""
        return sum(self._look_at(case_id) for case_id in self._queue())

    def leaves(self) -> dict[str, str]:
        """Return the cases that are not with a destination and not closed, each with the reason."""
        reasons = {note.case_id: note.step.reason for note in self.notes if note.step.act is Act.RETURN}
        left = {}
        for case_id, case in self.cases.items():
            if case["status"] in {"approved", "closed"}:
                continue
            refused = self._refused.get(case_id, ("", ""))[1]
            left[case_id] = refused or reasons.get(case_id) or next_step(case, self._terms).reason
        return left

    def _queue(self) -> list[str]:
        answer = wire.call("GET", f"{self._url}?limit={_ALL}")
        listed = answer.body.get("cases") if isinstance(answer.body, dict) else answer.body
        if answer.status != 200 or not isinstance(listed, list):
            raise CommandError(f"the review queue cannot be read: {answer.words}")
        return [str(case["id"]) for case in listed]

    def _look_at(self, case_id: str) -> bool:
        answer = wire.call("GET", f"{self._url}/{case_id}")
        if answer.status != 200:
            raise CommandError(f"case {case_id} cannot be read: {answer.words}")
        revision = answer.headers.get("etag", "")
        self.cases[case_id] = answer.body
        if self._refused.get(case_id, ("", ""))[0] == revision:
            return False
        step = next_step(answer.body, self._terms)
        return step.act is not Act.LEAVE and self._do(case_id, revision, step)

    def _do(self, case_id: str, revision: str, step: Step) -> bool:
        body: dict[str, Any] = {"reason": step.reason[:_LONGEST_REASON]}
        if step.act is Act.AMEND:
            body |= {"pointer": step.pointer, "value": step.value}
        headers: Mapping[str, str] = {"If-Match": revision}
        answer = wire.call("POST", f"{self._url}/{case_id}/{step.act}", body, headers)
        if answer.status < 300:
            self.notes.append(Note(case_id=case_id, revision=revision, step=step))
        elif answer.status != _CHANGED_MEANWHILE:
            self._refused[case_id] = (revision, f"{step.act} was refused: {answer.words}")
        return True
