"""A report is never lost: 202 means that bytes, hash, structured form and pending event are durable (DOMAIN 1, 2).

What cannot be accepted is kept too, as a refusal that a person must look at, for its clock may be running.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from intake.domain.records import AuditEntry, Held, KeptReceipt, Refusal, Report, State, Status
from intake.domain.scope import EVERY_SPONSOR, UNASSIGNED, scope_of
from intake.ports import AlreadyHeld, Reading, RefusalStore, ReportReader, ReportStore, Unacceptable
from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.envelope import Event, event_of
from shared.contracts.report_received import Query, Receipt, ReportReceived
from shared.contracts.report_refused import ReportRefused
from shared.ids import derived_id, new_id, sha256

BODY_LIMIT = 1_000_000  # bytes


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came: at most ``BODY_LIMIT`` bytes of its body, and the headers that matter."""

    content: bytes
    complete: bool  # False: the body went on beyond the limit
    content_type: str
    content_encoding: str
    idempotency_key: str
    strict: bool  # Prefer: handling=strict
    actor: str
    authentication: str
    channel: str


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """A durable receipt, and the report that it belongs to."""

    report_id: str
    sponsor: str
    kept: KeptReceipt
    queries: tuple[Query, ...]
    replayed: bool = False


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A durable refusal, and why."""

    refusal_id: str
    why: Unacceptable


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The receiving site, whose zone gives a receipt its local date (DOMAIN 5)."""

    zone: ZoneInfo
    country: str
    service_version: str


class Receive:
    """The use case: a request becomes an accepted receipt or a kept refusal."""

    def __init__(
        self, reader: ReportReader, reports: ReportStore, refusals: RefusalStore, clock: Clock, site: Site
    ) -> None:
        """Wire the use case; it holds no state of its own."""
        self._reader = reader
        self._reports = reports
        self._refusals = refusals
        self._clock = clock
        self._site = site

    def __call__(self, arrival: Arrival) -> Accepted | Refused:
        """Take a request. Raises the store's errors: then nothing was promised."""
        now = self._clock.now()
        try:
            _check_envelope(arrival)
            reading = self._reader.read(arrival.content, now.astimezone(self._site.zone))
            _check_reading(reading, arrival.strict)
            return self._keep(arrival, reading, now)
        except Unacceptable as why:
            return self._refuse(arrival, why, now)

    def _keep(self, arrival: Arrival, reading: Reading, now: datetime) -> Accepted:
        report = self._report(arrival, reading, now)
        try:
            self._reports.add(report)
        except AlreadyHeld:
            return self._meet(arrival, report, now)
        return _accepted(report.report_id, report.sponsor, report.first, report.queries)

    def _meet(self, arrival: Arrival, report: Report, now: datetime) -> Accepted:
        """Find the report that an index said is kept already: by the key first, for the key promises an answer."""
        key = report.first.key
        held = self._reports.with_key(EVERY_SPONSOR, key) if key else None
        if held is not None and key is not None:
            return self._replay(arrival, held, key, report.content_sha256, now)
        held = self._reports.with_content(report.sponsor, arrival.actor, report.content_sha256)
        if held is None:  # the primary that held it has gone, and its write with it: now there is room
            return self._keep_again(arrival, report, now)
        repeat = msgspec.structs.replace(report.first, repeat=True)
        audit = self._audit(arrival, now, "receipt.repeated", held.report_id, "the same bytes came again")
        try:
            self._reports.add_receipt(held, repeat, audit)
        except AlreadyHeld:  # the key was taken meanwhile, so it is found now
            return self._meet(arrival, report, now)
        return _accepted(held.report_id, held.sponsor, repeat, held.queries)

    def _keep_again(self, arrival: Arrival, report: Report, now: datetime) -> Accepted:
        self._reports.add(report)
        return _accepted(report.report_id, report.sponsor, report.first, report.queries)

    def _replay(self, arrival: Arrival, held: Held, key: str, content_sha256: str, now: datetime) -> Accepted:
        if held.content_sha256 != content_sha256:
            raise Unacceptable(
                422,
                "idempotency-key-reused",
                "Idempotency-Key used before",
                "This Idempotency-Key was used with another body; send this report with a key of its own.",
            )
        audit = self._audit(arrival, now, "receipt.replayed", held.report_id, "the same request came again")
        self._reports.add_replay(held, audit)
        kept = next(each for each in held.receipts if each.key == key)
        return _accepted(held.report_id, held.sponsor, kept, held.queries, replayed=True)

    def _report(self, arrival: Arrival, reading: Reading, now: datetime) -> Report:
        report_id = new_id("rep")
        receipt = self._receipt(arrival, reading, now)
        sponsor = scope_of(reading.sponsor_stated)
        content_sha256 = sha256(arrival.content)
        key = derived_id("key", arrival.actor, arrival.idempotency_key) if arrival.idempotency_key else None
        return Report(
            report_id=report_id,
            sponsor=sponsor,
            content_sha256=content_sha256,
            raw=arrival.content,
            content_type=arrival.content_type,
            first=KeptReceipt(receipt=receipt, repeat=False, key=key),
            sender=reading.sender,
            content=reading.content,
            queries=reading.queries,
            status=Status(state=State.RECEIVED),
            event=_received(report_id, sponsor, receipt, reading, content_sha256),
            audit=self._audit(arrival, now, "report.received", report_id, f"came by {arrival.channel}"),
        )

    def _receipt(self, arrival: Arrival, reading: Reading, now: datetime) -> Receipt:
        return Receipt(
            receipt_id=new_id("rcp"),
            received_at=now,
            zone=self._site.zone.key,
            country=self._site.country,
            first_aware_at=reading.first_aware_at,
            actor=arrival.actor,
            authentication=arrival.authentication,
            channel=arrival.channel,
        )

    def _refuse(self, arrival: Arrival, why: Unacceptable, now: datetime) -> Refused:
        refusal_id = new_id("ref")
        told = ReportRefused(
            refusal_id=refusal_id,
            received_at=now,
            zone=self._site.zone.key,
            status=why.status,
            reason=why.detail,
            source=f"{arrival.channel}:{arrival.actor}",
            content_sha256=sha256(arrival.content),
            bytes_kept=len(arrival.content),
        )
        audit = self._audit(arrival, now, "report.refused", refusal_id, why.rule)
        self._refusals.add(_refusal(arrival, why, told, self._site.country, audit))
        return Refused(refusal_id=refusal_id, why=why)

    def _audit(self, arrival: Arrival, now: datetime, action: str, subject: str, reason: str) -> AuditEntry:
        return AuditEntry(
            entry_id=new_id("aud"),
            actor=arrival.actor,
            authentication=arrival.authentication,
            at=now,
            action=action,
            subject=subject,
            reason=reason,
            service_version=self._site.service_version,
        )


