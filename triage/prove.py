"""A proof is judged by the account as it is at that moment, and what fails is counted and entered (21 CFR 11.300(d)).

Whatever is wrong, who asks is told the same, and the same work is done; what it was stands in the audit trail.
"""

from collections.abc import Callable
from datetime import datetime

import msgspec

from shared.clock import Clock
from shared.contracts.audit import AuditEntry
from triage.domain import credentials as proofs
from triage.domain.credentials import Account, Credentials
from triage.domain.entering import NOBODY, Happened, of_nobody, of_user
from triage.ports import Conflict, UserStore

LOCAL = "password+totp"
_WRONG = "wrong"
_REFUSED = "Name, password or code is wrong, or the account is locked for a while."


class NotLetIn(Exception):
    """The proof does not hold; the words are the same whatever is wrong."""

    def __init__(self, words: str = _REFUSED) -> None:
        super().__init__(words)


class Proof(msgspec.Struct, frozen=True):
    """How a proof is judged, and what is entered of it: ``action`` where it fails, ``done`` where it holds."""

    judge: Callable[[Credentials, datetime], Credentials | None]
    action: str
    done: str | None = None
    is_whole: bool = True  # nothing more is to be proved: earlier failures are forgiven


class Prove:
    """Judges, counts and enters."""

    def __init__(self, users: UserStore, clock: Clock, service_version: str) -> None:
        """Wire the use case."""
        self._users = users
        self._clock = clock
        self._service_version = service_version

    def attempt(self, name: str, proof: Proof) -> Account:
        """Judge a proof by the account as it is at that moment; enter and count it where it fails. Raises NotLetIn."""
        why: list[str] = []

        def judged(account: Account) -> tuple[Credentials, list[AuditEntry]] | None:
            held, now = account.credentials, self._clock.now()
            after = proof.judge(held, now)  # first: the same work, whatever else is wrong
            why[:] = _refusals(account, after, now)
            if after is None or why:
                return self._failed(account, proof.action, why)
            if not proof.is_whole:
                return None
            after = proofs.proved(after)
            if after == held and proof.done is None:
                return None
            happened = self.happened(proof.done or "user.proved", "proof given", name, LOCAL)
            return after, of_user(happened, account.user, self._service_version)

        try:
            account = changed(self._users, name, judged)
        except LookupError:
            proof.judge(Credentials(), self._clock.now())
            happened = self.happened(f"{proof.action}_refused", "no such user", NOBODY, "none")
            self._users.enter(of_nobody(happened, self._service_version))
            raise NotLetIn from None
        if why:
            raise NotLetIn
        return account

    def _failed(self, account: Account, action: str, why: list[str]) -> tuple[Credentials, list[AuditEntry]]:
        held, now, user = account.credentials, self._clock.now(), account.user
        counted = why == [_WRONG]
        after = proofs.failed(held, now) if counted else held
        told = [self.happened(f"{action}_refused", "; ".join(why), user.name, "none")]
        if counted and after.is_locked(now):
            told.append(self.happened("user.locked", f"{after.failures} failures", user.name, "none"))
        return after, [entry for each in told for entry in of_user(each, user, self._service_version)]

    def enter(self, name: str, action: str, reason: str, authentication: str) -> Account:
        """Enter what a user did to nothing but her own session."""

        def entered(account: Account) -> tuple[Credentials, list[AuditEntry]]:
            happened = self.happened(action, reason, name, authentication)
            return account.credentials, of_user(happened, account.user, self._service_version)

        return changed(self._users, name, entered)

    def happened(self, action: str, reason: str, actor: str, authentication: str) -> Happened:
        """Return what happens now."""
        return Happened(at=self._clock.now(), actor=actor, authentication=authentication, action=action, reason=reason)


def changed(
    users: UserStore, name: str, change: Callable[[Account], tuple[Credentials, list[AuditEntry]] | None]
) -> Account:
    """Change what proves a user, by what it is at that moment, and enter it. Raises LookupError."""
    while True:
        account = users.find(name)
        if account is None:
            raise LookupError(name)
        made = change(account)
        if made is None:
            return account
        user = msgspec.structs.replace(account.user, revision=account.user.revision + 1)
        after = Account(user=user, credentials=made[0])
        try:
            users.update(after, account.user.revision, made[1])
        except Conflict:  # somebody was first: judged anew, or a code would be good twice
            continue
        return after


def _refusals(account: Account, after: Credentials | None, now: datetime) -> list[str]:
    if account.user.disabled:
        return ["disabled"]
    if account.credentials.is_locked(now):
        return ["locked"]
    return [] if after is not None else [_WRONG]
