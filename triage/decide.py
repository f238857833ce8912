"""What a safety physician does with a case: approve, return with a reason, amend a field with a reason.

An approval is of one version, by one revision; an amendment is a new version and starts no clock; a downgrade takes two
persons, which needs sign-in, so until then it is refused (DOMAIN 6).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.audit import AuditEntry, Changed
from shared.contracts.case_approved import (
    Approval,
    CaseApproved,
    DestinationIdentity,
    ExpeditedDecision,
    SponsorIdentity,
)
from shared.contracts.envelope import Event, event_of
from shared.ids import derived_id
from triage.domain.amendment import Edit, EditRefused, edited
from triage.domain.blockers import demonstration_codes
from triage.domain.case import (
    OUTSTANDING,
    Case,
    CaseVersion,
    Cause,
    CauseKind,
    GivenApproval,
    ObligationState,
    Status,
)
from triage.domain.decision import Decision
from triage.domain.derivation import primary_index
from triage.domain.pipeline import assess
from triage.domain.registry import Sponsor
from triage.domain.rulebook import Kind
from triage.domain.trail import case_changes, entry_for
from triage.open_case import Identity, advanced, frozen
from triage.ports import CaseStore, Conflict, ReferenceSource


class Refusal(Exception):
    """An action that the case does not allow now; each reason has a pointer, a rule and words with the cure."""

    def __init__(self, words: str, reasons: Sequence[tuple[str, str, str]] = ()) -> None:
        """``reasons`` are (pointer, rule id, words)."""
        super().__init__(words)
        self.reasons = tuple(reasons)


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts, in which scopes, and as what."""

    name: str
    authentication: str
    scopes: tuple[str, ...]
    roles: Mapping[str, tuple[str, ...]] = {}  # by sponsor, as the audit trail states them


