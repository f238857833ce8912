"""The blind is broken for one subject, by who may, with a reason and a signature (ICH E6(R3); GVP Module VI.C.2).

Who sees what is not for blinded eyes is entered, too (DOMAIN 19).
"""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from shared.clock import Clock
from shared.contracts.audit import AuditEntry
from shared.contracts.clinical import CaseContent
from triage.decide import Actor, Decide, signed
from triage.domain.amendment import Edit
from triage.domain.case import Case, Cause, CauseKind
from triage.domain.refusal import Refusal
from triage.domain.signature import Meaning, Signing
from triage.domain.trail import entry_for
from triage.ports import CaseStore


class Allocation(msgspec.Struct, frozen=True, kw_only=True):
    """What a drug of the case that was blinded turned out to be."""

    drug: int
    name: str
    placebo: bool = False


class Unblind:
    """What those do who may know an allocation."""

    def __init__(self, decide: Decide, cases: CaseStore, clock: Clock, enter: Callable[[AuditEntry], None]) -> None:
        """``enter`` keeps an entry of what changed nothing."""
        self._decide = decide
        self._cases = cases
        self._clock = clock
        self._enter = enter

    def __call__(
        self,
        case_id: str,
        revision: int,
        actor: Actor,
        signing: Signing,
        reason: str,
        allocations: Sequence[Allocation],
    ) -> Case:
        """Make the version in which every drug that was blinded is what it was; it starts no clock.

        Raises LookupError, Blinded, Conflict or Refusal.
        """
        case = self._decide.read(case_id, revision, actor, reason)
        before = self._cases.version(case, case.current.number)
        edits = list(_edits(before.snapshot.content, allocations))
        signature = signed(signing, actor, Meaning.RESPONSIBILITY, before)
        cause = Cause(
            kind=CauseKind.AMENDMENT,
            actor=actor.name,
            authentication=actor.authentication,
            at=self._clock.now(),
            reason=reason,
            signatures=(signature,),
        )
        after, version, changed = self._decide.amendment(case, edits, cause, may_unblind=True)
        audit = self._decide.entered(
            actor, "case.unblinded", reason, case, after, changed, signature=signature.signature_id
        )
        self._cases.add_version(after, version, revision, [], audit, None)
        return after

    def seen(self, case: Case, actor: Actor) -> None:
        """Enter that somebody saw a case of a blinded trial with all that follows of its allocation."""
        if case.blinded_trial:
            self._seen(case.sponsor, case.id, "case.seen_unblinded", actor)

    def seen_trail(self, sponsor: str, actor: Actor) -> None:
        """Enter that somebody saw entries of the audit trail that disclose."""
        self._seen(sponsor, "audit", "trail.seen_unblinded", actor)

    def _seen(self, sponsor: str, subject: str, action: str, actor: Actor) -> None:
        roles, authentication = actor.roles.get(sponsor, ()), actor.authentication
        entry = entry_for(
            sponsor,
            subject,
            action,
            "view",
            self._clock.now(),
            actor=actor.name,
            authentication=authentication,
            roles=roles,
            discloses=True,
        )
        self._enter(entry)


def _edits(content: CaseContent, allocations: Sequence[Allocation]) -> Iterator[Edit]:
    """Raises Refusal: the subject is unblinded whole or not at all."""
    blinded = [place for place, drug in enumerate(content.drugs) if drug.blinded]
    if not blinded:
        raise Refusal("No drug of this case is blinded.")
    if sorted(each.drug for each in allocations) != blinded or not all(each.name.strip() for each in allocations):
        named = ", ".join(f"drug {place + 1}" for place in blinded)
        raise Refusal("Say what was given.", [("/allocations", "unblinding", f"Name what each was: {named}.")])
    for each in allocations:
        if each.name.strip() != content.drugs[each.drug].name:
            yield Edit(f"/drugs/{each.drug}/name", each.name.strip())
        yield Edit(f"/drugs/{each.drug}/blinded", None)
        if each.placebo:
            yield Edit(f"/drugs/{each.drug}/placebo", True)
