"""A downgrade takes two persons: one proposes and signs, another confirms and signs (DOMAIN 6).

What is proposed is bound to the version that was read: a new version, by whatever cause, lets it lapse. What is owed
stays owed, and the update is sent once the new version is approved.
"""

from collections.abc import Sequence

import msgspec
import rfc8785

from shared.clock import Clock
from shared.contracts.audit import Changed
from shared.ids import sha256
from triage.decide import Actor, Decide, signed
from triage.domain.amendment import Edit
from triage.domain.case import Case, CaseVersion, Cause, CauseKind, Change, Proposal
from triage.domain.refusal import Refusal
from triage.domain.seriousness import lowers
from triage.domain.signature import Meaning, Signing, content_hash
from triage.ports import CaseStore


class Downgrade:
    """Proposes, confirms and declines."""

    def __init__(self, decide: Decide, cases: CaseStore, clock: Clock) -> None:
        """Wire the use case; a confirmed downgrade is made as an amendment is."""
        self._decide = decide
        self._cases = cases
        self._clock = clock

    def propose(
        self, case_id: str, revision: int, actor: Actor, signing: Signing, reason: str, edits: Sequence[Edit]
    ) -> Case:
        """Propose edits that lower what is held of an event. Raises LookupError, Conflict or Refusal."""
        case = self._decide.read(case_id, revision, actor, reason)
        if case.proposal is not None:
            raise Refusal("A downgrade is proposed already; confirm or decline it first.")
        before = self._cases.version(case, case.current.number)
        _, made, _ = self._decide.amendment(case, edits, self._cause(actor, reason), may_lower=True)
        if not lowers(before.snapshot.content, made.snapshot.content):
            raise Refusal("This lowers nothing that is held of an event: amend the fields, one person may.")
        signature = signed(signing, actor, Meaning.RESPONSIBILITY, before, _hash(before, made.changes))
        proposal = Proposal(version=case.current.number, changes=made.changes, reason=reason, signature=signature)
        proposed = msgspec.structs.replace(case, revision=revision + 1, proposal=proposal)
        changed = [Changed(field=f"proposed{each.pointer}", old=each.old, new=each.new) for each in made.changes]
        audit = self._decide.entered(
            actor, "downgrade.proposed", reason, case, proposed, changed, signature.signature_id
        )
        self._cases.update(proposed, revision, [], audit, None)
        return proposed

    def confirm(self, case_id: str, revision: int, actor: Actor, signing: Signing, reason: str) -> Case:
        """Make the downgrade that another person proposed. Raises LookupError, Conflict or Refusal."""
        case, proposal = self._proposed(case_id, revision, actor, reason)
        if proposal.signature.signer == actor.name:
            raise Refusal("You proposed this downgrade; another person has to confirm it.")
        before = self._cases.version(case, case.current.number)
        second = signed(signing, actor, Meaning.APPROVAL, before, _hash(before, proposal.changes))
        cause = self._cause(actor, f"{proposal.reason} (proposed by {proposal.signature.signer}); {reason}")
        cause = msgspec.structs.replace(cause, signatures=(proposal.signature, second))
        edits = [Edit(each.pointer, msgspec.json.decode(each.new)) for each in proposal.changes]
        after, version, changed = self._decide.amendment(case, edits, cause, may_lower=True)
        audit = self._decide.entered(
            actor, "downgrade.confirmed", cause.reason, case, after, changed, second.signature_id
        )
        self._cases.add_version(after, version, revision, [], audit, None)
        return after

    def decline(self, case_id: str, revision: int, actor: Actor, reason: str) -> Case:
        """Take a proposal back, or refuse another person's. Raises LookupError, Conflict or Refusal."""
        case, _ = self._proposed(case_id, revision, actor, reason)
        declined = msgspec.structs.replace(case, revision=revision + 1, proposal=None)
        audit = self._decide.entered(actor, "downgrade.declined", reason, case, declined)
        self._cases.update(declined, revision, [], audit, None)
        return declined

    def _proposed(self, case_id: str, revision: int, actor: Actor, reason: str) -> tuple[Case, Proposal]:
        case = self._decide.read(case_id, revision, actor, reason)
        if case.proposal is None:
            raise Refusal("No downgrade is proposed; a new version of the case lets one lapse.")
        return case, case.proposal

    def _cause(self, actor: Actor, reason: str) -> Cause:
        return Cause(
            kind=CauseKind.AMENDMENT,
            actor=actor.name,
            authentication=actor.authentication,
            at=self._clock.now(),
            reason=reason,
        )


def _hash(version: CaseVersion, changes: Sequence[Change]) -> str:
    """Return the SHA-256 of what both persons sign: the version and what is to change in it."""
    signed_for = {"version": content_hash(version), "changes": [[each.pointer, each.new] for each in changes]}
    return sha256(rfc8785.dumps(signed_for))
