"""Every change carries actor, time, reason and an audit entry written with it (DOMAIN 18)."""

from datetime import datetime

from reporting.domain.records import SERVICE_VERSION
from shared.contracts.audit import AuditEntry, Changed
from shared.contracts.case_approved import Approval
from shared.ids import derived_id

ACTOR, AUTHENTICATION = "reporting", "service"


def entry_for(
    sponsor: str,
    subject: str,
    action: str,
    reason: str,
    at: datetime,
    approval: Approval | None = None,
    changes: tuple[Changed, ...] = (),
    rule: str | None = None,
) -> AuditEntry:
    """Return the entry of a change; ``approval`` names the person in whose name the program makes it."""
    return AuditEntry(
        entry_id=derived_id("aud", subject, action, at.isoformat()),
        sponsor=sponsor,
        actor=approval.actor if approval else ACTOR,
        authentication=approval.authentication if approval else AUTHENTICATION,
        at=at,
        action=action,
        subject=subject,
        reason=reason,
        service_version=SERVICE_VERSION,
        changes=changes,
        rule=rule,
    )


def state_changed(old: str | None, new: str) -> tuple[Changed, ...]:
    """Return the change of a record's state."""
    return (Changed(field="state", old=old and f'"{old}"', new=f'"{new}"'),)
