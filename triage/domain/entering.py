"""Access is entered like any other act: each sponsor of a user reads it in its own trail (21 CFR 11.10(e))."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from shared.contracts.audit import INSTALLATION, AuditEntry, Changed
from shared.ids import new_id
from triage.domain.identity import Grant, User

NOBODY = "anonymous"  # what was typed as a name is not entered: it may be a password in the wrong field


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did, before it is known whose trails tell of it."""

    at: datetime
    actor: str
    authentication: str
    action: str
    reason: str
    changes: tuple[Changed, ...] = ()


def entries(
    happened: Happened, subject: str, chains: Sequence[str], roles: Mapping[str, Sequence[str]], service_version: str
) -> list[AuditEntry]:
    """Return the entry for each chain."""
    told = msgspec.structs.asdict(happened)
    return [
        AuditEntry(
            entry_id=new_id("aud"),
            sponsor=chain,
            subject=subject,
            service_version=service_version,
            roles=tuple(roles.get(chain, ())),
            **told,
        )
        for chain in chains
    ]


def of_user(happened: Happened, user: User, service_version: str, subject: str | None = None) -> list[AuditEntry]:
    """Return the entries of what was done by, or to, a user, in the trails of her sponsors."""
    chains = user.chains()
    roles = {chain: user.roles(chain) for chain in chains} if happened.actor == user.name else {}
    return entries(happened, subject or f"user/{user.name}", chains, roles, service_version)


def of_nobody(happened: Happened, service_version: str) -> list[AuditEntry]:
    """Return the entry of what nobody known did."""
    return entries(happened, "user", [INSTALLATION], {}, service_version)


def stated(grant: Grant) -> str:
    """Return a grant as a trail states it: JSON text."""
    return msgspec.json.encode(grant).decode()
