"""``dayzero.report.received.v1``: intake to triage. A report was kept durably; its clock may be running."""

from datetime import datetime

import msgspec

from shared.contracts.clinical import CaseContent
from shared.contracts.code_lists import SenderType


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A field problem to ask the sender about; it never refuses a report (DOMAIN 1)."""

    pointer: str  # RFC 6901, into the body as received
    rule: str
    words: str
    value: str | None = None  # what was received there, as JSON text, cut to 500 characters


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """When, where and from whom bytes arrived (DOMAIN 5)."""

    receipt_id: str
    received_at: datetime
    zone: str  # IANA zone of the receiving site
    country: str  # of the receiving site, ISO 3166-1 alpha-2
    first_aware_at: str | None = None  # date or instant that the partner stated, if earlier
    actor: str
    authentication: str
    channel: str


class Sender(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who sent the report, and the id that they gave the case."""

    organisation: str | None = None
    type: SenderType | None = None
    case_id: str | None = None


class ReportReceived(msgspec.Struct, frozen=True, kw_only=True):
    """A report as intake kept it."""

    report_id: str
    receipt: Receipt
    sender: Sender
    sponsor_stated: str | None
    content: CaseContent
    content_sha256: str
    queries: tuple[Query, ...] = ()
    latest_information_on: str | None = None  # the source's own date of the newest fact, where it states one