def _check_envelope(arrival: Arrival) -> None:
    if not arrival.complete:
        detail = f"A report may have {BODY_LIMIT} bytes; send the narrative in parts, as follow-ups of the same case."
        raise Unacceptable(413, "body-too-large", "Body too large", detail)
    if arrival.content_encoding.strip().lower() not in {"", "identity"}:
        detail = "Send the body as it is, without Content-Encoding."
        raise Unacceptable(415, "content-encoding", "Content-Encoding not taken", detail)
    if arrival.content_type.partition(";")[0].strip().lower() != "application/json":
        raise Unacceptable(415, "content-type", "Content-Type not taken", "Send Content-Type: application/json.")


def _check_reading(reading: Reading, strict: bool) -> None:
    if not reading.holds_clinical_content:
        detail = "The body tells of no patient, reaction, drug or narrative; say at least what happened."
        raise Unacceptable(422, "no-clinical-content", "No clinical content", detail)
    if strict and reading.queries:
        errors: list[dict[str, Any]] = msgspec.to_builtins(reading.queries)
        detail = f"{len(errors)} problem(s) found, and Prefer: handling=strict asked to refuse the report for them."
        raise Unacceptable(422, "strict-handling", "Report refused as you preferred", detail, errors)


def _accepted(
    report_id: str, sponsor: str, kept: KeptReceipt, queries: tuple[Query, ...], *, replayed: bool = False
) -> Accepted:
    return Accepted(report_id=report_id, sponsor=sponsor, kept=kept, queries=queries, replayed=replayed)


def _received(report_id: str, sponsor: str, receipt: Receipt, reading: Reading, content_sha256: str) -> Event:
    body = ReportReceived(
        report_id=report_id,
        receipt=receipt,
        sender=reading.sender,
        sponsor_stated=reading.sponsor_stated,
        content=reading.content,
        content_sha256=content_sha256,
        queries=reading.queries,
        latest_information_on=reading.latest_information_on,
    )
    event_id = derived_id("evt", report_id, "received")
    return event_of(
        event_id=event_id,
        topic=topics.REPORT_RECEIVED,
        at=receipt.received_at,
        sponsor=sponsor,
        subject=report_id,
        body=body,
    )


def _refusal(arrival: Arrival, why: Unacceptable, told: ReportRefused, country: str, audit: AuditEntry) -> Refusal:
    event_id = derived_id("evt", told.refusal_id, "refused")
    return Refusal(
        refusal_id=told.refusal_id,
        sponsor=UNASSIGNED,
        received_at=told.received_at,
        zone=told.zone,
        country=country,
        actor=arrival.actor,
        authentication=arrival.authentication,
        source=told.source,
        status_code=told.status,
        rule=why.rule,
        reason=told.reason,
        content_sha256=told.content_sha256,
        raw=arrival.content,
        complete=arrival.complete,
        content_type=arrival.content_type,
        status=Status(state=State.RECEIVED),
        event=event_of(
            event_id=event_id,
            topic=topics.REPORT_REFUSED,
            at=told.received_at,
            sponsor=UNASSIGNED,
            subject=told.refusal_id,
            body=told,
        ),
        audit=audit,
    )
