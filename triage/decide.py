"""What a safety physician does with a case: approve, return with a reason, amend a field with a reason.

An approval is of one version, by one revision; an amendment is a new version and starts no clock; a downgrade takes two
persons (``triage.downgrade``, DOMAIN 6).
"""

from collections.abc import Mapping, Sequence

import msgspec

from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.audit import AuditEntry, Changed
from shared.contracts.case_approved import (
    Approval,
    CaseApproved,
    DestinationIdentity,
    Signature,
    SponsorIdentity,
)
from shared.contracts.envelope import Event, event_of
from triage.domain import approval as approvals
from triage.domain.amendment import Edit, EditRefused, edited
from triage.domain.blinding import refuse_blinded
from triage.domain.case import Case, CaseVersion, Cause, CauseKind, GivenApproval, SignedVersion, Status
from triage.domain.decision import Decision
from triage.domain.derivation import primary_index
from triage.domain.nullification import refuse_void, settled
from triage.domain.obligations import closed_if_done
from triage.domain.pipeline import assess
from triage.domain.refusal import Refusal
from triage.domain.registry import Sponsor
from triage.domain.signature import Meaning, Signing, content_hash, signature_of
from triage.domain.trail import case_changes, entry_for
from triage.domain.versions import Identity, advanced, frozen
from triage.ports import CaseStore, Conflict, ReferenceSource


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts, in which scopes, and as what."""

    name: str
    authentication: str
    scopes: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]] = {}  # by sponsor, as the audit trail states them
    unblinded: tuple[str, ...] = ()  # sponsors whose allocations she may see (DOMAIN 19)


class Decide:
    """The physician's actions."""

    def __init__(self, cases: CaseStore, reference: ReferenceSource, clock: Clock) -> None:
        """Wire the use case."""
        self._cases = cases
        self._reference = reference
        self._clock = clock

    def approve(self, case_id: str, revision: int, actor: Actor, signing: Signing, reason: str) -> Case:
        """Approve the current version, under a signature, for every destination that it must be sent to.

        Raises LookupError, Conflict (somebody changed the case) or Refusal.
        """
        case = self.read(case_id, revision, actor, reason)
        version = self._cases.version(case, case.current.number)
        tells = approvals.told(case, lambda number: self._cases.version(case, number))
        sponsor = self._reference.registry.sponsor(case.sponsor)
        approvals.refuse_unfit(case, tells)
        approvals.refuse_untransmittable(version, tells, sponsor)
        signature = signed(signing, actor, Meaning.APPROVAL, version)
        approval = Approval(
            actor=actor.name,
            authentication=actor.authentication,
            at=self._clock.now(),
            reason=reason,
            signature=signature,
        )
        given = [approvals.given(case, version, decision, approval) for decision in tells]
        approved = msgspec.structs.replace(
            case,
            revision=case.revision + 1,
            status=Status.APPROVED,
            safety_report_id=case.safety_report_id or (self._mint(version, sponsor) if given else None),
            approvals=case.approvals + tuple(given),
            obligations=approvals.advance(case, given),
            signatures=(*case.signatures, SignedVersion(version=case.current.number, signature=signature)),
            note=None,
        )
        approved = closed_if_done(settled(approved))
        events = [
            self._event(approved, version, decision, one, sponsor) for decision, one in zip(tells, given, strict=True)
        ]
        audit = self.entered(actor, "case.approved", reason, case, approved, signature=signature.signature_id)
        self._cases.update(approved, revision, events, audit, None)
        return approved

    def give_back(self, case_id: str, revision: int, actor: Actor, reason: str) -> Case:
        """Return the case to those who enter data, with the reason. Its clocks run on."""
        case = self.read(case_id, revision, actor, reason)
        returned = msgspec.structs.replace(case, revision=revision + 1, status=Status.RETURNED, note=reason)
        self._cases.update(returned, revision, [], self.entered(actor, "case.returned", reason, case, returned), None)
        return returned

    def amend(self, case_id: str, revision: int, actor: Actor, reason: str, edits: Sequence[Edit]) -> Case:
        """Change fields, all in one new version: no new source information, so no new clock (ICH E2B(R3) C.1.11).

        An edit is a JSON pointer into the content and its new value; ``/reactions/0/coding`` takes
        ``{"llt_code": …}``. One edit that cannot be made refuses them all.
        """
        case = self.read(case_id, revision, actor, reason)
        cause = Cause(
            kind=CauseKind.AMENDMENT,
            actor=actor.name,
            authentication=actor.authentication,
            at=self._clock.now(),
            reason=reason,
        )
        after, version, changed = self.amendment(case, edits, cause)
        audit = self.entered(actor, "case.amended", reason, case, after, changed)
        self._cases.add_version(after, version, revision, [], audit, None)
        return after

    def amendment(
        self, case: Case, edits: Sequence[Edit], cause: Cause, may_lower: bool = False, may_unblind: bool = False
    ) -> tuple[Case, CaseVersion, list[Changed]]:
        """Return the case and its new version with these edits, and what they change. Raises Refusal."""
        refuse_void(case)
        before = self._cases.version(case, case.current.number)
        reference = self._reference.for_sponsor(case.sponsor, cause.at.date())
        try:
            content, changes = edited(before.snapshot.content, edits, reference.terminology, may_lower, may_unblind)
        except EditRefused as error:
            raise Refusal(str(error), [(error.pointer, error.rule, str(error))]) from error
        owed_by = case.owed_by(before.clock_start, before.snapshot.version + 1)
        found = assess(content, before.clock_start, before.receipt_country, reference, owed_by)
        identity = Identity.after(before.snapshot)
        version = frozen(found, identity, cause, before.clock_start, before.receipt_country, reference)
        version = msgspec.structs.replace(version, changes=changes, queries=before.queries)
        changed = [Changed(field=each.pointer, old=each.old, new=each.new) for each in changes]
        return advanced(case, version, case.id, case.sender_key), version, changed

    def authorities(self, sponsor: str) -> dict[str, str]:
        """Return the authority of each destination that a sponsor has sender ids for; where it has none, of all."""
        known = {each.id: each.authority for book in self._reference.rulebooks for each in book.destinations}
        ids = self._reference.registry.sponsor(sponsor).destinations
        return {name: authority for name, authority in known.items() if not ids or name in ids}

    def destination_names(self) -> dict[str, str]:
        """Return the name of each destination of any rulebook."""
        return {each.id: each.name for book in self._reference.rulebooks for each in book.destinations}

    def read(self, case_id: str, revision: int, actor: Actor, reason: str) -> Case:
        """Return the case at the revision that was read. Raises LookupError, Blinded, Conflict or Refusal."""
        case = self._cases.get(case_id, actor.scopes)
        if case is None:
            raise LookupError(case_id)
        refuse_blinded(case, actor.unblinded)
        if case.revision != revision:
            raise Conflict(f"the case is at revision {case.revision}, not {revision}")
        if not reason.strip():
            raise Refusal(
                "A reason is required.", [("/reason", "reason", "Say why: a change without a reason is none.")]
            )
        return case

    def entered(
        self,
        actor: Actor,
        action: str,
        reason: str,
        before: Case,
        after: Case,
        changed: Sequence[Changed] = (),
        signature: str | None = None,
    ) -> AuditEntry:
        """Return the audit entry of what somebody did to a case."""
        return entry_for(
            after.sponsor,
            after.id,
            action,
            reason,
            self._clock.now(),
            actor=actor.name,
            authentication=actor.authentication,
            roles=actor.roles.get(after.sponsor, ()),
            changes=(*case_changes(before, after), *changed),
            rule=self._reference.rulebook(self._clock.now().date()).version,
            signature=signature,
            discloses=after.blinded_trial,
        )

    def _mint(self, version: CaseVersion, sponsor: Sponsor) -> str:
        """Make C.1.1: country of the source for regulatory purposes, company code, number; once for each case."""
        snapshot = version.snapshot
        primary = primary_index(snapshot.content)
        country = None
        if primary is not None:
            reported = snapshot.content.reporters[primary].country
            country = reported or snapshot.derived_value(f"/reporters/{primary}/country")
        country = country or version.receipt_country
        number = self._cases.next_number(sponsor.sponsor)
        return f"{country}-{sponsor.company_code}-{number:08d}"

    def _event(
        self, case: Case, version: CaseVersion, decision: Decision, given: GivenApproval, sponsor: Sponsor
    ) -> Event:
        ids = sponsor.destinations[decision.destination]
        authority = self.authorities(case.sponsor)[decision.destination]
        body = CaseApproved(
            approval_id=given.id,
            safety_report_id=case.safety_report_id or "",
            sponsor=SponsorIdentity(
                sponsor=sponsor.sponsor, organisation=sponsor.organisation, company_code=sponsor.company_code
            ),
            destination=DestinationIdentity(
                destination=decision.destination, authority=authority, **msgspec.structs.asdict(ids)
            ),
            decision=approvals.expedited(case, decision, _record(version, decision), given),
            approval=given.approval,
            snapshot=version.snapshot,
            correction=given.correction,
        )
        return event_of(
            event_id=given.id,
            topic=topics.CASE_APPROVED,
            at=given.approval.at,
            sponsor=case.sponsor,
            subject=case.id,
            body=body,
        )


def _record(version: CaseVersion, decision: Decision) -> Decision:
    """Return a decision with the rules tried: the head of the case keeps it without; an older one is whole."""
    own = (each for each in version.decisions if each.brief == decision)
    return next(own, decision)


def signed(signing: Signing, actor: Actor, meaning: Meaning, version: CaseVersion, content: str = "") -> Signature:
    """Return the signature of a version, or of ``content`` beside it. Raises Refusal: nobody signs for another."""
    if signing.signer != actor.name:
        raise Refusal("Nobody signs for another: prove who you are, then sign.")
    record = f"{version.snapshot.case_id}/{version.snapshot.version}"
    return signature_of(signing, meaning, record, content or content_hash(version))
