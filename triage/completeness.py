"""A first report may be incomplete; what it left out follows within days, or a person signs that nothing was left out.

Regulation (EU) 536/2014, art. 42(3); SI 2004/1031 reg. 33; C.05.014(1)(b): the seven-day reports of trials.
"""

import msgspec

from triage.decide import Actor, Decide, signed
from triage.domain.case import Case, Obligation, ObligationState, SignedVersion
from triage.domain.nullification import refuse_void
from triage.domain.obligations import closed_if_done, earliest_due
from triage.domain.refusal import Refusal
from triage.domain.signature import Meaning, Signing
from triage.ports import CaseStore

_TOLD = {ObligationState.APPROVED, ObligationState.BUILT, ObligationState.SENT, ObligationState.FULFILLED}


class Completeness:
    """Records that what was told left nothing out."""

    def __init__(self, decide: Decide, cases: CaseStore) -> None:
        """Wire the use case."""
        self._decide = decide
        self._cases = cases

    def state(self, case_id: str, revision: int, actor: Actor, signing: Signing, reason: str) -> Case:
        """Settle what was due to complete a report, where one was approved. Raises LookupError, Conflict or Refusal."""
        case = self._decide.read(case_id, revision, actor, reason)
        refuse_void(case)
        waits = waiting(case)
        if not waits:
            words = "No report waits to be completed of which a version was approved; approve the first report first."
            raise Refusal(words)
        signature = signed(signing, actor, Meaning.REVIEW, self._cases.version(case, case.current.number))
        obligations = tuple(_settled(each, reason) if each in waits else each for each in case.obligations)
        complete = msgspec.structs.replace(
            case,
            revision=revision + 1,
            obligations=obligations,
            due=earliest_due(obligations, case.decisions),
            signatures=(*case.signatures, SignedVersion(version=case.current.number, signature=signature)),
        )
        complete = closed_if_done(complete)
        audit = self._decide.entered(actor, "report.complete", reason, case, complete, signature=signature.signature_id)
        self._cases.update(complete, revision, [], audit, None)
        return complete


def waiting(case: Case) -> list[Obligation]:
    """Return what is due to complete reports that were approved."""
    told = [(each.destination, each.version) for each in case.approvals if each.state in _TOLD]
    open_ones = (each for each in case.obligations if each.completion and each.state is ObligationState.OPEN)
    return [each for each in open_ones if any(to == each.destination and n >= each.version for to, n in told)]


def _settled(each: Obligation, reason: str) -> Obligation:
    return msgspec.structs.replace(each, state=ObligationState.COMPLETE, errors=(reason,))
