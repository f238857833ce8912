"""An obligation is made by a decision, never deleted, never due later; a case is done when it owes nothing (DOMAIN 6).

Where a rule lets the first report be incomplete, what it leaves out is an obligation of its own: a second report that
is accepted fulfils it, or a person signs that nothing was left out.
"""

from datetime import date

import msgspec

from triage.domain.case import (
    OUTSTANDING,
    SETTLED,
    STARTS_NO_CLOCK,
    Case,
    CaseVersion,
    CauseKind,
    Obligation,
    ObligationState,
    Status,
)
from triage.domain.decision import Decision
from triage.domain.rulebook import Kind


def earliest_due(obligations: tuple[Obligation, ...], decisions: tuple[Decision, ...]) -> date | None:
    """Return the day that the queue sorts by: of what is owed and of what may turn out to be."""
    owed = [obligation.due for obligation in obligations if obligation.state not in SETTLED]
    open_questions = [d.due for d in decisions if d.kind is Kind.UNDETERMINED and d.due is not None]
    return min(owed + open_questions, default=None)


def completed(case: Case) -> Case:
    """Return the case with what completes a report as fulfilled, where two versions of it were accepted."""
    obligations = tuple(
        msgspec.structs.replace(each, state=ObligationState.FULFILLED) if _is_completed(each, case) else each
        for each in case.obligations
    )
    return msgspec.structs.replace(case, obligations=obligations)


def _is_completed(each: Obligation, case: Case) -> bool:
    accepted = {
        a.version
        for a in case.approvals
        if a.destination == each.destination and a.version >= each.version and a.state is ObligationState.FULFILLED
    }
    return each.completion and each.state in OUTSTANDING and len(accepted) > 1


def owes_nothing(case: Case) -> bool:
    """Say whether what was approved of the current version is answered, and nothing is owed."""
    answered = {ObligationState.REJECTED, ObligationState.FULFILLED}
    settled = all(a.state in answered for a in case.approvals if a.version == case.current.number)
    return settled and all(o.state in SETTLED for o in case.obligations)


def closed_if_done(case: Case) -> Case:
    """Return an approved case that owes nothing any more as closed."""
    if case.status is Status.APPROVED and owes_nothing(case):
        return msgspec.structs.replace(case, status=Status.CLOSED)
    return case


def new_obligations(case: Case | None, version: CaseVersion, obligation_id: str) -> tuple[Obligation, ...]:
    """Return the obligations that a version creates.

    A report or follow-up creates its own for each expedited decision; an amendment only where none of its source's
    is due as early, for it starts no clock; a nullification none. Where a rule lets the first report be incomplete, the
    one to complete it comes with it.
    """
    existing = case.obligations if case else ()
    made: list[Obligation] = []
    for decision in version.decisions if version.cause.kind is not CauseKind.NULLIFICATION else ():
        if decision.kind is not Kind.EXPEDITED or decision.due is None or decision.clock_start is None:
            continue
        if version.cause.kind in STARTS_NO_CLOCK and _is_owed(existing, decision):
            continue
        owed = Obligation(
            id=f"{obligation_id}-{decision.destination}",
            destination=decision.destination,
            version=version.snapshot.version,
            rule_id=decision.rule_id,
            day_zero=decision.clock_start,
            due=decision.due,
            arithmetic=decision.arithmetic or "",
        )
        made += [owed, *_completion(existing, owed, decision)]
    return tuple(made)


def _completion(existing: tuple[Obligation, ...], owed: Obligation, decision: Decision) -> tuple[Obligation, ...]:
    """Return the obligation to complete a first report, unless one of an earlier day is there already."""
    complete_by = decision.complete_by
    known = [each.due for each in existing if each.completion and each.destination == owed.destination]
    if complete_by is None or any(due <= complete_by for due in known):
        return ()
    return (msgspec.structs.replace(owed, id=f"{owed.id}-completion", due=complete_by, completion=True),)


def _is_owed(existing: tuple[Obligation, ...], decision: Decision) -> bool:
    same = (o for o in existing if o.destination == decision.destination and o.day_zero == decision.clock_start)
    return any(decision.due is not None and obligation.due <= decision.due for obligation in same)
