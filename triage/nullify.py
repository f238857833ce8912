"""Nullifying a case takes two persons, a reason, and signatures of both (ICH E2B(R3) C.1.11; DOMAIN 14, 15).

Its version is approved like any other, and tells whoever was told of the case. Nothing is deleted.
"""

from shared.clock import Clock
from shared.contracts.audit import Changed
from triage.decide import Actor, Decide
from triage.domain.case import Case, ProposalKind
from triage.domain.nullification import change, refuse_unvoidable, void
from triage.domain.signature import Signing
from triage.domain.versions import advanced
from triage.ports import CaseStore
from triage.two_persons import TwoPersons


class Nullify:
    """Proposes and confirms; it is declined as every proposal is."""

    def __init__(self, decide: Decide, cases: CaseStore, clock: Clock) -> None:
        """Wire the use case."""
        self._decide = decide
        self._cases = cases
        self._two = TwoPersons(decide, cases, clock, ProposalKind.NULLIFICATION)
        self.decline = self._two.decline

    def propose(self, case_id: str, revision: int, actor: Actor, signing: Signing, reason: str) -> Case:
        """Propose that the case is void; the reason is what authorities will read (C.1.11.2).

        Raises LookupError, Conflict or Refusal.
        """
        case = self._decide.read(case_id, revision, actor, reason)
        before = self._cases.version(case, case.current.number)
        refuse_unvoidable(case, before)
        return self._two.propose(case, before, [change(before, reason)], actor, signing, reason)

    def confirm(self, case_id: str, revision: int, actor: Actor, signing: Signing, reason: str) -> Case:
        """Make the nullification that another person proposed. Raises LookupError, Conflict or Refusal."""
        of = self._two.confirmed(case_id, revision, actor, signing, reason)
        refuse_unvoidable(of.case, of.before)
        version = void(of.case, of.before, of.cause, lambda number: self._cases.version(of.case, number))
        after = advanced(of.case, version, of.case.id, of.case.sender_key)
        changed = [Changed(field=each.pointer, old=each.old, new=each.new) for each in version.changes]
        return self._two.make(of, actor, after, version, changed)
