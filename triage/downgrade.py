"""A downgrade takes two persons: one proposes and signs, another confirms and signs (DOMAIN 6).

What is owed stays owed, and the update is sent once the new version is approved.
"""

from collections.abc import Sequence

import msgspec

from shared.clock import Clock
from triage.decide import Actor, Decide
from triage.domain.amendment import Edit
from triage.domain.case import Case, Cause, CauseKind, ProposalKind
from triage.domain.refusal import Refusal
from triage.domain.seriousness import lowers
from triage.domain.signature import Signing
from triage.ports import CaseStore
from triage.two_persons import TwoPersons


class Downgrade:
    """Proposes and confirms; it is declined as every proposal is."""

    def __init__(self, decide: Decide, cases: CaseStore, clock: Clock) -> None:
        """Wire the use case; a confirmed downgrade is made as an amendment is."""
        self._decide = decide
        self._cases = cases
        self._clock = clock
        self._two = TwoPersons(decide, cases, clock, ProposalKind.DOWNGRADE)
        self.decline = self._two.decline

    def propose(
        self, case_id: str, revision: int, actor: Actor, signing: Signing, reason: str, edits: Sequence[Edit]
    ) -> Case:
        """Propose edits that lower what is held of an event. Raises LookupError, Conflict or Refusal."""
        case = self._decide.read(case_id, revision, actor, reason)
        before = self._cases.version(case, case.current.number)
        cause = Cause(
            kind=CauseKind.AMENDMENT,
            actor=actor.name,
            authentication=actor.authentication,
            at=self._clock.now(),
            reason=reason,
        )
        _, made, _ = self._decide.amendment(case, edits, cause, may_lower=True)
        if not lowers(before.snapshot.content, made.snapshot.content):
            raise Refusal("This lowers nothing that is held of an event: amend the fields, one person may.")
        return self._two.propose(case, before, made.changes, actor, signing, reason)

    def confirm(self, case_id: str, revision: int, actor: Actor, signing: Signing, reason: str) -> Case:
        """Make the downgrade that another person proposed. Raises LookupError, Conflict or Refusal."""
        of = self._two.confirmed(case_id, revision, actor, signing, reason)
        edits = [Edit(each.pointer, msgspec.json.decode(each.new)) for each in of.proposal.changes]
        after, version, changed = self._decide.amendment(of.case, edits, of.cause, may_lower=True)
        return self._two.make(of, actor, after, version, changed)
