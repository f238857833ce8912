"""A file of E2B(R3) messages is kept whole before anything is answered; each message becomes one report (DOMAIN 1, 2).

Whatever breaks in between, the same file sent again comes to the same end: the file is there once, so is each report,
and an answer that was given is given again.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, cast

import msgspec

from intake.domain.arrival import Arrival, Site, audit_entry, is_encoded, media_type, receipt_of
from intake.domain.icsr.answer import answered, nameless, no_message, other_file, refused_message
from intake.domain.icsr.files import (
    MOST_MESSAGES,
    MOST_REFUSALS,
    FileAnswer,
    HeldFile,
    IcsrFile,
    MessageEntry,
    arrival_again,
)
from intake.domain.records import Body, Place, body_of
from intake.domain.scope import scope_of
from intake.ports import AlreadyHeld, FileStore, MessageRead, MessageReader, Reading, Unacceptable
from intake.receive import Accepted
from intake.refuse import Refuse, Refused
from shared.clock import Clock
from shared.contracts.report_received import Receipt
from shared.icsr.model.acknowledgement import MessageAcknowledgement
from shared.icsr.model.issue import Issue
from shared.icsr.model.message import Batch
from shared.ids import new_id, sha256

MEDIA_TYPES = ("application/xml", "text/xml")
LEFT = timedelta(minutes=30)  # longer than any door works on a file
_LONGEST_SPONSOR = 250


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """A file whose messages have all come to their end, and what it is answered."""

    file_id: str
    answer: FileAnswer
    replayed: bool  # the answer was kept before


class Keep(Protocol):
    """Keeps the report of one message, or meets the one that is kept already."""

    def __call__(
        self, arrival: Arrival, reading: Reading, body: Body, now: datetime, since: datetime | None = None
    ) -> Accepted:
        """Raise the store's errors: then nothing was promised."""
        ...


