"""Who did what to what, when and why, old and new (21 CFR 11.10(e); ICH E6(R3) 4.2.2): one form in every service.

An entry is written with the change that it speaks of, in the same write, and moved to the ledger of its sponsor.
"""

from datetime import datetime

import msgspec

INSTALLATION = "installation"  # the chain of what concerns no single sponsor: administrators, unknown names, settings


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A field's value before and after, as JSON text; None where there was none."""

    field: str
    old: str | None = None
    new: str | None = None


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the audit trail.

    ``actor`` is a user's, partner's or service's name, ``authentication`` how it was proved. ``rule`` names the rule or
    rulebook by which the program decided. An entry that ``discloses`` a treatment allocation is withheld from blinded
    readers, its commitments are not (DOMAIN 19).
    """

    entry_id: str
    sponsor: str  # whose chain it belongs to
    at: datetime
    actor: str
    authentication: str
    action: str
    subject: str
    reason: str
    service_version: str
    roles: tuple[str, ...] = ()
    changes: tuple[Changed, ...] = ()
    rule: str | None = None
    signature: str | None = None  # the id of the electronic signature that it was done under
    discloses: bool = False
