"""What arrives at a door, where it arrives, and how that is written down: a receipt (DOMAIN 5), an audit entry (18)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from shared.contracts.audit import AuditEntry, Changed
from shared.contracts.report_received import Receipt
from shared.ids import new_id


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came: its body up to the limit of its door, and the headers that matter."""

    content: bytes
    complete: bool  # False: the body went on beyond the limit
    content_type: str
    content_encoding: str
    idempotency_key: str
    strict: bool  # Prefer: handling=strict
    actor: str
    authentication: str
    channel: str
    sponsor_stated: str | None = None  # beside the body, where the body has no place for it
    sponsors: frozenset[str] | None = None  # for which its sender may send; None: whoever writes may name any


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The receiving site, whose zone gives a receipt its local date (DOMAIN 5)."""

    zone: ZoneInfo
    country: str
    service_version: str


def receipt_of(arrival: Arrival, site: Site, now: datetime, first_aware_at: str | None = None) -> Receipt:
    """Return the receipt of what arrived now."""
    return Receipt(
        receipt_id=new_id("rcp"),
        received_at=now,
        zone=site.zone.key,
        country=site.country,
        first_aware_at=first_aware_at,
        actor=arrival.actor,
        authentication=arrival.authentication,
        channel=arrival.channel,
    )


def audit_entry(
    arrival: Arrival, site: Site, now: datetime, sponsor: str, action: str, subject: str, reason: str, *changes: Changed
) -> AuditEntry:
    """Return the audit entry, in a sponsor's chain, of what whoever sent this did by it."""
    return AuditEntry(
        entry_id=new_id("aud"),
        sponsor=sponsor,
        actor=arrival.actor,
        authentication=arrival.authentication,
        at=now,
        action=action,
        subject=subject,
        reason=reason,
        service_version=site.service_version,
        changes=changes,
    )


def media_type(arrival: Arrival) -> str:
    """Return the content type without its parameters, in small letters."""
    return arrival.content_type.partition(";")[0].strip().lower()


def is_encoded(arrival: Arrival) -> bool:
    """Say whether the body is compressed, or anything else but as it is."""
    return arrival.content_encoding.strip().lower() not in {"", "identity"}
