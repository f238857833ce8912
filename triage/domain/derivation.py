"""What a guideline lets us derive where nothing was reported; marked, and never shown as reported (DOMAIN 4)."""

from shared.contracts.case_snapshot import Derived
from shared.contracts.clinical import CaseContent, Reporter
from shared.contracts.code_lists import Qualification

COUNTRY = "GVP-VI.B.2-COUNTRY"
QUALIFICATION = "GVP-VI.B.2-QUALIFICATION"


def primary_index(content: CaseContent) -> int | None:
    """Return the place of the primary source for regulatory purposes (C.2.r.5): the one flagged, else the first."""
    flagged = (i for i, reporter in enumerate(content.reporters) if reporter.primary)
    return next(flagged, 0 if content.reporters else None)


def derive(content: CaseContent, receipt_country: str) -> tuple[Derived, ...]:
    """Derive a missing reporter's country (where the notice was received) and qualification (consumer), GVP VI.B.2."""
    return tuple(
        derived
        for i, reporter in enumerate(content.reporters)
        for derived in _of_reporter(reporter, f"/reporters/{i}", receipt_country)
    )


def _of_reporter(reporter: Reporter, pointer: str, receipt_country: str) -> list[Derived]:
    found = []
    if reporter.country is None:
        basis = "country in which the report was received"
        found.append(Derived(pointer=f"{pointer}/country", value=receipt_country, basis=basis, rule_id=COUNTRY))
    if reporter.qualification is None:
        basis = "no qualification stated: counts as a consumer"
        value = Qualification.CONSUMER.value
        found.append(Derived(pointer=f"{pointer}/qualification", value=value, basis=basis, rule_id=QUALIFICATION))
    return found
