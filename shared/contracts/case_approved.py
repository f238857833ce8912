"""``dayzero.case.approved.v1``: triage to reporting.

One approved version for one destination, with all that it takes to send it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from shared.contracts.case_snapshot import CaseSnapshot

LONGEST_REASON = 2000  # characters of C.1.11.2


class SponsorIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends: from the registry at the time of approval (DOMAIN 8)."""

    sponsor: str
    organisation: str
    company_code: str


class DestinationIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Where it goes: an authority with a pathway, and the ids both sides use (N.1.3, N.1.4, N.2.r.2, N.2.r.3)."""

    destination: str
    authority: str
    batch_sender: str
    batch_receiver: str
    message_sender: str
    message_receiver: str
    test: bool


class ExpeditedDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What C.1.7 and FDA.C.1.7.1 say of this message, and the obligations that it serves."""

    rule_id: str
    rulebook: str
    days: int
    due: date
    expedited: bool  # C.1.7 for this destination (DOMAIN 13)
    local_criteria_report_type: str | None  # FDA.C.1.7.1
    obligations: tuple[str, ...]
    record: dict[str, Any] | None = None  # the whole decision as stored: rules tried, facts, clocks, near misses


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """An electronic signature, as it is shown wherever its record is (21 CFR 11.50)."""

    signature_id: str
    signer: str  # the user's name, unique and never given to another
    full_name: str  # as printed
    meaning: str  # approval, review, responsibility, authorship
    at: datetime
    components: tuple[str, ...]  # by which the signer proved who she is: password, totp, oidc
    sha256: str  # of what was signed (triage.domain.signature)


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """Who approved, when, why (DOMAIN 18), and under which signature; approvals of before signatures have none."""

    actor: str
    authentication: str
    at: datetime
    reason: str
    signature: Signature | None = None


class CorrectionKind(StrEnum):
    """C.1.11.1."""

    NULLIFICATION = "nullification"
    AMENDMENT = "amendment"


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """That this message corrects what its destination was told, and why (C.1.11)."""

    kind: CorrectionKind
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_REASON)]  # C.1.11.2


class CaseApproved(msgspec.Struct, frozen=True, kw_only=True):
    """An approved, expedited decision. One event is one transmission attempt: exactly one message or one block."""

    approval_id: str
    safety_report_id: str  # C.1.1
    sponsor: SponsorIdentity
    destination: DestinationIdentity
    decision: ExpeditedDecision
    approval: Approval
    snapshot: CaseSnapshot
    correction: Correction | None = None  # None: a first report or a follow-up
