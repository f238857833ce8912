"""What intake's use cases need from outside, as Protocols; stores, the body reader and the fakes implement them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from intake.domain.records import AuditEntry, Draft, Held, KeptReceipt, Refusal, Report, Status
from intake.domain.scope import Scope
from shared.contracts.clinical import CaseContent
from shared.contracts.report_received import Query, Sender


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
