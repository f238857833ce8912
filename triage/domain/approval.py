"""What was sent is what was approved: which destinations an approval tells, by what rule, and what keeps it back.

A destination that is owed an update is told even where nothing is expedited any more: a downgrade still sends the
pending update (DOMAIN 6).
"""

from collections.abc import Callable, Sequence

import msgspec

from shared.contracts.case_approved import Approval, ExpeditedDecision
from shared.ids import derived_id
from triage.domain.blockers import demonstration_codes
from triage.domain.case import (
    OUTSTANDING,
    Case,
    CaseVersion,
    GivenApproval,
    Obligation,
    ObligationState,
    Status,
)
from triage.domain.correction import correction
from triage.domain.decision import Decision
from triage.domain.refusal import Refusal
from triage.domain.registry import Sponsor
from triage.domain.rulebook import Kind


def told(case: Case, version: Callable[[int], CaseVersion]) -> list[Decision]:
    """Return the decision by which each destination is told: of the current version, or of the one that still owes."""
    spared = _spared(case)
    expedited = [d for d in case.decisions if d.kind is Kind.EXPEDITED and d.destination not in spared]
    if case.is_void:  # who was never told of it is not told that it is void
        return expedited
    named = {decision.destination for decision in expedited}
    pending: dict[str, Obligation] = {}
    for each in sorted(case.obligations, key=lambda one: one.due):
        if each.state in OUTSTANDING and each.destination not in named | spared:
            pending.setdefault(each.destination, each)
    return expedited + [_owing(obligation, version(obligation.version)) for obligation in pending.values()]


def _spared(case: Case) -> set[str]:
    """Return who need not be told of a follow-up without significance, and is owed nothing else but a completion."""
    settled = {o.destination for o in case.obligations if _is_spared(o, case)}
    return settled - {o.destination for o in case.obligations if o.state in OUTSTANDING and not o.completion}


def _is_spared(obligation: Obligation, case: Case) -> bool:
    return obligation.version == case.current.number and obligation.state is ObligationState.NOT_SIGNIFICANT


def _owing(obligation: Obligation, version: CaseVersion) -> Decision:
    return next(each for each in version.decisions if each.destination == obligation.destination)


def refuse_unfit(case: Case, tells: Sequence[Decision]) -> None:
    """Refuse what is not to be approved now, with every reason and its cure. Raises Refusal."""
    if case.status not in {Status.REVIEW, Status.RETURNED}:
        raise Refusal(f"The case is {case.status.replace('_', ' ')}: there is nothing to approve.")
    if case.proposal is not None:
        raise Refusal(f"A {case.proposal.kind} is proposed; confirm or decline it first.")
    approved = {one.state for one in case.approvals if one.version == case.current.number}
    if approved:
        stopped = approved & {ObligationState.REJECTED, ObligationState.BLOCKED}
        change = "nullify anew" if case.is_void else "amend"
        cure = f"{change} what was {min(stopped)} first" if stopped else "nothing has changed since"
        raise Refusal(f"Version {case.current.number} was approved before; {cure}.")
    open_questions = [d for d in case.decisions if d.kind is Kind.UNDETERMINED]
    reasons = [(d.subject, d.rule_id, f"{d.destination}: {d.reason}") for d in open_questions]
    if tells:
        reasons += [(blocker.pointer, blocker.rule_id, blocker.words) for blocker in case.blockers]
    if reasons:
        raise Refusal("The case has open questions; amend what each names, then approve.", reasons)


def refuse_untransmittable(version: CaseVersion, tells: Sequence[Decision], sponsor: Sponsor) -> None:
    """Refuse what no file could be made of. Raises Refusal."""
    reasons = []
    for decision in tells:
        ids = sponsor.destinations.get(decision.destination)
        if ids is None:
            words = f"The registry has no sender ids of {sponsor.sponsor} for {decision.destination}; add them."
            reasons.append(("", "N.1.3", words))
        elif not ids.test and demonstration_codes(version.snapshot.content):
            words = f"{decision.destination} is no test destination, and the codes are invented; recode with MedDRA."
            reasons.append(("/reactions", "E.i.2.1b-demonstration", words))
    if reasons:
        raise Refusal("The case cannot be sent as it is.", reasons)


def given(case: Case, version: CaseVersion, decision: Decision, approval: Approval) -> GivenApproval:
    """Return the approval for one destination, and the obligations that it serves."""
    owed = (o for o in case.obligations if o.destination == decision.destination and o.state in OUTSTANDING)
    serves = [o.id for o in owed if not o.completion]  # what completes a report is known once it is accepted
    number = str(case.current.number)
    return GivenApproval(
        id=derived_id("apr", case.id, number, decision.destination, approval.at.isoformat()),
        version=case.current.number,
        destination=decision.destination,
        obligations=tuple(serves),
        approval=approval,
        correction=correction(case, version, decision.destination),
    )


def advance(case: Case, approvals: Sequence[GivenApproval]) -> tuple[Obligation, ...]:
    """Return the case's obligations, those that are served now as approved."""
    served = {obligation for one in approvals for obligation in one.obligations}
    return tuple(
        msgspec.structs.replace(o, state=ObligationState.APPROVED, errors=()) if o.id in served else o
        for o in case.obligations
    )


def expedited(case: Case, decision: Decision, record: Decision, approved: GivenApproval) -> ExpeditedDecision:
    """Return what the message says of itself: due when what it serves is; ``record`` is the decision as stored whole.

    Raises ValueError without a clock.
    """
    if decision.days is None or decision.due is None:
        raise ValueError(f"{decision.rule_id} is expedited without days")
    owed = [each.due for each in case.obligations if each.id in approved.obligations]
    return ExpeditedDecision(
        rule_id=decision.rule_id,
        rulebook=decision.rulebook,
        days=decision.days,
        due=min([decision.due, *owed]),
        expedited=True,  # C.1.7: EU for 15 and 90 days, FDA for 15 days with FDA.C.1.7.1 (DOMAIN 13)
        local_criteria_report_type=decision.local_criteria_report_type,
        obligations=approved.obligations,
        record=msgspec.to_builtins(record),
    )
