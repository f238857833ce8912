"""A message that corrects what its destination was told says so, and why (ICH E2B(R3) C.1.11).

An amendment is what changes without news of the case; with news it is a follow-up. A first report corrects nothing, and
one after a rejection is a first report (FDA R0101).
"""

from shared.contracts.case_approved import LONGEST_REASON, Correction, CorrectionKind
from triage.domain.case import STARTS_NO_CLOCK, Case, CaseVersion
from triage.domain.nullification import last_told


def correction(case: Case, version: CaseVersion, destination: str) -> Correction | None:
    """Return what the current version is to a destination, if it corrects what that was told."""
    told = last_told(case, destination)
    if told is None:
        return None
    reason = version.cause.reason[:LONGEST_REASON]  # a longer one was put together from what people said
    if case.is_void:
        return Correction(kind=CorrectionKind.NULLIFICATION, reason=reason)
    since = {ref.kind for ref in case.versions if ref.number > told.number}
    return Correction(kind=CorrectionKind.AMENDMENT, reason=reason) if since <= STARTS_NO_CLOCK else None