class ReceiveIcsrs:
    """The use case: a file becomes reports and its acknowledgement, or a kept refusal."""

    def __init__(
        self, reader: MessageReader, files: FileStore, keep: Keep, refuse: Refuse, clock: Clock, site: Site, limit: int
    ) -> None:
        """``limit``: the most bytes of a file."""
        self._reader = reader
        self._files = files
        self._keep = keep
        self._refuse = refuse
        self._clock = clock
        self._site = site
        self._limit = limit

    def __call__(self, arrival: Arrival) -> Answered | Refused:
        """Take a file. Raises the store's errors: then nothing was promised, and the same file may come again."""
        now, content_sha256 = self._clock.now(), sha256(arrival.content)
        try:
            self._check_envelope(arrival)
            file = self._held(arrival, receipt_of(arrival, self._site, now), content_sha256)
            if file is not None and file.answer is not None:
                return Answered(file_id=file.file_id, answer=file.answer, replayed=True)
            wrapper = self._reader.wrapper(arrival.content)
        except Unacceptable as why:
            return self._refuse(arrival, why, body_of(arrival.content), now)
        file = file or self._kept(arrival, wrapper, content_sha256, now)
        return Answered(file_id=file.file_id, answer=self._finish(arrival, file, wrapper), replayed=False)

    def finish_left(self) -> int:
        """Bring to their end the files that a door left when it was killed; return how many there were.

        So nothing that is kept waits for its sender to come again. Raises the store's errors.
        """
        left = [*self._files.unanswered(self._clock.now() - LEFT)]
        for file in left:
            arrival = arrival_again(file, self._files.content(file))
            self._finish(arrival, file, self._reader.wrapper(arrival.content))
        return len(left)

    def _check_envelope(self, arrival: Arrival) -> None:
        if media_type(arrival) not in MEDIA_TYPES:
            detail = f"Send Content-Type: {' or '.join(MEDIA_TYPES)}."
            raise Unacceptable(415, "content-type", "Content-Type not taken", detail)
        if is_encoded(arrival):
            detail = "Send the file as it is, without Content-Encoding."
            raise Unacceptable(415, "content-encoding", "Content-Encoding not taken", detail)
        if not arrival.complete:
            detail = f"A file may have {self._limit} bytes; send its messages in several batches."
            raise Unacceptable(413, "body-too-large", "File too large", detail)

    def _held(self, arrival: Arrival, receipt: Receipt, content_sha256: str) -> HeldFile | None:
        """Return the file that these bytes are, with one more receipt of it."""
        held = self._files.with_content(scope_of(_sponsor(arrival), arrival.sponsors), arrival.actor, content_sha256)
        if held is not None:
            words = "the same bytes came again"
            at = receipt.received_at
            audit = audit_entry(arrival, self._site, at, held.sponsor, "file.repeated", held.file_id, words)
            self._files.add_receipt(held, receipt, audit)
        return held

    def _kept(self, arrival: Arrival, wrapper: Batch, content_sha256: str, now: datetime) -> HeldFile:
        """Keep the file; where another request kept the same meanwhile, it is that one."""
        file = self._new(arrival, wrapper, content_sha256, now)
        try:
            self._files.add(file)
        except AlreadyHeld:
            held = self._held(arrival, file.receipt, content_sha256)
            if held is not None:
                return held
            self._files.add(file)  # the primary that held it has gone, and its write with it: now there is room
        return _held(file)

    def _new(self, arrival: Arrival, wrapper: Batch, content_sha256: str, now: datetime) -> IcsrFile:
        file_id, stated = new_id("icf"), _sponsor(arrival)
        sponsor = scope_of(stated, arrival.sponsors)
        return IcsrFile(
            file_id=file_id,
            sponsor=sponsor,
            sponsor_stated=stated,
            content_sha256=content_sha256,
            raw=arrival.content,
            content_type=arrival.content_type,
            batch_number=_stated(wrapper.batch_number),
            batch_sender=_stated(wrapper.batch_sender),
            receipt=receipt_of(arrival, self._site, now),
            audit=audit_entry(
                arrival,
                self._site,
                now,
                scope_of(stated, arrival.sponsors),
                "file.received",
                file_id,
                f"came by {arrival.channel}",
            ),
        )

    def _finish(self, arrival: Arrival, file: HeldFile, wrapper: Batch) -> FileAnswer:
        """Bring every message to its end, and keep the answer."""
        tally = _Tally()
        other = self._files.with_number(file)
        if other is not None:
            tally.issues[other_file(file.batch_number or "")] = None
        self._take_all(arrival, file, wrapper, tally)
        at = self._clock.now()
        answer = answered(wrapper, tally.answers, [*tally.issues], tally.needs_action, file.file_id, at)
        kept = FileAnswer(
            acknowledgement=self._reader.written(answer),
            code=answer.code.value if answer.code else "",
            messages=tuple(tally.entries),
        )
        words = f"{kept.code}, {len(kept.messages)} messages"
        return self._files.answer(
            file, kept, audit_entry(arrival, self._site, at, file.sponsor, "file.answered", file.file_id, words)
        )

    def _take_all(self, arrival: Arrival, file: HeldFile, wrapper: Batch, tally: "_Tally") -> None:
        received = file.receipts[0].received_at.astimezone(self._site.zone)
        for read in self._reader.messages(arrival.content, wrapper, file.sponsor_stated, received):
            if isinstance(read, Issue):
                tally.issues[read] = None
            elif read.number > MOST_MESSAGES:
                tally.add(self._refused(arrival, file, _beyond(read)), _beyond(read))
                return
            else:
                tally.add(self._taken(arrival, file, read, tally), read)
        if not tally.entries:
            tally.issues[no_message()] = None
            self._refused(arrival, file, _none())

    def _taken(self, arrival: Arrival, file: HeldFile, read: MessageRead, tally: "_Tally") -> MessageEntry:
        if isinstance(read.outcome, Unacceptable):
            return self._refused_with_others(arrival, file, read, tally)
        body = Body(content_sha256=read.content_sha256, size=0, raw=b"", place=_place(file, read))
        accepted = self._keep(arrival, read.outcome, body, self._clock.now(), file.receipts[0].received_at)
        return _entry(read, report_id=accepted.report_id, repeat=accepted.kept.repeat)

    def _refused_with_others(
        self, arrival: Arrival, file: HeldFile, read: MessageRead, tally: "_Tally"
    ) -> MessageEntry:
        """Refuse a message alone, or with all that follow: who finds thousands waiting for a person finds none."""
        if tally.refusal_of_others is not None:
            return _entry(read, refusal_id=tally.refusal_of_others)
        tally.refused += 1
        if tally.refused < MOST_REFUSALS:
            return self._refused(arrival, file, read)
        entry = self._refused(arrival, file, _and_others(read))
        tally.refusal_of_others = entry.refusal_id
        return entry

    def _refused(self, arrival: Arrival, file: HeldFile, read: MessageRead) -> MessageEntry:
        why = cast(Unacceptable, read.outcome)
        words = f"Message {read.number} of file {file.file_id}: {why.detail}"
        size = len(arrival.content)
        body = Body(content_sha256=file.content_sha256, size=size, raw=b"", place=_place(file, read))
        told = Unacceptable(why.status, why.rule, why.title, words)
        refused = self._refuse(arrival, told, body, file.receipts[0].received_at)
        return _entry(read, refusal_id=refused.refusal_id)


