"""A report is never lost: 202 means that bytes, hash, structured form and pending event are durable (DOMAIN 1, 2).

What cannot be accepted is kept too, as a refusal that a person must look at, for its clock may be running.
"""

from datetime import datetime

import msgspec

from intake.domain.arrival import Arrival, Site, audit_entry, is_encoded, media_type, receipt_of
from intake.domain.records import Body, Held, KeptReceipt, Report, State, Status, body_of
from intake.domain.scope import EVERY_SPONSOR, Scope, scope_of
from intake.ports import AlreadyHeld, Reading, RefusalStore, ReportReader, ReportStore, Unacceptable
from intake.refuse import Refuse, Refused
from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.audit import AuditEntry
from shared.contracts.envelope import Event, event_of
from shared.contracts.report_received import Query, Receipt, ReportReceived
from shared.ids import derived_id, new_id

__all__ = ["BODY_LIMIT", "Accepted", "Arrival", "Receive", "Refused", "Site"]

BODY_LIMIT = 1_000_000  # bytes


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """A durable receipt, and the report that it belongs to."""

    report_id: str
    sponsor: str
    kept: KeptReceipt
    queries: tuple[Query, ...]
    replayed: bool = False


class Receive:
    """The use case: a request becomes an accepted receipt or a kept refusal."""

    def __init__(
        self, reader: ReportReader, reports: ReportStore, refusals: RefusalStore, clock: Clock, site: Site
    ) -> None:
        """Wire the use case; it holds no state of its own."""
        self._reader = reader
        self._reports = reports
        self._refuse = Refuse(refusals, site)
        self._clock = clock
        self._site = site

    def __call__(self, arrival: Arrival) -> Accepted | Refused:
        """Take a request. Raises the store's errors: then nothing was promised."""
        now = self._clock.now()
        try:
            _check_envelope(arrival)
            reading = self._reader.read(arrival.content, now.astimezone(self._site.zone))
            _check_reading(reading, arrival.strict)
            return self.keep(arrival, reading, body_of(arrival.content), now)
        except Unacceptable as why:
            return self._refuse(arrival, why, body_of(arrival.content), now)

    def keep(
        self, arrival: Arrival, reading: Reading, body: Body, now: datetime, since: datetime | None = None
    ) -> Accepted:
        """Keep a report, or meet the one that is kept already. Raises Unacceptable and the store's errors.

        ``since``: its bytes were kept then already, so its clock runs from there.
        """
        report = self._report(arrival, reading, body, now, since or now)
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
        receipt = msgspec.structs.replace(report.first.receipt, received_at=now)
        repeat = msgspec.structs.replace(report.first, receipt=receipt, repeat=True)
        audit = self._audit(arrival, now, held.sponsor, "receipt.repeated", held.report_id, "the same bytes came again")
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
        audit = self._audit(
            arrival, now, held.sponsor, "receipt.replayed", held.report_id, "the same request came again"
        )
        self._reports.add_replay(held, audit)
        kept = next(each for each in held.receipts if each.key == key)
        return _accepted(held.report_id, held.sponsor, kept, held.queries, replayed=True)

    def _report(self, arrival: Arrival, reading: Reading, body: Body, now: datetime, since: datetime) -> Report:
        report_id = new_id("rep")
        receipt = receipt_of(arrival, self._site, since, reading.first_aware_at)
        sponsor = scope_of(reading.sponsor_stated, arrival.sponsors)
        reading = _with_query(reading, arrival.sponsors)
        key = derived_id("key", arrival.actor, arrival.idempotency_key) if arrival.idempotency_key else None
        return Report(
            report_id=report_id,
            sponsor=sponsor,
            content_sha256=body.content_sha256,
            raw=body.raw,
            place=body.place,
            content_type=arrival.content_type,
            first=KeptReceipt(receipt=receipt, repeat=False, key=key),
            sender=reading.sender,
            content=reading.content,
            queries=reading.queries,
            status=Status(state=State.RECEIVED),
            event=_received(report_id, sponsor, receipt, reading, body.content_sha256),
            audit=self._audit(arrival, now, sponsor, "report.received", report_id, f"came by {arrival.channel}"),
        )

    def _audit(
        self, arrival: Arrival, now: datetime, sponsor: str, action: str, subject: str, reason: str
    ) -> AuditEntry:
        return audit_entry(arrival, self._site, now, sponsor, action, subject, reason)


def _with_query(reading: Reading, permitted: Scope) -> Reading:
    """Ask about a sponsor for whom the sender may not send; the report is kept all the same."""
    stated = reading.sponsor_stated
    if permitted is None or not stated or stated in permitted:
        return reading
    words = "Your key is not for this sponsor; the report is kept, and a person finds whose it is."
    query = Query(
        pointer="/sponsor", rule="sponsor-of-key", words=words, value=msgspec.json.encode(stated).decode()[:500]
    )
    return msgspec.structs.replace(reading, queries=(*reading.queries, query))


def _check_envelope(arrival: Arrival) -> None:
    if not arrival.complete:
        detail = f"A report may have {BODY_LIMIT} bytes; send the narrative in parts, as follow-ups of the same case."
        raise Unacceptable(413, "body-too-large", "Body too large", detail)
    if is_encoded(arrival):
        detail = "Send the body as it is, without Content-Encoding."
        raise Unacceptable(415, "content-encoding", "Content-Encoding not taken", detail)
    if media_type(arrival) != "application/json":
        raise Unacceptable(415, "content-type", "Content-Type not taken", "Send Content-Type: application/json.")


def _check_reading(reading: Reading, strict: bool) -> None:
    if not reading.holds_clinical_content:
        detail = "The body tells of no patient, reaction, drug or narrative; say at least what happened."
        raise Unacceptable(422, "no-clinical-content", "No clinical content", detail)
    if strict and reading.queries:
        errors = [{"pointer": each.pointer, "rule": each.rule, "words": each.words} for each in reading.queries]
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
