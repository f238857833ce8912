"""Limiting system access to authorised individuals (21 CFR 11.10(d), (g)): who may do what, for which sponsor.

A user holds roles per sponsor. A role is a set of permissions; what no role permits is denied.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from shared.contracts.audit import INSTALLATION


class Role(StrEnum):
    """What a person is to a sponsor."""

    INTAKE_ASSOCIATE = "intake_associate"
    SAFETY_PHYSICIAN = "safety_physician"
    APPROVER = "approver"
    SUBMISSIONS_OFFICER = "submissions_officer"
    REGULATORY_OWNER = "regulatory_owner"
    SPONSOR_OVERSIGHT = "sponsor_oversight"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a route or command asks for."""

    CASE_READ = "case.read"
    CASE_AMEND = "case.amend"
    CASE_RETURN = "case.return"
    CASE_APPROVE = "case.approve"
    CASE_DOWNGRADE = "case.downgrade"  # to propose one, or to confirm another person's
    CASE_NULLIFY = "case.nullify"  # as to downgrade
    CASE_UNBLIND = "case.unblind"
    PARKED_READ = "parked.read"
    PARKED_ACT = "parked.act"
    AUDIT_READ = "audit.read"
    USERS_ADMINISTER = "users.administer"


_P = Permission
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.INTAKE_ASSOCIATE: frozenset({_P.CASE_READ, _P.CASE_AMEND, _P.PARKED_READ, _P.PARKED_ACT}),
    Role.SAFETY_PHYSICIAN: frozenset(
        {
            _P.CASE_READ,
            _P.CASE_AMEND,
            _P.CASE_RETURN,
            _P.CASE_DOWNGRADE,
            _P.CASE_NULLIFY,
            _P.CASE_UNBLIND,
            _P.PARKED_READ,
        }
    ),
    Role.APPROVER: frozenset(
        {_P.CASE_READ, _P.CASE_RETURN, _P.CASE_APPROVE, _P.CASE_DOWNGRADE, _P.CASE_NULLIFY, _P.PARKED_READ}
    ),
    Role.SUBMISSIONS_OFFICER: frozenset({_P.CASE_READ, _P.PARKED_READ, _P.PARKED_ACT}),
    Role.REGULATORY_OWNER: frozenset({_P.CASE_READ, _P.PARKED_READ}),
    Role.SPONSOR_OVERSIGHT: frozenset({_P.CASE_READ, _P.PARKED_READ}),
    Role.AUDITOR: frozenset({_P.CASE_READ, _P.PARKED_READ, _P.AUDIT_READ}),
    Role.ADMINISTRATOR: frozenset({_P.USERS_ADMINISTER}),
}


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A role for one sponsor; ``unblinded`` lets its holder see treatment allocations (DOMAIN 19)."""

    sponsor: str
    role: Role
    unblinded: bool = False


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person: unique, never deleted, never reassigned (21 CFR 11.100(a)).

    ``subject`` is the identity at the OpenID provider, None for a local account.
    """

    name: str
    full_name: str  # as a signature prints it (21 CFR 11.50(a)(1))
    revision: int
    grants: tuple[Grant, ...] = ()
    disabled: bool = False
    subject: str | None = None
    created_at: datetime | None = None

    def scopes(self, permission: Permission) -> tuple[str, ...]:
        """Return the sponsors for which the user holds a permission: none, where disabled."""
        if self.disabled:
            return ()
        held = {grant.sponsor for grant in self.grants if permission in PERMISSIONS[grant.role]}
        return tuple(sorted(held))

    def may(self, permission: Permission, sponsor: str) -> bool:
        """Say whether the user holds a permission for a sponsor."""
        return sponsor in self.scopes(permission)

    def is_unblinded(self, sponsor: str) -> bool:
        """Say whether the user may see treatment allocations of a sponsor."""
        return not self.disabled and any(g.unblinded and g.sponsor == sponsor for g in self.grants)

    def roles(self, sponsor: str) -> tuple[str, ...]:
        """Return the names of the user's roles for a sponsor, as the audit trail states them."""
        return tuple(sorted({grant.role.value for grant in self.grants if grant.sponsor == sponsor}))

    def chains(self) -> tuple[str, ...]:
        """Return whose audit trails tell of this user's sign-ins: each sponsor's, or the installation's."""
        return tuple(sorted({grant.sponsor for grant in self.grants})) or (INSTALLATION,)
