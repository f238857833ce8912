"""What the ledger identity is told of a version and of an approval (DOMAIN 21)."""

from collections.abc import Mapping
from typing import Any

from shared.contracts.ledger_facts import ApprovalFact, CaseVersionFact
from triage.domain.case import Case, GivenApproval, VersionRef


def version_fact(
    case: Case, ref: VersionRef, held: Mapping[str, Any], always: Mapping[str, tuple[str, ...]]
) -> CaseVersionFact:
    """Tell a version; ``held`` is what is stored of it: one that is not there breaks the identity."""
    decided = tuple((each["destination"], each["kind"]) for each in held.get("decisions", ()))
    wanted = always.get(held.get("rulebook", ""), ())
    return CaseVersionFact(
        case_id=case.id,
        version=ref.number,
        sponsor=case.sponsor,
        stored_at=ref.at,
        report_id=ref.report_id,
        destinations=tuple(dict.fromkeys((*wanted, *(name for name, _ in decided)))) if wanted else (),
        decisions=decided,
    )


def approval_fact(case: Case, given: GivenApproval) -> ApprovalFact:
    """Tell an approval: each is one transmission attempt."""
    return ApprovalFact(
        approval_id=given.id,
        case_id=case.id,
        version=given.version,
        destination=given.destination,
        approved_at=given.approval.at,
    )