class Decide:
    """The physician's actions."""

    def __init__(self, cases: CaseStore, reference: ReferenceSource, clock: Clock) -> None:
        """Wire the use case."""
        self._cases = cases
        self._reference = reference
        self._clock = clock

    def approve(self, case_id: str, revision: int, actor: Actor, reason: str) -> Case:
        """Approve the current version for every destination that it must be sent to.

        Raises LookupError, Conflict (somebody changed the case) or Refusal.
        """
        case = self._read(case_id, revision, actor, reason)
        _refuse_unfit(case)
        approval = Approval(actor=actor.name, authentication=actor.authentication, at=self._clock.now(), reason=reason)
        version = self._cases.version(case, case.current.number)
        expedited = [decision for decision in case.decisions if decision.kind is Kind.EXPEDITED]
        sponsor = self._reference.registry.sponsor(case.sponsor)
        _refuse_untransmittable(version, expedited, sponsor)
        safety_report_id = case.safety_report_id or (self._mint(version, sponsor) if expedited else None)
        given = [_given(case, decision, approval) for decision in expedited]
        approved = msgspec.structs.replace(
            case,
            revision=case.revision + 1,
            status=Status.APPROVED if given else Status.CLOSED,
            safety_report_id=safety_report_id,
            approvals=case.approvals + tuple(given),
            obligations=_advance(case, given),
            note=None,
        )
        events = [
            self._event(approved, version, decision, one, sponsor)
            for decision, one in zip(expedited, given, strict=True)
        ]
        self._cases.update(
            approved, revision, events, self._audit(actor, "case.approved", reason, case, approved), None
        )
        return approved

    def give_back(self, case_id: str, revision: int, actor: Actor, reason: str) -> Case:
        """Return the case to those who enter data, with the reason. Its clocks run on."""
        case = self._read(case_id, revision, actor, reason)
        returned = msgspec.structs.replace(case, revision=revision + 1, status=Status.RETURNED, note=reason)
        self._cases.update(returned, revision, [], self._audit(actor, "case.returned", reason, case, returned), None)
        return returned

    def amend(self, case_id: str, revision: int, actor: Actor, reason: str, edits: Sequence[Edit]) -> Case:
        """Change fields, all in one new version: no new source information, so no new clock (ICH E2B(R3) C.1.11).

        An edit is a JSON pointer into the content and its new value; ``/reactions/0/coding`` takes
        ``{"llt_code": …}``. One edit that cannot be made refuses them all.
        """
        case = self._read(case_id, revision, actor, reason)
        before = self._cases.version(case, case.current.number)
        reference = self._reference.for_sponsor(case.sponsor, self._clock.now().date())
        try:
            content, changes = edited(before.snapshot.content, edits, reference.terminology)
        except EditRefused as error:
            raise Refusal(str(error), [(error.pointer, error.rule, str(error))]) from error
        cause = Cause(
            kind=CauseKind.AMENDMENT,
            actor=actor.name,
            authentication=actor.authentication,
            at=self._clock.now(),
            reason=reason,
        )
        found = assess(content, before.clock_start, before.receipt_country, reference)
        identity = _identity(before)
        rulebook = reference.rulebook.version
        version = frozen(found, identity, cause, before.clock_start, before.receipt_country, rulebook)
        version = msgspec.structs.replace(version, changes=changes, queries=before.queries)
        after = advanced(case, version, case.id, case.sender_key)
        changed = [Changed(field=each.pointer, old=each.old, new=each.new) for each in changes]
        audit = self._audit(actor, "case.amended", reason, case, after, changed)
        self._cases.add_version(after, version, revision, [], audit, None)
        return after

    def authorities(self) -> dict[str, str]:
        """Return the authority of each destination of the rulebook in force."""
        return {each.id: each.authority for each in self._reference.rulebook.destinations}

    def _read(self, case_id: str, revision: int, actor: Actor, reason: str) -> Case:
        case = self._cases.get(case_id, actor.scopes)
        if case is None:
            raise LookupError(case_id)
        if case.revision != revision:
            raise Conflict(f"the case is at revision {case.revision}, not {revision}")
        if not reason.strip():
            raise Refusal(
                "A reason is required.", [("/reason", "reason", "Say why: a change without a reason is none.")]
            )
        return case

    def _audit(
        self, actor: Actor, action: str, reason: str, before: Case, after: Case, changed: Sequence[Changed] = ()
    ) -> AuditEntry:
        return entry_for(
            after.sponsor,
            after.id,
            action,
            reason,
            self._clock.now(),
            actor=actor.name,
            authentication=actor.authentication,
            changes=(*case_changes(before, after), *changed),
            rule=self._reference.rulebook.version,
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
        authority = self.authorities()[decision.destination]
        body = CaseApproved(
            approval_id=given.id,
            safety_report_id=case.safety_report_id or "",
            sponsor=SponsorIdentity(
                sponsor=sponsor.sponsor, organisation=sponsor.organisation, company_code=sponsor.company_code
            ),
            destination=DestinationIdentity(
                destination=decision.destination, authority=authority, **msgspec.structs.asdict(ids)
            ),
            decision=_expedited(decision, given),
            approval=given.approval,
            snapshot=version.snapshot,
        )
        return event_of(
            event_id=given.id,
            topic=topics.CASE_APPROVED,
            at=given.approval.at,
            sponsor=case.sponsor,
            subject=case.id,
            body=body,
        )


def _expedited(decision: Decision, given: GivenApproval) -> ExpeditedDecision:
    if decision.days is None or decision.due is None:
        raise ValueError(f"{decision.rule_id} is expedited without days")
    return ExpeditedDecision(
        rule_id=decision.rule_id,
        rulebook=decision.rulebook,
        days=decision.days,
        due=decision.due,
        expedited=True,  # C.1.7: EU for 15 and 90 days, FDA for 15 days with FDA.C.1.7.1 (DOMAIN 13)
        local_criteria_report_type=decision.local_criteria_report_type,
        obligations=given.obligations,
    )


def _given(case: Case, decision: Decision, approval: Approval) -> GivenApproval:
    serves = [o.id for o in case.obligations if o.destination == decision.destination and o.state in OUTSTANDING]
    number = str(case.current.number)
    return GivenApproval(
        id=derived_id("apr", case.id, number, decision.destination, approval.at.isoformat()),
        version=case.current.number,
        destination=decision.destination,
        obligations=tuple(serves),
        approval=approval,
    )


def _advance(case: Case, given: Sequence[GivenApproval]) -> tuple[Any, ...]:
    served = {obligation for one in given for obligation in one.obligations}
    return tuple(
        msgspec.structs.replace(o, state=ObligationState.APPROVED, errors=()) if o.id in served else o
        for o in case.obligations
    )


def _refuse_unfit(case: Case) -> None:
    if case.status not in {Status.REVIEW, Status.RETURNED}:
        raise Refusal(f"The case is {case.status.replace('_', ' ')}: there is nothing to approve.")
    approved = {one.state for one in case.approvals if one.version == case.current.number}
    if approved:
        stopped = approved & {ObligationState.REJECTED, ObligationState.BLOCKED}
        cure = f"amend what was {min(stopped)} first" if stopped else "nothing has changed since"
        raise Refusal(f"Version {case.current.number} was approved before; {cure}.")
    open_questions = [d for d in case.decisions if d.kind is Kind.UNDETERMINED]
    reasons = [(d.subject, d.rule_id, f"{d.destination}: {d.reason}") for d in open_questions]
    reasons += _owed_but_not_decided(case)
    if any(d.kind is Kind.EXPEDITED for d in case.decisions):
        reasons += [(blocker.pointer, blocker.rule_id, blocker.words) for blocker in case.blockers]
    if reasons:
        raise Refusal("The case has open questions; amend what each names, then approve.", reasons)


def _owed_but_not_decided(case: Case) -> list[tuple[str, str, str]]:
    """An obligation that a later version no longer calls for stands all the same: to close it is a downgrade."""
    expedited = {d.destination for d in case.decisions if d.kind is Kind.EXPEDITED}
    return [
        (o.id, "downgrade", f"{o.destination}: {o.rule_id} is owed by {o.due}; to close it takes two persons.")
        for o in case.obligations
        if o.state in OUTSTANDING and o.destination not in expedited
    ]


def _refuse_untransmittable(version: CaseVersion, expedited: Sequence[Decision], sponsor: Sponsor) -> None:
    reasons = []
    for decision in expedited:
        ids = sponsor.destinations.get(decision.destination)
        if ids is None:
            words = f"The registry has no sender ids of {sponsor.sponsor} for {decision.destination}; add them."
            reasons.append(("", "N.1.3", words))
        elif not ids.test and demonstration_codes(version.snapshot.content):
            words = f"{decision.destination} is no test destination, and the codes are invented; recode with MedDRA."
            reasons.append(("/reactions", "E.i.2.1b-demonstration", words))
    if reasons:
        raise Refusal("The case cannot be sent as it is.", reasons)


def _identity(before: CaseVersion) -> Identity:
    snapshot = before.snapshot
    return Identity(
        case_id=snapshot.case_id,
        version=snapshot.version + 1,
        sponsor=snapshot.sponsor,
        first_received_on=snapshot.first_received_on,
        latest_information_on=snapshot.latest_information_on,
        day_zero=snapshot.day_zero,
    )
