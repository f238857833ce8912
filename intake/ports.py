"""What intake's use cases need from outside, as Protocols; stores, the body reader and the fakes implement them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from intake.domain.icsr.files import FileAnswer, HeldFile, IcsrFile
from intake.domain.records import Draft, Held, KeptReceipt, Refusal, Report, Status
from intake.domain.scope import Scope
from shared.contracts.audit import AuditEntry
from shared.contracts.clinical import CaseContent
from shared.contracts.envelope import Event
from shared.contracts.key_changed import KeyChanged
from shared.contracts.report_received import Query, Receipt, Sender
from shared.icsr.model.acknowledgement import Acknowledgement, MessageAcknowledgement
from shared.icsr.model.issue import Issue
from shared.icsr.model.message import Batch


class AlreadyHeld(Exception):
    """A unique index says no: the content, or the Idempotency-Key, belongs to a report that is kept already."""


class Unacceptable(Exception):
    """A body that must be refused: unparseable, hostile, oversized, or without any clinical content."""

    def __init__(
        self, status: int, rule: str, title: str, detail: str, errors: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        """Describe the refusal in the words of its problem document."""
        super().__init__(detail)
        self.status = status
        self.rule = rule
        self.title = title
        self.detail = detail
        self.errors = errors


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a body says: its structured form, and the queries on it."""

    sponsor_stated: str | None
    sender: Sender
    first_aware_at: str | None
    latest_information_on: str | None
    content: CaseContent
    queries: tuple[Query, ...]
    holds_clinical_content: bool


class ReportReader(Protocol):
    """Reads the body of a report."""

    def read(self, content: bytes, received: datetime) -> Reading:
        """Return what the body says. ``received`` is in the receiving site's zone. Raises Unacceptable."""
        ...


class MessageRead(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a file: its reading and its answer, or why it must be refused."""

    number: int  # its place in the file, from 1
    content_sha256: str  # of what it says; of nothing where it could not be read
    outcome: Reading | Unacceptable
    answer: MessageAcknowledgement
    needs_action: bool  # something in it is wrong


class MessageReader(Protocol):
    """Reads and answers files of E2B(R3) messages."""

    def wrapper(self, content: bytes) -> Batch:
        """Read a file to its end and return what it says of itself (N.1). Raises Unacceptable."""
        ...

    def messages(
        self, content: bytes, wrapper: Batch, sponsor: str | None, received: datetime
    ) -> Iterator[MessageRead | Issue]:
        """Yield each message of a file whose wrapper was read, and what is wrong with the wrapper.

        ``received`` is in the receiving site's zone.
        """
        ...

    def written(self, answer: Acknowledgement) -> bytes:
        """Return an acknowledgement as XML."""
        ...


class KeyStore(Protocol):
    """Partner keys, as triage last told of them."""

    def find(self, key_id: str) -> KeyChanged | None:
        """Return a key as it is known."""
        ...

    def note(self, key: KeyChanged, answer: Event, entries: Sequence[AuditEntry]) -> bool:
        """Keep a revision with its answer. False: it, or a newer one, is known."""
        ...

    def answer_again(self, answer: Event) -> None:
        """Publish an answer once more; that to a revision which came too late is stored first."""
        ...


class FileStore(Protocol):
    """Files of messages that are kept whole. Every write is durable when the call returns."""

    def add(self, file: IcsrFile) -> None:
        """Keep a file. Raises AlreadyHeld where these bytes are kept for this sponsor and actor."""
        ...

    def with_content(self, sponsor: str, actor: str, content_sha256: str) -> HeldFile | None:
        """Return the file of these bytes."""
        ...

    def with_number(self, file: HeldFile) -> HeldFile | None:
        """Return another file of the same sponsor, sender (N.1.3) and number (N.1.2)."""
        ...

    def find(self, scope: Scope, file_id: str) -> HeldFile | None:
        """Return a file that the scope may see."""
        ...

    def unanswered(self, before: datetime) -> Iterator[HeldFile]:
        """Yield the files that came before then, and whose messages have not all come to their end."""
        ...

    def content(self, file: HeldFile) -> bytes:
        """Return the bytes of a file."""
        ...

    def add_receipt(self, file: HeldFile, receipt: Receipt, audit: AuditEntry) -> None:
        """Note one more receipt of the same bytes."""
        ...

    def answer(self, file: HeldFile, answer: FileAnswer, audit: AuditEntry) -> FileAnswer:
        """Keep what the file is answered, unless an answer was kept before; return the one that is kept."""
        ...


class ReportStore(Protocol):
    """Reports that are kept. Every write is durable when the call returns."""

    def add(self, report: Report) -> None:
        """Keep a report with its event in one write. Raises AlreadyHeld."""
        ...

    def add_receipt(self, held: Held, receipt: KeptReceipt, audit: AuditEntry) -> None:
        """Note one more receipt of the same content. Raises AlreadyHeld where its key is taken."""
        ...

    def add_replay(self, held: Held, audit: AuditEntry) -> None:
        """Note that the stored answer was given again; durable, so that the report it speaks of is too."""
        ...

    def with_key(self, scope: Scope, key: str) -> Held | None:
        """Return the report that a key (digest of actor and Idempotency-Key) was used for."""
        ...

    def with_content(self, sponsor: str, actor: str, content_sha256: str) -> Held | None:
        """Return the report with this content in this sponsor scope from this actor."""
        ...

    def find(self, scope: Scope, report_id: str) -> Held | None:
        """Return a report that the scope may see."""
        ...


class RefusalStore(Protocol):
    """Refusals that are kept."""

    def add(self, refusal: Refusal) -> None:
        """Keep a refusal with its event in one write."""
        ...


class DraftStore(Protocol):
    """Reports that are being written. Every write is durable when the call returns."""

    def begin(self, draft: Draft) -> None:
        """Keep a new draft."""
        ...

    def find(self, scope: Scope, draft_id: str) -> Draft | None:
        """Return a draft that the scope may see; None once it is too old."""
        ...

    def save(self, draft: Draft, page: str, typed: Mapping[str, list[str]], at: datetime) -> bool:
        """Keep what was typed on one page, and nothing else; False if the draft is gone, closed or sent."""
        ...

    def drop(self, draft: Draft, pages: Sequence[str], at: datetime) -> bool:
        """Forget what was typed on some pages; False as for ``save``."""
        ...

    def close(self, draft: Draft) -> Draft | None:
        """Let nothing be saved any more, and return what is to be sent: the same to everyone until it is reopened.

        None if the draft is no longer there or was sent.
        """
        ...

    def reopen(self, draft: Draft) -> None:
        """Take answers again: what was to be sent was not accepted."""
        ...

    def finish(self, draft: Draft, report_id: str, at: datetime) -> None:
        """Forget everything that was typed, and remember the report that it became."""
        ...


class Answerable(Protocol):
    """Documents whose events triage answers."""

    def settle(self, event_id: str, status: Status, audit: AuditEntry) -> None:
        """Note the answer to an event and stop publishing it. Unknown ids and answers already noted change nothing."""
        ...
