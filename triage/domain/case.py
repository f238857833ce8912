"""A case: versions are immutable; obligations are never deleted and never move later (DOMAIN 6, 15)."""

from datetime import UTC, date, datetime
from enum import StrEnum

import msgspec

from shared.contracts.case_approved import Approval, Correction, Signature
from shared.contracts.case_snapshot import CaseSnapshot
from shared.contracts.report_received import Query
from triage.domain.blockers import Blocker
from triage.domain.decision import Decision
from triage.domain.determination import Determination
from triage.domain.held_to import HeldTo
from triage.domain.inquiry import UNNAMED, Inquiry, News, Task, task_of
from triage.domain.rulebook import Kind


class Status(StrEnum):
    """Where a case stands in the review queue."""

    INVALID = "awaiting_minimum_criteria"
    REVIEW = "needs_review"
    RETURNED = "returned"
    APPROVED = "approved"
    CLOSED = "closed"


class ObligationState(StrEnum):
    """Where an obligation stands, in the order in which it advances."""

    OPEN = "open"
    APPROVED = "approved"
    BLOCKED = "blocked"
    BUILT = "built"
    SENT = "sent"
    REJECTED = "rejected"
    FULFILLED = "fulfilled"
    NULLIFIED = "nullified"  # the case was, and everybody who had been told of it knows
    NOT_SIGNIFICANT = "not_significant"  # a person recorded why the follow-up that made it due is not
    COMPLETE = "complete"  # a person recorded that the first report left nothing out


OUTSTANDING = {ObligationState.OPEN, ObligationState.BLOCKED, ObligationState.REJECTED}
SETTLED = {
    ObligationState.FULFILLED,
    ObligationState.NULLIFIED,
    ObligationState.NOT_SIGNIFICANT,
    ObligationState.COMPLETE,
}


class CauseKind(StrEnum):
    """Why a version exists."""

    INITIAL = "initial"
    FOLLOW_UP = "follow_up"
    AMENDMENT = "amendment"
    REDECISION = "redecision"  # under another rulebook, with the same facts
    NULLIFICATION = "nullification"  # the case is void


STARTS_NO_CLOCK = {CauseKind.AMENDMENT, CauseKind.REDECISION}


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Who or what made a version, when and why."""

    kind: CauseKind
    actor: str
    authentication: str
    at: datetime
    reason: str
    report_id: str | None = None  # the report that it came from; an amendment comes from none
    signatures: tuple[Signature, ...] = ()  # of what takes two persons: of who proposed and of who confirmed it
    received_at: datetime | None = None
    zone: str | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A value that an amendment changed: JSON text of the old and the new."""

    pointer: str
    old: str
    new: str


class CaseVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a case, frozen with everything that was found of it."""

    snapshot: CaseSnapshot
    cause: Cause
    clock_start: date  # on which the newest facts were known; an amendment keeps the one it amends
    receipt_country: str
    rulebook: str
    valid: bool
    determinations: tuple[Determination, ...]
    decisions: tuple[Decision, ...]
    blockers: tuple[Blocker, ...]
    queries: tuple[Query, ...] = ()
    changes: tuple[Change, ...] = ()
    held_to: HeldTo | None = None  # None of versions from before it was recorded


class Obligation(msgspec.Struct, frozen=True, kw_only=True):
    """A duty to tell one destination by a day."""

    id: str
    destination: str
    version: int  # that created it
    rule_id: str
    day_zero: date
    due: date
    arithmetic: str
    state: ObligationState = ObligationState.OPEN
    errors: tuple[str, ...] = ()
    completion: bool = False  # to tell what a first report left out: a later one does, or a person says it was whole


class GivenApproval(msgspec.Struct, frozen=True, kw_only=True):
    """An approval of a version for one destination, and what became of it: one transmission attempt."""

    id: str
    version: int
    destination: str
    obligations: tuple[str, ...]
    approval: Approval
    state: ObligationState = ObligationState.APPROVED
    file_name: str | None = None
    schema_checked: bool | None = None
    acknowledgement: str | None = None
    errors: tuple[str, ...] = ()
    correction: Correction | None = None


class SignedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A signature and the version that it is of; a later version leaves both as they are (DOMAIN 15)."""

    version: int
    signature: Signature


