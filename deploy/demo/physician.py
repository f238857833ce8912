"""The stand-in physician works through the review API only, with a reason for every action (DOMAIN 18)."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import msgspec

from deploy.cli.failure import CommandError
from deploy.demo.physician_rules import Act, Step, next_step
from deploy.demo.staff import Staff
from deploy.demo.terms import Terms

_PAGE = 1000
_LONGEST_REASON = 2000
_CHANGED_MEANWHILE = 412


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with a case, at which revision of it."""

    case_id: str
    revision: str
    step: Step


class Physician:
    """Looks at every case that changed, does the next thing, and remembers why."""

    def __init__(
        self, staff: Staff, terms: Terms, *, approver: Staff | None = None, chooses: bool = False, hands: int = 1
    ) -> None:
        """``staff`` works through the review API, ``approver`` signs; ``chooses`` plays a person's choices too.

        ``hands`` cases are worked on at a time, as by so many physicians.
        """
        self._hands = hands
        self._staff = staff
        self._approver = approver or staff
        self._path = "/api/cases"
        self._terms = terms
        self._chooses = chooses
        self.cases: dict[str, dict[str, Any]] = {}
        self.notes: list[Note] = []
        self.blocked: dict[str, tuple[str, ...]] = {}  # case: the rules that blocked it when it was first seen
        self._revisions: dict[str, int] = {}  # of the cases that were seen at rest
        self._refused: dict[str, tuple[str, str]] = {}  # case: the revision at which an action was refused, and why

    def round(self) -> int:
        """Look at every case that changed; return how many actions that took. Raises CommandError."""
        news = [str(case["id"]) for case in self._queue() if self._is_news(case)]
        with ThreadPoolExecutor(self._hands) as hands:
            return sum(hands.map(self._look_at, news))

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

    def _queue(self) -> Iterator[dict[str, Any]]:
        """Walk the queue, page by page."""
        query: str | None = f"?limit={_PAGE}"
        while query:
            answer = self._staff.call("GET", self._path + query)
            listed = answer.body.get("cases") if isinstance(answer.body, dict) else None
            if answer.status != 200 or not isinstance(listed, list):
                raise CommandError(f"the review queue cannot be read: {answer.words}")
            yield from listed
            after = answer.body.get("next")
            query = f"?limit={_PAGE}&after={quote(after)}" if after else None

    def _is_news(self, case: Mapping[str, Any]) -> bool:
        return bool(self._revisions.get(case["id"]) != case["revision"])

    def _look_at(self, case_id: str) -> bool:
        answer = self._staff.call("GET", f"{self._path}/{case_id}")
        if answer.status != 200:
            raise CommandError(f"case {case_id} cannot be read: {answer.words}")
        revision = answer.headers.get("etag", "")
        self.cases[case_id] = answer.body
        self.blocked.setdefault(case_id, tuple(blocker["rule_id"] for blocker in answer.body["blockers"]))
        if self._refused.get(case_id, ("", ""))[0] == revision:
            return False
        step = next_step(answer.body, self._terms, chooses=self._chooses)
        if step.act is Act.LEAVE:
            self._revisions[case_id] = answer.body["revision"]
            return False
        return self._do(case_id, revision, step)

    def _do(self, case_id: str, revision: str, step: Step) -> bool:
        body: dict[str, Any] = {"reason": step.reason[:_LONGEST_REASON]}
        if step.act is Act.AMEND:
            body |= {"changes": [{"pointer": edit.pointer, "value": edit.value} for edit in step.edits]}
        headers: Mapping[str, str] = {"If-Match": revision}
        path = f"{self._path}/{case_id}/{step.act}"
        if step.act is Act.APPROVE:
            answer = self._approver.sign(path, body, headers)
        else:
            answer = self._staff.call("POST", path, body, headers)
        if answer.status < 300:
            self.notes.append(Note(case_id=case_id, revision=revision, step=step))
        elif answer.status != _CHANGED_MEANWHILE:
            self._refused[case_id] = (revision, f"{step.act} was refused: {answer.words}")
        return True
