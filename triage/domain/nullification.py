"""A nullification says that a case is void, whole, to those who were told of it (ICH E2B(R3) C.1.11; DOMAIN 14).

Nothing is deleted and no date moves: what was owed of the case is settled once everybody who was told knows.
"""

from collections.abc import Callable

import msgspec
from msgspec import UNSET

from triage.domain.blockers import SENDER_NULLIFIED
from triage.domain.case import (
    OUTSTANDING,
    Case,
    CaseVersion,
    Cause,
    CauseKind,
    Change,
    ObligationState,
    Status,
    VersionRef,
)
from triage.domain.decision import Decision
from triage.domain.determination import Confidence
from triage.domain.obligations import earliest_due
from triage.domain.refusal import Refusal
from triage.domain.rulebook import Kind
from triage.domain.versions import Identity

POINTER = "/nullified"
# What was rejected or could not be built was not loaded: who had nothing else was never told (FDA R0101).
_TELLING = {ObligationState.APPROVED, ObligationState.BUILT, ObligationState.SENT, ObligationState.FULFILLED}


def last_told(case: Case, destination: str) -> VersionRef | None:
    """Return the newest version that a destination was told, or that is on its way to it."""
    told = {a.version for a in case.approvals if a.destination == destination and a.state in _TELLING}
    return next((ref for ref in reversed(case.versions) if ref.number in told), None)


def refuse_void(case: Case) -> None:
    """Refuse to change a nullified case. Raises Refusal."""
    if case.is_void:
        raise Refusal("The case is nullified: it is not changed any more. What is reported of it later is a new case.")


def refuse_unvoidable(case: Case, before: CaseVersion) -> None:
    """Refuse to nullify what is void already, or what no message could be made of. Raises Refusal."""
    if case.is_void and case.status in {Status.APPROVED, Status.CLOSED}:
        raise Refusal("The case is nullified already.")
    if any(_must_know(case, decision.destination) for decision in before.decisions):
        reasons = [(b.pointer, b.rule_id, b.words) for b in before.blockers if b.rule_id != SENDER_NULLIFIED]
        if reasons:
            raise Refusal("No message can be built of the case; amend what each names, then nullify it.", reasons)


def change(before: CaseVersion, reason: str) -> Change:
    """Return what a nullification changes."""
    old, new = (msgspec.json.encode(each).decode() for each in (before.snapshot.content.nullified, reason))
    return Change(pointer=POINTER, old=old, new=new)


def void(case: Case, before: CaseVersion, cause: Cause, version: Callable[[int], CaseVersion]) -> CaseVersion:
    """Return the version that says that the case is void; no stage is run, for no fact is new."""
    content = msgspec.structs.replace(before.snapshot.content, nullified=cause.reason)
    known = Identity.after(before.snapshot)
    snapshot = msgspec.structs.replace(
        before.snapshot, **msgspec.structs.asdict(known), content=content, made_at=cause.at
    )
    return msgspec.structs.replace(
        before,
        snapshot=snapshot,
        cause=cause,
        decisions=tuple(_decided(case, decision, version) for decision in before.decisions),
        blockers=(),
        changes=(change(before, cause.reason),),
    )


def settled(case: Case) -> Case:
    """Return the case that owes nothing any more, where it is void and everybody who was told of it knows."""
    telling = [a.state for a in case.approvals if a.version == case.current.number]
    is_approved = case.status in {Status.APPROVED, Status.CLOSED}
    if not (case.is_void and is_approved) or any(state is not ObligationState.FULFILLED for state in telling):
        return case
    obligations = tuple(
        msgspec.structs.replace(o, state=ObligationState.NULLIFIED, errors=()) if o.state in OUTSTANDING else o
        for o in case.obligations
    )
    return msgspec.structs.replace(case, obligations=obligations, due=earliest_due(obligations, case.decisions))


def _must_know(case: Case, destination: str) -> bool:
    told = last_told(case, destination)
    return told is not None and told.kind is not CauseKind.NULLIFICATION


def _decided(case: Case, decision: Decision, version: Callable[[int], CaseVersion]) -> Decision:
    """Who was told is told again by the decision that it was told by; everybody else is not."""
    if _must_know(case, decision.destination):
        return _telling(case, decision, version)
    knows = "knows it already" if last_told(case, decision.destination) else "was never told of it"
    return msgspec.structs.replace(
        decision,
        kind=Kind.NONE,
        rule_id="C.1.11.1-nullified",
        rule_version=1,
        paragraph="ICH E2B(R3) C.1.11",
        confidence=Confidence.VERIFIED,
        reason=f"The case is nullified, and this destination {knows}.",
        days=None,
        clock_start=None,
        due=None,
        arithmetic=None,
        local_criteria_report_type=None,
        clocks=UNSET,
        sign_off=UNSET,
        period=UNSET,
    )


def _telling(case: Case, decision: Decision, version: Callable[[int], CaseVersion]) -> Decision:
    """Return the newest expedited decision of a destination: a downgrade may have told it by an earlier one."""
    told = (ref for ref in reversed(case.versions) if ref.decisions.get(decision.destination) is Kind.EXPEDITED)
    found = (each for ref in told for each in version(ref.number).decisions)
    return next(each for each in found if each.destination == decision.destination)
