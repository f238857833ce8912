"""What takes two persons is proposed and signed by one, confirmed and signed by another (DOMAIN 6, 15).

What is proposed is bound to the version that was read: a new version, by whatever cause, lets it lapse.
"""

from collections.abc import Sequence

import msgspec
import rfc8785

from shared.clock import Clock
from shared.contracts.audit import Changed
from shared.ids import sha256
from triage.decide import Actor, Decide, signed
from triage.domain.case import Case, CaseVersion, Cause, CauseKind, Change, Proposal, ProposalKind
from triage.domain.refusal import Refusal
from triage.domain.signature import Meaning, Signing, content_hash
from triage.ports import CaseStore

CAUSES = {
    ProposalKind.DOWNGRADE: CauseKind.AMENDMENT,
    ProposalKind.NULLIFICATION: CauseKind.NULLIFICATION,
}


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal that two persons signed, and the cause of the version that it becomes."""

    case: Case
    before: CaseVersion
    proposal: Proposal
    cause: Cause
    reason: str  # for the audit trail: what both said; the cause has what goes to authorities


class TwoPersons:
    """Keeps proposals of one kind until they are confirmed, declined or lapse."""

    def __init__(self, decide: Decide, cases: CaseStore, clock: Clock, kind: ProposalKind) -> None:
        """Wire the use case."""
        self._decide = decide
        self._cases = cases
        self._clock = clock
        self._kind = kind

    def propose(
        self, case: Case, before: CaseVersion, changes: Sequence[Change], actor: Actor, signing: Signing, reason: str
    ) -> Case:
        """Keep what one person proposes for a case that was read just now. Raises Conflict or Refusal."""
        if case.proposal is not None:
            raise Refusal(f"A {case.proposal.kind} is proposed already; confirm or decline it first.")
        signature = signed(signing, actor, Meaning.RESPONSIBILITY, before, _hash(before, changes))
        proposal = Proposal(
            version=case.current.number, changes=tuple(changes), reason=reason, signature=signature, kind=self._kind
        )
        proposed = msgspec.structs.replace(case, revision=case.revision + 1, proposal=proposal)
        changed = [Changed(field=f"proposed{each.pointer}", old=each.old, new=each.new) for each in changes]
        audit = self._decide.entered(
            actor, f"{self._kind}.proposed", reason, case, proposed, changed, signature.signature_id
        )
        self._cases.update(proposed, case.revision, [], audit, None)
        return proposed

    def confirmed(self, case_id: str, revision: int, actor: Actor, signing: Signing, reason: str) -> Confirmed:
        """Return what another person proposed, signed by both. Raises LookupError, Conflict or Refusal."""
        case, proposal = self._proposed(case_id, revision, actor, reason)
        if proposal.signature.signer == actor.name:
            raise Refusal(f"You proposed this {self._kind}; another person has to confirm it.")
        before = self._cases.version(case, case.current.number)
        cause = Cause(
            kind=CAUSES[self._kind],
            actor=actor.name,
            authentication=actor.authentication,
            at=self._clock.now(),
            reason=proposal.reason,
            signatures=(
                proposal.signature,
                signed(signing, actor, Meaning.APPROVAL, before, _hash(before, proposal.changes)),
            ),
        )
        said = f"{proposal.reason} (proposed by {proposal.signature.signer}); {reason}"
        return Confirmed(case=case, before=before, proposal=proposal, cause=cause, reason=said)

    def make(self, of: Confirmed, actor: Actor, after: Case, version: CaseVersion, changed: Sequence[Changed]) -> Case:
        """Store the version that was confirmed. Raises Conflict."""
        signature_id = of.cause.signatures[-1].signature_id
        audit = self._decide.entered(actor, f"{self._kind}.confirmed", of.reason, of.case, after, changed, signature_id)
        self._cases.add_version(after, version, of.case.revision, [], audit, None)
        return after

    def decline(self, case_id: str, revision: int, actor: Actor, reason: str) -> Case:
        """Take a proposal back, or refuse another person's. Raises LookupError, Conflict or Refusal."""
        case, _ = self._proposed(case_id, revision, actor, reason)
        declined = msgspec.structs.replace(case, revision=revision + 1, proposal=None)
        audit = self._decide.entered(actor, f"{self._kind}.declined", reason, case, declined)
        self._cases.update(declined, revision, [], audit, None)
        return declined

    def _proposed(self, case_id: str, revision: int, actor: Actor, reason: str) -> tuple[Case, Proposal]:
        case = self._decide.read(case_id, revision, actor, reason)
        if case.proposal is None or case.proposal.kind is not self._kind:
            raise Refusal(f"No {self._kind} is proposed; a new version of the case lets one lapse.")
        return case, case.proposal


def _hash(version: CaseVersion, changes: Sequence[Change]) -> str:
    """Return the SHA-256 of what both persons sign: the version and what is to change in it."""
    signed_for = {"version": content_hash(version), "changes": [[each.pointer, each.new] for each in changes]}
    return sha256(rfc8785.dumps(signed_for))
