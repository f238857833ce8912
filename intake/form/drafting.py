"""A draft belongs to the browser that holds its unguessable id in a signed cookie; answers never leave the server."""

from datetime import datetime
from typing import NoReturn

from flask import request, session

from intake.domain.records import Draft
from intake.domain.scope import EVERY_SPONSOR, scope_of
from intake.domain.text import normal
from intake.form.body import NOTICE_SHOWN, START
from intake.form.services import Services
from shared.ids import derived_id, new_id

_ID, _SPONSOR = "draft", "sponsor"
_LONGEST_SPONSOR = 63
_OPENED_IN = "opened-in"  # the hidden field of every page that changes or sends a draft


def posted_reference() -> str:
    """Return the reference of the draft that the page was opened in, as the page has it."""
    return request.form.get(_OPENED_IN, "")


class NotBegun(Exception):
    """This browser has no report under way."""


class Gone(Exception):
    """The draft was kept for its time, and is gone."""


class Sent(Exception):
    """The draft was sent already."""

    def __init__(self, report_id: str) -> None:
        """Name the report that it became."""
        super().__init__(report_id)
        self.report_id = report_id


class Closed(Exception):
    """The draft is being sent."""


class Another(Exception):
    """The page was opened in another report than the one that this browser holds now."""


class Drafting:
    """The draft of the browser that asks."""

    def __init__(self, services: Services) -> None:
        """Nothing is asked of the store until it is needed."""
        self._drafts = services.drafts
        self._clock = services.clock

    def begin(self, stated: str) -> Draft:
        """Begin a report to the sponsor whose site linked here; none is nobody's yet. Raises the store's errors."""
        sponsor = normal(stated)[:_LONGEST_SPONSOR] or None
        draft = Draft(
            draft_id=new_id("dft"),
            sponsor=scope_of(sponsor),
            sponsor_stated=sponsor,
            answers={START: NOTICE_SHOWN},
            changed_at=self.now(),
        )
        self._drafts.begin(draft)
        session[_ID] = draft.draft_id
        session[_SPONSOR] = sponsor
        return draft

    def begin_again(self) -> Draft:
        """Begin anew where an earlier draft is gone, for the same sponsor."""
        return self.begin(self.sponsor())

    def current(self) -> Draft:
        """Return the report under way. Raises NotBegun, Gone, Sent or the store's errors."""
        draft = self.any()
        if draft.report_id:
            raise Sent(draft.report_id)
        return draft

    def opened_in(self) -> Draft:
        """Return the report under way, if the page sent was opened in it. Raises as ``current``, or Another."""
        if _ID in session and posted_reference() != self.reference():
            raise Another
        return self.current()

    def refused(self) -> NoReturn:
        """Say why a change was not kept. Raises Gone, Sent, or Closed."""
        self.current()
        raise Closed

    def reference(self) -> str:
        """Return what a page says of the draft that it is opened in: a digest, for the id itself opens the draft."""
        return derived_id("page", session[_ID]) if _ID in session else ""

    def any(self) -> Draft:
        """Return the draft, sent or not. Raises NotBegun, Gone or the store's errors."""
        if _ID not in session:
            raise NotBegun
        draft = self._drafts.find(EVERY_SPONSOR, session[_ID])
        if draft is None:
            raise Gone
        return draft

    def sponsor(self) -> str:
        """Return the sponsor that the report was begun for, as stated; empty for none."""
        return session.get(_SPONSOR) or ""

    def now(self) -> datetime:
        """Return the present instant."""
        return self._clock.now()
