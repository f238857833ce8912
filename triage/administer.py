"""Who may do what is decided by named persons, each act with its reason, and nobody decides it for herself.

(21 CFR 11.10(d), (g), (i); 11.100.) A user is disabled, never deleted; a name is never given again.
"""

import re
from collections.abc import Callable, Sequence

import msgspec

from shared.clock import Clock
from shared.contracts.audit import INSTALLATION, AuditEntry, Changed
from triage.domain import credentials as proofs
from triage.domain import entering
from triage.domain.credentials import Account, Credentials
from triage.domain.entering import Happened, of_user
from triage.domain.identity import Grant, Role, User
from triage.ports import Conflict, SessionStore, UserStore

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]")
_LONGEST = 200


class Denied(Exception):
    """An act that is not this administrator's to do, or cannot be done; the words say which, and the cure."""


class By(msgspec.Struct, frozen=True, kw_only=True):
    """Who administers; ``scopes`` are the sponsors that she does it for, with INSTALLATION all of them."""

    actor: str
    authentication: str
    scopes: tuple[str, ...]
    reason: str

    def may(self, sponsor: str) -> bool:
        """Say whether she administers a sponsor's users."""
        return INSTALLATION in self.scopes or sponsor in self.scopes


class Administer:
    """Users and their roles."""

    def __init__(
        self,
        users: UserStore,
        sessions: SessionStore,
        sponsors: Callable[[], tuple[str, ...]],
        clock: Clock,
        service_version: str,
    ) -> None:
        """Wire the use case; ``sponsors`` tells the scopes of the registry."""
        self._users = users
        self._sessions = sessions
        self._sponsors = sponsors
        self._clock = clock
        self._service_version = service_version

    def sponsors(self, scopes: Sequence[str]) -> tuple[str, ...]:
        """Return the sponsors that may be granted for."""
        known = (*self._sponsors(), INSTALLATION)
        return known if INSTALLATION in scopes else tuple(each for each in known if each in scopes)

    def users(self, scopes: Sequence[str]) -> list[User]:
        """Return the users of these sponsors, each with what she holds for them and nothing else."""
        seen = (_seen(account.user, scopes) for account in self._users.accounts())
        return [user for user in seen if user is not None]

    def user(self, name: str, scopes: Sequence[str]) -> User:
        """Return a user of these sponsors. Raises LookupError, whatever the reason."""
        account = self._users.find(name)
        user = None if account is None else _seen(account.user, scopes)
        if user is None:
            raise LookupError(name)
        return user

    def add(
        self, by: By, name: str, full_name: str, grants: Sequence[Grant] = (), subject: str | None = None
    ) -> str | None:
        """Add a user; return the one-time password, None for one of the OpenID provider. Raises Denied."""
        if not _NAME.fullmatch(name):
            raise Denied("A name has 3 to 64 small letters, digits, dots, dashes or underscores, as ann.smith.")
        full_name = " ".join(full_name.split())
        if not 0 < len(full_name) <= _LONGEST or len(subject or "") > _LONGEST:
            raise Denied("Give the full name, as a signature is to print it.")
        if not grants and INSTALLATION not in by.scopes:
            raise Denied("Give her a role for a sponsor of yours.")
        for grant in grants:
            self._require(by, grant)
        now = self._clock.now()
        credentials, password = (Credentials(), None) if subject else proofs.issued(now)
        user = User(name=name, full_name=full_name, revision=1, grants=tuple(grants), subject=subject, created_at=now)
        told = [Changed(field="grants", new=entering.stated(grant)) for grant in grants]
        try:
            self._users.add(Account(user=user, credentials=credentials), self._told(by, "user.added", user, *told))
        except Conflict as error:
            raise Denied(f"{error}; names are never given again") from error
        return password

    def grant(self, by: By, name: str, grant: Grant) -> User:
        """Give a role. Raises LookupError or Denied."""
        self._require(by, grant)

        def granted(account: Account) -> tuple[Account, list[AuditEntry]]:
            user = account.user
            same = next((g for g in user.grants if (g.sponsor, g.role) == (grant.sponsor, grant.role)), None)
            if same == grant:
                raise Denied("She holds that role already.")
            kept = tuple(g for g in user.grants if g is not same)
            after = msgspec.structs.replace(user, grants=(*kept, grant))
            change = Changed(field="grants", old=entering.stated(same) if same else None, new=entering.stated(grant))
            return _with(account, after), self._told(by, "user.granted", after, change)

        return self._change(by, name, granted)

    def revoke(self, by: By, name: str, sponsor: str, role: Role) -> User:
        """Take a role. Raises LookupError or Denied."""

        def revoked(account: Account) -> tuple[Account, list[AuditEntry]]:
            user = account.user
            taken = [g for g in user.grants if (g.sponsor, g.role) == (sponsor, role)]
            if not taken or not by.may(sponsor):
                raise Denied("She does not hold that role.")
            after = msgspec.structs.replace(user, grants=tuple(g for g in user.grants if g not in taken))
            told = self._told(by, "user.revoked", user, Changed(field="grants", old=entering.stated(taken[0])))
            return _with(account, after), told

        return self._change(by, name, revoked)

    def disable(self, by: By, name: str) -> User:
        """Let a user in no more, from this moment. Raises LookupError or Denied."""
        user = self._switch(by, name, "user.disabled", disabled=True)
        self._sessions.end_all(name, self._clock.now())
        return user

    def enable(self, by: By, name: str) -> User:
        """Let a user in again, and unlock her. Raises LookupError or Denied."""
        return self._switch(by, name, "user.enabled", disabled=False)

    def reset(self, by: By, name: str) -> str:
        """Take password and authenticator, and return a one-time password. Raises LookupError or Denied."""
        credentials, password = proofs.issued(self._clock.now())

        def was_reset(account: Account) -> tuple[Account, list[AuditEntry]]:
            self._require_whole(by, account.user)
            if account.user.subject is not None:
                raise Denied("She signs in at the OpenID provider, which alone knows her password.")
            after = Account(user=account.user, credentials=credentials)
            return after, self._told(by, "user.reset", account.user)

        self._change(by, name, was_reset)
        self._sessions.end_all(name, self._clock.now())
        return password

    def _switch(self, by: By, name: str, action: str, *, disabled: bool) -> User:
        def switched(account: Account) -> tuple[Account, list[AuditEntry]]:
            user = account.user
            self._require_whole(by, user)
            after = msgspec.structs.replace(user, disabled=disabled)
            change = Changed(field="disabled", old=str(user.disabled).lower(), new=str(disabled).lower())
            credentials = account.credentials if disabled else proofs.proved(account.credentials)
            return Account(user=after, credentials=credentials), self._told(by, action, user, change)

        return self._change(by, name, switched)

    def _change(self, by: By, name: str, change: Callable[[Account], tuple[Account, list[AuditEntry]]]) -> User:
        if name == by.actor and by.authentication != CONSOLE:
            raise Denied("Nobody changes her own access; ask another administrator.")
        while True:
            account = self._users.find(name)
            if account is None or _seen(account.user, by.scopes) is None:
                raise LookupError(name)
            after, entries = change(account)
            user = msgspec.structs.replace(after.user, revision=account.user.revision + 1)
            try:
                self._users.update(_with(after, user), account.user.revision, entries)
            except Conflict:
                continue
            return user

    def _require(self, by: By, grant: Grant) -> None:
        """Refuse a grant that is not hers to give, or that means nothing."""
        if not by.may(grant.sponsor) or grant.sponsor not in (*self._sponsors(), INSTALLATION):
            raise Denied(f"{grant.sponsor!r} is no sponsor of yours.")
        if grant.sponsor == INSTALLATION and grant.role is not Role.ADMINISTRATOR:
            raise Denied("The installation has administrators only; other roles are for a sponsor.")

    def _require_whole(self, by: By, user: User) -> None:
        """Refuse what would reach beyond her sponsors."""
        if not all(by.may(grant.sponsor) for grant in user.grants):
            raise Denied("She works for others too: only an administrator of the installation may do this.")

    def _told(self, by: By, action: str, user: User, *changes: Changed) -> list[AuditEntry]:
        happened = Happened(
            at=self._clock.now(),
            actor=by.actor,
            authentication=by.authentication,
            action=action,
            reason=by.reason,
            changes=changes,
        )
        return of_user(happened, user, self._service_version)


CONSOLE = "console"


def _with(account: Account, user: User) -> Account:
    return msgspec.structs.replace(account, user=user)


def _seen(user: User, scopes: Sequence[str]) -> User | None:
    """Return a user as an administrator of these sponsors sees her; None: not at all."""
    if INSTALLATION in scopes:
        return user
    grants = tuple(grant for grant in user.grants if grant.sponsor in scopes)
    return msgspec.structs.replace(user, grants=grants) if grants else None
