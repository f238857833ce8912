"""What cannot be accepted is kept, as a refusal that a person must look at, for its clock may be running (DOMAIN 1)."""

from datetime import datetime

import msgspec

from intake.domain.arrival import Arrival, Site, audit_entry
from intake.domain.records import Body, Refusal, State, Status
from intake.domain.scope import UNASSIGNED
from intake.ports import RefusalStore, Unacceptable
from shared.contracts import topics
from shared.contracts.audit import AuditEntry
from shared.contracts.envelope import event_of
from shared.contracts.report_refused import ReportRefused
from shared.ids import derived_id, new_id


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A durable refusal, and why."""

    refusal_id: str
    why: Unacceptable


class Refuse:
    """Keeps a refusal with its event and its bytes."""

    def __init__(self, refusals: RefusalStore, site: Site) -> None:
        """Wire it; it holds no state of its own."""
        self._refusals = refusals
        self._site = site

    def __call__(self, arrival: Arrival, why: Unacceptable, body: Body, now: datetime) -> Refused:
        """Keep a refusal; of a message in a file, the same one again. Raises the store's errors."""
        place = body.place
        refusal_id = derived_id("ref", place.file_id, str(place.number)) if place else new_id("ref")
        told = ReportRefused(
            refusal_id=refusal_id,
            received_at=now,
            zone=self._site.zone.key,
            status=why.status,
            reason=why.detail,
            source=f"{arrival.channel}:{arrival.actor}",
            content_sha256=body.content_sha256,
            bytes_kept=body.size,
        )
        audit = audit_entry(arrival, self._site, now, UNASSIGNED, "report.refused", refusal_id, why.rule)
        self._refusals.add(_refusal(arrival, why, told, self._site.country, audit, body))
        return Refused(refusal_id=refusal_id, why=why)


def _refusal(
    arrival: Arrival, why: Unacceptable, told: ReportRefused, country: str, audit: AuditEntry, body: Body
) -> Refusal:
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
        raw=body.raw,
        place=body.place,
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
