"""In-memory stores of intake; they pass the same contract tests as MongoDB's (tests/integration/intake)."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from intake.domain.icsr.files import FileAnswer, HeldFile, IcsrFile
from intake.domain.records import BEFORE, Draft, Held, KeptReceipt, Refusal, Report, Status
from intake.domain.scope import Scope
from intake.ports import AlreadyHeld
from shared.contracts.audit import AuditEntry
from shared.contracts.report_received import Receipt

Answers = dict[str, dict[str, list[str]]]


class Outgoing:
    """Events that wait for their answer."""

    def __init__(self) -> None:
        self.waiting: set[str] = set()
        self.status: dict[str, Status] = {}
        self.audit: dict[str, list[AuditEntry]] = {}

    def add(self, event_id: str, status: Status, audit: AuditEntry) -> None:
        self.waiting.add(event_id)
        self.status[event_id] = status
        self.audit[event_id] = [audit]

    def settle(self, event_id: str, status: Status, audit: AuditEntry) -> None:
        if event_id in self.status and self.status[event_id].state in BEFORE[status.state]:
            self.status[event_id] = status
            self.audit[event_id].append(audit)
        self.waiting.discard(event_id)


class InMemoryReports:
    """Implements ReportStore and Answerable."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._outgoing = Outgoing()
        self._receipts: dict[str, tuple[KeptReceipt, ...]] = {}
        self.kept: dict[str, Report] = {}

    def add(self, report: Report) -> None:
        with self._lock:
            content = self._with_content(report.sponsor, report.first.receipt.actor, report.content_sha256)
            if content or self._key_taken(report.first.key):
                raise AlreadyHeld
            self.kept[report.report_id] = report
            self._receipts[report.report_id] = (report.first,)
            self._outgoing.add(report.event.id, report.status, report.audit)

    def add_receipt(self, held: Held, receipt: KeptReceipt, audit: AuditEntry) -> None:
        with self._lock:
            if self._key_taken(receipt.key):
                raise AlreadyHeld
            self._receipts[held.report_id] += (receipt,)
            self._note(held.report_id, audit)

    def add_replay(self, held: Held, audit: AuditEntry) -> None:
        self._note(held.report_id, audit)

    def with_key(self, scope: Scope, key: str) -> Held | None:
        found = (name for name, receipts in self._receipts.items() if key in {each.key for each in receipts})
        return self._visible(scope, next(found, None))

    def with_content(self, sponsor: str, actor: str, content_sha256: str) -> Held | None:
        return self._visible(None, self._with_content(sponsor, actor, content_sha256))

    def find(self, scope: Scope, report_id: str) -> Held | None:
        return self._visible(scope, report_id if report_id in self.kept else None)

    def settle(self, event_id: str, status: Status, audit: AuditEntry) -> None:
        self._outgoing.settle(event_id, status, audit)

    def waiting(self, now: datetime) -> set[str]:
        return set(self._outgoing.waiting)

    def actions(self, report_id: str) -> list[str]:
        return [entry.action for entry in self._outgoing.audit[self.kept[report_id].event.id]]

    def _note(self, report_id: str, audit: AuditEntry) -> None:
        self._outgoing.audit[self.kept[report_id].event.id].append(audit)

    def _key_taken(self, key: str | None) -> bool:
        return key is not None and self.with_key(None, key) is not None

    def _with_content(self, sponsor: str, actor: str, content_sha256: str) -> str | None:
        for name, report in self.kept.items():
            if (report.sponsor, report.first.receipt.actor, report.content_sha256) == (sponsor, actor, content_sha256):
                return name
        return None

    def _visible(self, scope: Scope, report_id: str | None) -> Held | None:
        if report_id is None or (scope is not None and self.kept[report_id].sponsor not in scope):
            return None
        report = self.kept[report_id]
        return Held(
            report_id=report_id,
            sponsor=report.sponsor,
            content_sha256=report.content_sha256,
            receipts=self._receipts[report_id],
            queries=report.queries,
            status=self._outgoing.status[report.event.id],
        )


class InMemoryRefusals:
    """Implements RefusalStore and Answerable."""

    def __init__(self) -> None:
        self._outgoing = Outgoing()
        self._kept: dict[str, Refusal] = {}

    def add(self, refusal: Refusal) -> None:
        if refusal.refusal_id in self._kept:
            return
        self._kept[refusal.refusal_id] = refusal
        self._outgoing.add(refusal.event.id, refusal.status, refusal.audit)

    def settle(self, event_id: str, status: Status, audit: AuditEntry) -> None:
        self._outgoing.settle(event_id, status, audit)

    def waiting(self, now: datetime) -> set[str]:
        return set(self._outgoing.waiting)

    @property
    def kept(self) -> list[Refusal]:
        return [
            msgspec.structs.replace(refusal, status=self._outgoing.status[refusal.event.id])
            for refusal in self._kept.values()
        ]


