"""Who reported without a minimum criterion is asked for it, and every attempt is documented (GVP VI.B.2, VI.B.3).

The task is derived from the case and stored nowhere, so no case that lacks a criterion can be without one. An attempt
says when to ask again, or that no more can be had; while a criterion is missing, either holds until the case has news
(any version but another rulebook's), and from that day it is to be asked for again.
"""

from datetime import UTC, date, datetime
from enum import StrEnum

import msgspec

UNNAMED = ("a minimum criterion",)  # of a case that was stored before criteria stood in its head


class Means(StrEnum):
    """How somebody was asked."""

    PHONE = "phone"
    LETTER = "letter"
    E_MAIL = "e-mail"
    PARTNER_SYSTEM = "partner_system"
    IN_PERSON = "in_person"
    NONE = "none"  # there was nobody to ask


class Outcome(StrEnum):
    """What came of it."""

    NO_ANSWER = "no_answer_yet"
    ANSWERED = "answered"
    REFUSED = "refused"
    UNREACHABLE = "nobody_to_be_reached"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of an attempt; ``no_more``: that no more can be had, so nobody is asked again."""

    means: Means
    outcome: Outcome
    reason: str  # who was asked for what, and what came of it
    ask_again: date | None = None
    no_more: bool = False


class Inquiry(Attempt, frozen=True, kw_only=True):
    """An attempt on record: by whom, when, of which version, and which minimum criteria that lacked."""

    at: datetime
    actor: str
    version: int
    missing: tuple[str, ...] = ()


class News(msgspec.Struct, frozen=True, kw_only=True):
    """The newest version that may say something new."""

    version: int
    on: date


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be asked for, and how far that has come; ``ask_on`` of None: no more can be had, or nothing is due."""

    missing: tuple[str, ...]  # minimum criteria; none: the case is valid, and what the last attempt says is wanted
    since: date  # receipt
    asked: int
    last: Inquiry | None
    ask_on: date | None


def task_of(missing: tuple[str, ...], inquiries: tuple[Inquiry, ...], received_at: datetime, news: News) -> Task | None:
    """Return what is to be asked for: while a criterion is missing something is, if only to say that no more is."""
    last = inquiries[-1] if inquiries else None
    since = received_at.astimezone(UTC).date()
    ask_on = _ask_on(last, since, news) if missing else _reminder(last)
    if not missing and ask_on is None:
        return None
    asked = sum(each.means is not Means.NONE for each in inquiries)
    return Task(missing=missing, since=since, asked=asked, last=last, ask_on=ask_on)


def _ask_on(last: Inquiry | None, since: date, news: News) -> date | None:
    """Without an attempt, at once. An attempt that names no day does not take it off the list."""
    if last is None:
        return since
    if last.version < news.version:
        return news.on
    return None if last.no_more else last.ask_again or last.at.date()


def _reminder(last: Inquiry | None) -> date | None:
    """Of a valid case the day that a person set counts until her next attempt; what made it valid needs no asking."""
    return last.ask_again if last is not None and not last.missing else None