class ProposalKind(StrEnum):
    """What takes two persons."""

    DOWNGRADE = "downgrade"
    NULLIFICATION = "nullification"


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for a second person; it is of one version, and lapses with the next."""

    version: int
    changes: tuple[Change, ...]  # ``new`` is the JSON text of what is proposed
    reason: str
    signature: Signature
    kind: ProposalKind = ProposalKind.DOWNGRADE


class VersionRef(msgspec.Struct, frozen=True, kw_only=True):
    """A case's pointer at one of its versions."""

    number: int
    version_id: str
    kind: CauseKind
    report_id: str | None
    at: datetime
    decisions: dict[str, Kind]
    clock_start: date
    received_at: datetime | None = None  # of the report that caused it


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """The head of a case: what the queue shows, and what changes. ``revision`` guards against two writers."""

    id: str
    sponsor: str
    revision: int
    status: Status
    title: str
    versions: tuple[VersionRef, ...]
    obligations: tuple[Obligation, ...] = ()
    approvals: tuple[GivenApproval, ...] = ()
    decisions: tuple[Decision, ...] = ()  # of the current version
    blockers: tuple[Blocker, ...] = ()  # of the current version
    due: date | None = None  # the earliest day by which something must, or might have to, be sent
    day_zero: date | None = None
    sender_key: str | None = None
    safety_report_id: str | None = None
    note: str | None = None  # why it was returned, blocked or rejected
    signatures: tuple[SignedVersion, ...] = ()
    proposal: Proposal | None = None
    missing: tuple[str, ...] = ()  # minimum criteria that the current version lacks
    inquiries: tuple[Inquiry, ...] = ()  # follow-up attempts, the oldest first
    priority: str | None = None  # why a person looks at it before others: a designated medical event
    blinded_title: str | None = None  # as blinded people read it: once of a blinded trial, it is for good (DOMAIN 19)

    @property
    def blinded_trial(self) -> bool:
        """Say whether any version had a blinded drug."""
        return self.blinded_title is not None

    @property
    def opened_at(self) -> datetime:
        """Return when its first report was received."""
        return self.versions[0].received_at or self.versions[0].at

    @property
    def current(self) -> VersionRef:
        """The newest version."""
        return self.versions[-1]

    @property
    def is_void(self) -> bool:
        """Say whether the case is nullified: nothing of it changes any more."""
        return self.current.kind is CauseKind.NULLIFICATION

    @property
    def task(self) -> Task | None:
        """Return what is to be asked for; None where nothing is."""
        if self.is_void:
            return None
        missing = self.missing or (UNNAMED if self.status is Status.INVALID else ())
        newest = next((r for r in reversed(self.versions) if r.kind is not CauseKind.REDECISION), self.current)
        news = News(version=newest.number, on=newest.at.astimezone(UTC).date())
        return task_of(missing, self.inquiries, self.opened_at, news)

    def owed_by(self, clock_start: date, before: int) -> frozenset[str]:
        """Return the rules by which versions before one owe facts that were known before a day."""
        owed = (o for o in self.obligations if o.version < before and o.day_zero < clock_start)
        return frozenset(obligation.rule_id for obligation in owed)

    def approved_since(self, approval_id: str) -> int | None:
        """Return the newest version that was approved for the same destination after this approval, if any was."""
        given = next((a for a in self.approvals if a.id == approval_id), None)
        if given is None:
            return None
        later = [a.version for a in self.approvals if a.destination == given.destination and a.version > given.version]
        return max(later, default=None)
