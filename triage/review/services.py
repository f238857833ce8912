"""What pages and API work with, and how a request's words become a call of a use case."""

import msgspec
from flask import g

from shared.clock import Clock
from shared.messaging.parked import By
from triage.administer import Administer
from triage.administer import By as Administrator
from triage.completeness import Completeness
from triage.decide import Actor, Decide
from triage.domain.identity import Permission, User
from triage.domain.signature import Signing
from triage.downgrade import Downgrade
from triage.inquire import Inquire
from triage.nullify import Nullify
from triage.ports import AuditTrail, Provider
from triage.replay import ReplayParked
from triage.review.rates import Rates
from triage.sign_in import Opened, SignIn
from triage.significance import Significance
from triage.unblind import Unblind
from triage.worklist import Worklist


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """The use cases, and who asks for them."""

    worklist: Worklist
    decide: Decide
    downgrade: Downgrade
    nullify: Nullify
    significance: Significance
    completeness: Completeness
    inquire: Inquire
    unblind: Unblind
    replay: ReplayParked
    sign_in: SignIn
    administer: Administer
    trail: AuditTrail
    clock: Clock
    secret_key: str
    provider: Provider | None = None
    rates: Rates = msgspec.field(default_factory=Rates)

    @property
    def user(self) -> User:
        """Return the user of this request, as she is at this moment."""
        user: User = g.user
        return user

    @property
    def opened(self) -> Opened:
        """Return the session of this request."""
        opened: Opened = g.opened
        return opened

    def scopes(self, permission: Permission) -> tuple[str, ...]:
        """Return the sponsors for which the user holds a permission."""
        return self.user.scopes(permission)

    @property
    def unblinded(self) -> tuple[str, ...]:
        """Return the sponsors whose treatment allocations the user may see."""
        return tuple(sorted({each.sponsor for each in self.user.grants if self.user.is_unblinded(each.sponsor)}))

    def acting(self, permission: Permission) -> Actor:
        """Return who acts, within the sponsors for which she may."""
        user, scopes = self.user, self.scopes(permission)
        roles = {sponsor: user.roles(sponsor) for sponsor in scopes}
        return Actor(
            name=user.name,
            authentication=self.opened.session.authentication,
            scopes=scopes,
            roles=roles,
            unblinded=self.unblinded,
        )

    def by(self, reason: str) -> By:
        """Return who acts, and why."""
        return By(actor=self.user.name, authentication=self.opened.session.authentication, reason=reason)

    def administering(self, reason: str) -> Administrator:
        """Return who administers, and why."""
        return Administrator(
            actor=self.user.name,
            authentication=self.opened.session.authentication,
            scopes=self.scopes(Permission.USERS_ADMINISTER),
            reason=reason,
        )

    def sign(self, password: str = "", code: str | None = None) -> Signing:
        """Return the proof that a signature needs, of the user of this request. Raises NotLetIn."""
        return self.sign_in.sign(self.opened, password, code)
