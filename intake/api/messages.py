"""A file of E2B(R3) messages becomes readings and their answers; no fault in a message refuses it (DOMAIN 1).

The file is read twice: to its end before anything is kept of it, so that what is broken further on leaves nothing
half done, then message by message. So memory is bounded by the file and its largest message.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import msgspec

from intake.domain.findings import Finding, Located
from intake.domain.icsr.answer import refused_message
from intake.domain.icsr.asked import has_errors, message_issues, queries_of
from intake.domain.icsr.case import told_by
from intake.domain.icsr.received import as_text, digest, message_form
from intake.domain.scope import is_slug
from intake.ports import MessageRead, Reading, Unacceptable
from shared.icsr import api as icsr

_MOST_FORM = 1_000_000  # characters of a message in JSON that go on with its report
_NO_SLUG = Finding(
    "sponsor-form", "Write the sponsor's short name: small letters, digits and hyphens. Until then it is unassigned."
)
_TOO_LONG = Finding(
    "received-too-long", "The message is too long to go on whole; its file has what the case has no field for."
)
_UNREAD = (
    "The message cannot be read: nothing in it stands where the guide has it, or it is written to a draft of the "
    "guide. Send it by the published one."
)
_BROKEN_OFF = "From this message on the file cannot be read; send these messages again in a batch of their own."
_EMPTY = "The message holds no patient, reaction, drug or narrative; say at least what happened."


class E2bReader:
    """Reads files by the declared elements; implements MessageReader."""

    def __init__(self, schemas: Path | None, limit: int) -> None:
        """``schemas`` is ICH's schema set, if there is one; ``limit`` the most bytes of a file."""
        self._schemas = schemas
        self._limit = limit

    def wrapper(self, content: bytes) -> icsr.Batch:
        """Read a file to its end and return what it says of itself. Raises Unacceptable."""
        try:
            return icsr.read_wrapper((content,), self._limit)
        except icsr.DraftMessage as error:
            _refuse("draft", "Draft of the guide", 422, error)
        except icsr.RefusedXml as error:
            _refuse("hostile", "File refused unread", 400, error)
        except icsr.UnreadableMessage as error:
            _refuse("not-a-batch", "No batch of messages", 400, error)

    def messages(
        self, content: bytes, wrapper: icsr.Batch, sponsor: str | None, received: datetime
    ) -> Iterator[MessageRead | icsr.Issue]:
        """Yield each message of a file whose wrapper was read, and what is wrong with the wrapper."""
        number = 0
        try:
            for part in icsr.read_stream((content,), self._schemas, self._limit):
                if not part.number:
                    yield from part.schema.issues
                    continue
                number = part.number
                yield from self._read(part, wrapper, sponsor, received)
        except icsr.UnreadableMessage:
            yield _unread(number + 1, _BROKEN_OFF)

    def written(self, answer: icsr.Acknowledgement) -> bytes:
        """Return an acknowledgement as XML."""
        return icsr.write_acknowledgement(answer)

    def _read(
        self, part: icsr.Part, wrapper: icsr.Batch, sponsor: str | None, received: datetime
    ) -> Iterator[MessageRead | icsr.Issue]:
        if not part.batch.messages:
            yield _unread(part.number, part.draft or _UNREAD)
            return
        (message,) = part.batch.messages
        issues = icsr.check(replace(wrapper, messages=(message,), unknown=()))
        own, of_batch = message_issues(issues)
        yield from of_batch
        own = [*part.schema.issues, *own]
        form = message_form(part.batch)
        answer = icsr.answer_message(message, own)
        taken = answer.code is icsr.MessageCode.ACCEPTED
        yield MessageRead(
            number=part.number,
            content_sha256=digest(form),
            outcome=_reading(part, own, form, sponsor, received) if taken else _empty(),
            answer=answer,
            needs_action=has_errors(own),
        )


def _reading(
    part: icsr.Part, issues: Sequence[icsr.Issue], form: dict[str, object], sponsor: str | None, received: datetime
) -> Reading:
    told = told_by(part.batch.messages[0], received)
    fits = len(as_text(form)) <= _MOST_FORM
    about_all: list[Located] = [] if fits else [((), _TOO_LONG)]
    about_all += [((), _NO_SLUG)] if sponsor and not is_slug(sponsor) else []
    content = msgspec.structs.replace(told.content, received_icsr=form["report"] if fits else None)
    return Reading(
        sponsor_stated=sponsor,
        sender=told.sender,
        first_aware_at=told.first_aware_at,
        latest_information_on=told.latest_information_on,
        content=content,
        queries=queries_of(form, issues, part.batch.unknown, [*told.found, *about_all]),
        holds_clinical_content=True,
    )


def _unread(number: int, words: str) -> MessageRead:
    return MessageRead(
        number=number,
        content_sha256="",
        outcome=Unacceptable(422, "unreadable-message", "Message not readable", words),
        answer=refused_message(None, words),
        needs_action=True,
    )


def _empty() -> Unacceptable:
    return Unacceptable(422, "no-clinical-content", "No clinical content", _EMPTY)


def _refuse(rule: str, title: str, status: int, error: Exception) -> NoReturn:
    raise Unacceptable(status, rule, title, str(error)) from error
