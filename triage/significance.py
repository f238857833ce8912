"""A follow-up is significant until a person records why not: then what it made due is settled, and stays on record.

News that makes a case due by a rule that it was not due by before, as an upgrade does, is significant whatever anybody
thinks of it (DOMAIN 6).
"""

import msgspec

from triage.decide import Actor, Decide, signed
from triage.domain.case import Case, CaseVersion, CauseKind, Obligation, ObligationState, SignedVersion
from triage.domain.obligations import earliest_due
from triage.domain.refusal import Refusal
from triage.domain.signature import Meaning, Signing
from triage.ports import CaseStore


class Significance:
    """Records that a follow-up is not significant."""

    def __init__(self, decide: Decide, cases: CaseStore) -> None:
        """Wire the use case."""
        self._decide = decide
        self._cases = cases

    def deny(self, case_id: str, revision: int, actor: Actor, signing: Signing, reason: str) -> Case:
        """Settle what the current version, a follow-up, made due. Raises LookupError, Conflict or Refusal."""
        case = self._decide.read(case_id, revision, actor, reason)
        version = self._cases.version(case, case.current.number)
        _refuse(case, version)
        signature = signed(signing, actor, Meaning.REVIEW, version)
        obligations = tuple(_settled(each, case, reason) for each in case.obligations)
        denied = msgspec.structs.replace(
            case,
            revision=revision + 1,
            obligations=obligations,
            due=earliest_due(obligations, case.decisions),
            signatures=(*case.signatures, SignedVersion(version=case.current.number, signature=signature)),
        )
        audit = self._decide.entered(
            actor, "follow_up.not_significant", reason, case, denied, signature=signature.signature_id
        )
        self._cases.update(denied, revision, [], audit, None)
        return denied


def _refuse(case: Case, version: CaseVersion) -> None:
    if version.cause.kind is not CauseKind.FOLLOW_UP:
        raise Refusal("Only a follow-up can be without significance; this version is none.")
    made = [each for each in case.obligations if each.version == case.current.number and not each.completion]
    if not [each for each in made if each.state is ObligationState.OPEN]:
        raise Refusal("The follow-up made nothing due that is still open.")
    before = {(each.destination, each.rule_id) for each in case.obligations if each.version < case.current.number}
    new = sorted({each.rule_id for each in made if (each.destination, each.rule_id) not in before})
    if new:
        words = f"The case was not due by {', '.join(new)} before: what is new in it is significant."
        raise Refusal(words, [("/reason", "significance", words)])


def _settled(each: Obligation, case: Case, reason: str) -> Obligation:
    if each.version != case.current.number or each.state is not ObligationState.OPEN or each.completion:
        return each
    return msgspec.structs.replace(each, state=ObligationState.NOT_SIGNIFICANT, errors=(reason,))
