"""Every change carries actor, time, reason and an audit entry written with it (DOMAIN 18)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from shared.contracts.audit import AuditEntry, Changed
from shared.contracts.clinical import CaseContent
from shared.ids import new_id, sha256
from triage.domain.case import Case
from triage.domain.inquiry import Inquiry
from triage.domain.rulebook import Kind

SERVICE_VERSION = "triage 0.1.0"
LONGEST_VALUE = 2000  # characters; the versions hold the whole


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the audit trail as a person reads it; of a withheld one it is told that it is there."""

    seq: int | None  # its place in the chain; None while it waits for one
    withheld: bool = False
    discloses: bool = False
    at: str | None = None
    actor: str | None = None
    authentication: str | None = None
    action: str | None = None
    subject: str | None = None
    reason: str | None = None
    service_version: str | None = None
    rule: str | None = None
    signature: str | None = None
    roles: tuple[str, ...] = ()
    changes: tuple[Changed, ...] = ()


def entry_for(
    sponsor: str,
    subject: str,
    action: str,
    reason: str,
    at: datetime,
    *,
    actor: str,
    authentication: str,
    roles: Iterable[str] = (),
    changes: Iterable[Changed] = (),
    rule: str | None = None,
    signature: str | None = None,
    discloses: bool = False,
) -> AuditEntry:
    """Return the entry of a change, in the chain of a sponsor."""
    return AuditEntry(
        entry_id=new_id("aud"),
        sponsor=sponsor,
        at=at,
        actor=actor,
        authentication=authentication,
        action=action,
        subject=subject,
        reason=reason,
        service_version=SERVICE_VERSION,
        roles=tuple(roles),
        changes=tuple(changes),
        rule=rule,
        signature=signature,
        discloses=discloses,
    )


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Changed, ...]:
    """Return what changed, field by field, as JSON text; a field that was not there had none."""
    names = dict.fromkeys((*before, *after))
    pairs = ((name, _json(before, name), _json(after, name)) for name in names)
    return tuple(Changed(field=name, old=old, new=new) for name, old, new in pairs if old != new)


def _json(values: Mapping[str, object], name: str) -> str | None:
    return msgspec.json.encode(values[name]).decode() if values.get(name) is not None else None


def case_changes(before: Case | None, after: Case) -> tuple[Changed, ...]:
    """Return what a change did to the head of a case: its status, its clocks, and what became of what is owed."""
    return differences(_head(before) if before else {}, _head(after))


def content_changes(before: CaseContent, after: CaseContent) -> tuple[Changed, ...]:
    """Return the fields that a follow-up changed, by their JSON pointers; a long value by its SHA-256."""
    return differences(dict(_fields("", msgspec.to_builtins(before))), dict(_fields("", msgspec.to_builtins(after))))


def _head(case: Case) -> dict[str, object]:
    facts: dict[str, object] = {
        "status": case.status,
        "version": case.current.number,
        "due": case.due,
        "day_zero": case.day_zero,
        "safety_report_id": case.safety_report_id,
        "note": case.note,
        "missing": ", ".join(case.missing) or None,
    }
    facts |= {f"inquiries/{place}": _attempt(each) for place, each in enumerate(case.inquiries, 1)}
    facts |= {f"decisions/{one.destination}": one.kind for one in case.decisions if one.kind is not Kind.NONE}
    facts |= {f"obligations/{one.id}": f"{one.state} {one.due}" for one in case.obligations}
    return facts | {f"approvals/{one.id}": f"{one.state} {one.file_name or ''}".strip() for one in case.approvals}


def _attempt(each: Inquiry) -> str:
    then = "no more is asked" if each.no_more else f"ask again {each.ask_again or 'on no set day'}"
    return f"{each.means}: {each.outcome}; {then}"


def _fields(pointer: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, within in value.items():
            yield from _fields(f"{pointer}/{name}", within)
    elif isinstance(value, list | tuple) and any(isinstance(each, dict) for each in value):
        for place, within in enumerate(value):
            yield from _fields(f"{pointer}/{place}", within)
    elif isinstance(value, str) and len(value) > LONGEST_VALUE:
        yield pointer, f"sha256 {sha256(value.encode())}"
    else:
        yield pointer, value