class _Tally:
    """What the messages of a file came to, without what they say: a file may have thousands."""

    def __init__(self) -> None:
        self.entries: list[MessageEntry] = []
        self.answers: list[MessageAcknowledgement] = []
        self.issues: dict[Issue, None] = {}
        self.needs_action = False
        self.refused = 0
        self.refusal_of_others: str | None = None  # one for all messages beyond MOST_REFUSALS that are not taken

    def add(self, entry: MessageEntry, read: MessageRead) -> None:
        self.entries.append(entry)
        self.answers.append(replace(read.answer, local_report_number=entry.report_id or entry.refusal_id))
        self.needs_action |= read.needs_action
        if isinstance(read.outcome, Unacceptable) and read.answer.message_number is None:
            self.issues[nameless(read.number, read.outcome.detail)] = None


def _entry(
    read: MessageRead, report_id: str | None = None, refusal_id: str | None = None, repeat: bool = False
) -> MessageEntry:
    return MessageEntry(
        number=read.number,
        code=read.answer.code.value if read.answer.code else "",
        message_number=read.answer.message_number,
        report_id=report_id,
        refusal_id=refusal_id,
        repeat=repeat,
    )


def _place(file: HeldFile, read: MessageRead) -> Place:
    return Place(file_id=file.file_id, number=read.number)


def _beyond(read: MessageRead) -> MessageRead:
    """Return what stands for all messages beyond those that are taken at once."""
    words = f"From this message on nothing was taken: a file may have {MOST_MESSAGES} messages."
    return _not_taken(read.number, "too-many-messages", words)


def _and_others(read: MessageRead) -> MessageRead:
    """Return what stands for a message and all those after it that can't be taken either."""
    words = "This message and others after it were not taken; what was kept of the file (its id is given) lists them."
    return _not_taken(read.number, "many-not-taken", words)


def _none() -> MessageRead:
    return _not_taken(0, "no-message", "The batch holds no message.")


def _not_taken(number: int, rule: str, words: str) -> MessageRead:
    why = Unacceptable(422, rule, "Not taken", words)
    return MessageRead(
        number=number, content_sha256="", outcome=why, answer=refused_message(None, words), needs_action=True
    )


def _sponsor(arrival: Arrival) -> str | None:
    return (arrival.sponsor_stated or "").strip()[:_LONGEST_SPONSOR] or None


def _stated(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _held(file: IcsrFile) -> HeldFile:
    return HeldFile(
        file_id=file.file_id,
        sponsor=file.sponsor,
        sponsor_stated=file.sponsor_stated,
        content_sha256=file.content_sha256,
        content_type=file.content_type,
        batch_number=file.batch_number,
        batch_sender=file.batch_sender,
        receipts=(file.receipt,),
        answer=None,
    )
