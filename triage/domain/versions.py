"""A version is frozen with everything that was found of it, and the case points at it and owes what it creates.

Versions are immutable (DOMAIN 15): a report, an amendment, an unblinding and another rulebook each make one.
"""

from datetime import date

import msgspec

from shared.contracts.audit import AuditEntry
from shared.contracts.case_snapshot import CaseSnapshot
from shared.contracts.clinical import CaseContent
from shared.contracts.envelope import Event
from shared.ids import derived_id
from triage.domain.blinding import is_blinded
from triage.domain.case import Case, CaseVersion, Cause, Status, VersionRef
from triage.domain.obligations import earliest_due, new_obligations
from triage.domain.pipeline import Assessment, Reference
from triage.domain.validity import missing


class NewVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A case at its new version, with everything that is written with it."""

    case: Case
    version: CaseVersion
    events: tuple[Event, ...]
    audit: AuditEntry
    applied: str


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What a version is, beside its content."""

    case_id: str
    version: int
    sponsor: str
    first_received_on: date
    latest_information_on: date
    day_zero: date | None

    @classmethod
    def after(cls, snapshot: CaseSnapshot) -> "Identity":
        """Return the identity of the next version where no source said anything new."""
        kept = {name: getattr(snapshot, name) for name in cls.__struct_fields__}
        return cls(**kept | {"version": snapshot.version + 1})


def frozen(
    found: Assessment, identity: Identity, cause: Cause, start: date, receipt_country: str, reference: Reference
) -> CaseVersion:
    """Freeze an assessment as a version; day zero is set by the receipt that first made the case valid."""
    day_zero = identity.day_zero or (start if found.valid else None)
    known = {name: getattr(identity, name) for name in identity.__struct_fields__ if name != "day_zero"}
    snapshot = CaseSnapshot(**known, content=found.content, derived=found.derived, day_zero=day_zero, made_at=cause.at)
    return CaseVersion(
        snapshot=snapshot,
        cause=cause,
        clock_start=start,
        receipt_country=receipt_country,
        rulebook=reference.rulebook.version,
        valid=found.valid,
        determinations=found.determinations,
        decisions=found.decisions,
        blockers=found.blockers,
        held_to=reference.held_to,
    )


def advanced(before: Case | None, version: CaseVersion, case_id: str, key: str | None) -> Case:
    """Return the case that points at its new version and owes what that version creates."""
    snapshot = version.snapshot
    owed = before.obligations if before else ()
    obligations = owed + new_obligations(before, version, derived_id("obl", snapshot.case_id, str(snapshot.version)))
    case = before or Case(
        id=case_id, sponsor=snapshot.sponsor, revision=0, status=Status.REVIEW, title="", versions=(), sender_key=key
    )
    reference = VersionRef(
        number=snapshot.version,
        version_id="",
        kind=version.cause.kind,
        report_id=version.cause.report_id,
        at=version.cause.at,
        decisions={decision.destination: decision.kind for decision in version.decisions},
        clock_start=version.clock_start,
        received_at=version.cause.received_at,
    )
    return msgspec.structs.replace(
        case,
        revision=case.revision + 1,
        status=Status.REVIEW if version.valid or snapshot.content.nullified else Status.INVALID,
        title=_title(snapshot.content),
        versions=(*case.versions, reference),
        obligations=obligations,
        decisions=tuple(decision.brief for decision in version.decisions),
        blockers=version.blockers,
        due=earliest_due(obligations, version.decisions),
        day_zero=snapshot.day_zero,
        note=None,
        proposal=None,
        priority=next(
            (str(each.facts["priority"]) for each in version.determinations if "priority" in each.facts), None
        ),
        missing=() if snapshot.content.nullified else missing(version.determinations),
        blinded_title=case.blinded_title or (_title(snapshot.content) if is_blinded(snapshot.content) else None),
    )


def _title(content: CaseContent) -> str:
    drugs = ", ".join(drug.name or "?" for drug in content.drugs[:2]) or "no drug"
    events = ", ".join(reaction.verbatim or "?" for reaction in content.reactions[:2]) or "no event"
    return f"{drugs}: {events}"