class InMemoryFiles:
    """Implements FileStore."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.kept: dict[str, IcsrFile] = {}
        self._held: dict[str, HeldFile] = {}
        self.audit: dict[str, list[AuditEntry]] = {}

    def add(self, file: IcsrFile) -> None:
        with self._lock:
            if self.with_content(file.sponsor, file.receipt.actor, file.content_sha256):
                raise AlreadyHeld
            self.kept[file.file_id] = file
            named = {name: getattr(file, name) for name in HeldFile.__struct_fields__ if hasattr(file, name)}
            self._held[file.file_id] = HeldFile(**named, receipts=(file.receipt,), answer=None)
            self.audit[file.file_id] = [file.audit]

    def with_content(self, sponsor: str, actor: str, content_sha256: str) -> HeldFile | None:
        for file in self.kept.values():
            if (file.sponsor, file.receipt.actor, file.content_sha256) == (sponsor, actor, content_sha256):
                return self._held[file.file_id]
        return None

    def with_number(self, file: HeldFile) -> HeldFile | None:
        wanted = (file.sponsor, file.batch_sender, file.batch_number)
        for other in self._held.values():
            same = (other.sponsor, other.batch_sender, other.batch_number) == wanted
            if file.batch_number is not None and same and other.file_id != file.file_id:
                return other
        return None

    def find(self, scope: Scope, file_id: str) -> HeldFile | None:
        held = self._held.get(file_id)
        return held if held and (scope is None or held.sponsor in scope) else None

    def add_receipt(self, file: HeldFile, receipt: Receipt, audit: AuditEntry) -> None:
        held = self._held[file.file_id]
        self._held[file.file_id] = msgspec.structs.replace(held, receipts=(*held.receipts, receipt))
        self.audit[file.file_id].append(audit)

    def answer(self, file: HeldFile, answer: FileAnswer, audit: AuditEntry) -> FileAnswer:
        held = self._held[file.file_id]
        if held.answer is None:
            self._held[file.file_id] = msgspec.structs.replace(held, answer=answer)
            self.audit[file.file_id].append(audit)
        return held.answer or answer

    def unanswered(self, before: datetime) -> Iterator[HeldFile]:
        yield from (each for each in self._held.values() if not each.answer and each.receipts[0].received_at < before)

    def content(self, file: HeldFile) -> bytes:
        return self.kept[file.file_id].raw


class InMemoryDrafts:
    """Implements DraftStore."""

    def __init__(self) -> None:
        self.kept: dict[str, Draft] = {}

    def begin(self, draft: Draft) -> None:
        self.kept[draft.draft_id] = draft

    def find(self, scope: Scope, draft_id: str) -> Draft | None:
        draft = self.kept.get(draft_id)
        return draft if draft and (scope is None or draft.sponsor in scope) else None

    def save(self, draft: Draft, page: str, typed: Mapping[str, list[str]], at: datetime) -> bool:
        return self._change(draft, at, lambda answers: {**answers, page: dict(typed)})

    def drop(self, draft: Draft, pages: Sequence[str], at: datetime) -> bool:
        return self._change(draft, at, lambda answers: {name: answers[name] for name in answers if name not in pages})

    def close(self, draft: Draft) -> Draft | None:
        return self._set(draft, closed=True)

    def reopen(self, draft: Draft) -> None:
        self._set(draft, closed=False)

    def finish(self, draft: Draft, report_id: str, at: datetime) -> None:
        self._set(draft, answers={}, report_id=report_id, changed_at=at)

    def _change(self, draft: Draft, at: datetime, change: Callable[[Answers], Answers]) -> bool:
        kept = self.kept.get(draft.draft_id)
        if kept is None or kept.closed:
            return False
        return self._set(draft, answers=change(kept.answers), changed_at=at) is not None

    def _set(self, draft: Draft, **changed: Any) -> Draft | None:
        kept = self.kept.get(draft.draft_id)
        if kept is None or kept.report_id is not None:
            return None
        self.kept[draft.draft_id] = msgspec.structs.replace(kept, **changed)
        return self.kept[draft.draft_id]
