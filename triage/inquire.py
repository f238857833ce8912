"""Attempts to obtain follow-up information are documented (GVP Module VI, VI.B.3), and change nothing else.

No version is made and no clock, obligation or decision changes: what a reporter answers comes as a report or an
amendment.
"""

from datetime import date, timedelta

import msgspec

from shared.clock import Clock
from triage.decide import Actor, Decide
from triage.domain.case import Case
from triage.domain.inquiry import Attempt, Inquiry
from triage.domain.nullification import refuse_void
from triage.domain.refusal import Refusal
from triage.ports import CaseStore

LONGEST_WAIT = timedelta(days=366)  # a year mistyped would hide the case


class Inquire:
    """Records that somebody was asked, or that nobody is any more."""

    def __init__(self, decide: Decide, cases: CaseStore, clock: Clock) -> None:
        """Wire the use case."""
        self._decide = decide
        self._cases = cases
        self._clock = clock

    def record(self, case_id: str, revision: int, actor: Actor, attempt: Attempt) -> Case:
        """Record an attempt. Raises LookupError, Blinded, Conflict or Refusal."""
        case = self._decide.read(case_id, revision, actor, attempt.reason)
        refuse_void(case)
        now = self._clock.now()
        _refuse_day(attempt.ask_again, now.date())
        said = msgspec.structs.asdict(attempt)
        inquiry = Inquiry(**said, at=now, actor=actor.name, version=case.current.number, missing=case.missing)
        asked = msgspec.structs.replace(case, revision=revision + 1, inquiries=(*case.inquiries, inquiry))
        action = "inquiry.given_up" if attempt.no_more else "inquiry.recorded"
        audit = self._decide.entered(actor, action, attempt.reason, case, asked)
        self._cases.update(asked, revision, [], audit, None)
        return asked


def _refuse_day(day: date | None, today: date) -> None:
    if day is not None and not today <= day <= today + LONGEST_WAIT:
        words = f"Ask again between today, {today} (UTC), and a year from now."
        raise Refusal(words, [("/ask_again", "ask_again", words)])
