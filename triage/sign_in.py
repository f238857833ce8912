"""Nobody is let in who has not proved who she is, and nobody signs for another (21 CFR 11.10(d), 11.200, 11.300).

Whatever is wrong, who asks is told the same, and the same work is done; what it was stands in the audit trail.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

import msgspec

from shared.clock import Clock
from shared.contracts.audit import AuditEntry
from triage.domain import credentials as proofs
from triage.domain import passwords
from triage.domain.credentials import Account, Credentials
from triage.domain.entering import NOBODY, of_nobody, of_user
from triage.domain.session import (
    OIDC,
    TO_SIGN,
    TO_SIGN_IN,
    Errand,
    Session,
    Stage,
    key_of,
    new_errand,
    new_session,
    rotated,
)
from triage.domain.signature import Signing
from triage.ports import SessionStore, UserStore, Vouched
from triage.prove import LOCAL, NotLetIn, Proof, Prove, changed

NOTICEABLE = 3  # failed signings in a session

_SEEN_SECONDS = 60
_CLOCKS_DIFFER = timedelta(seconds=10)


class Unfit(Exception):
    """A new password that cannot be one, in words."""


class Missing(StrEnum):
    """What is to be done after the password, before somebody is in."""

    PASSWORD = "new_password"  # noqa: S105 - to be chosen
    AUTHENTICATOR = "authenticator"
    CODE = "code"


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A session, whose it is, and what her browser is to hold."""

    token: str
    session: Session
    account: Account

    @property
    def missing(self) -> Missing | None:
        """Return what is to be done before she is in; None: nothing."""
        return missing(self.session, self.account.credentials)


class Away(msgspec.Struct, frozen=True, kw_only=True):
    """A session whose person was at the provider, and what was asked there."""

    session: Session
    errand: Errand

    @property
    def is_signed_in(self) -> bool:
        """Say whether she is in already, and proves again who she is."""
        return self.session.stage is Stage.SIGNED_IN

    def is_fresh(self, signed_in_at: datetime | None) -> bool:
        """Say whether she was asked anew; a provider states whole seconds of its own clock."""
        return signed_in_at is not None and signed_in_at > self.errand.asked_at - _CLOCKS_DIFFER


class SignIn:
    """Sign-in, sign-out, and the proof for a signature."""

    def __init__(self, users: UserStore, sessions: SessionStore, clock: Clock, service_version: str) -> None:
        """Wire the use case."""
        self._users = users
        self._sessions = sessions
        self._clock = clock
        self._service_version = service_version
        self._prove = Prove(users, clock, service_version)

    def of(self, token: str) -> Opened | None:
        """Return the live session of a token, and the user as she is at this moment."""
        now, session = self._clock.now(), self._sessions.find(key_of(token))
        if session is None or session.stage is Stage.AWAY or not session.is_live(now):
            return None
        account = self._users.find(session.user) if session.user is not None else None
        if account is None or account.user.disabled:
            self._sessions.end(session.key, now)
            return None
        if (now - session.seen_at).total_seconds() > _SEEN_SECONDS:
            self._sessions.seen(session.key, now)
        return Opened(token=token, session=session, account=account)

    def by_password(self, name: str, password: str, held: Opened | None = None) -> Opened:
        """Begin with name and password; a code, or a first sign-in, must follow. Raises NotLetIn.

        A session that the browser ``held`` ends with that.
        """
        proof = Proof(lambda held, now: proofs.by_password(held, password, now), "user.sign_in", is_whole=False)
        account = self._prove.attempt(name.strip().lower(), proof)
        token, session = new_session(Stage.BEGUN, self._clock.now(), account.user.name)
        if account.credentials.totp is None:
            session = msgspec.structs.replace(session, enrolling=proofs.new_secret())
        self._sessions.put(session, instead_of=held.session.key if held else None)
        return Opened(token=token, session=session, account=account)

    def by_code(self, opened: Opened, code: str) -> Opened:
        """Finish with a code of the authenticator. Raises NotLetIn."""
        _require(opened, Missing.CODE)
        proof = Proof(lambda held, now: proofs.by_code(held, code, now), "user.sign_in", "user.signed_in")
        return self._let_in(self._prove.attempt(opened.account.user.name, proof), opened.session)

    def choose_password(self, opened: Opened, password: str) -> Opened:
        """Put a password of her own in the place of the one-time one. Raises Unfit or NotLetIn."""
        _require(opened, Missing.PASSWORD)
        account = self._replace_password(opened.account, password, "first sign-in")
        return msgspec.structs.replace(opened, account=account)

    def change_password(self, opened: Opened, current: str, password: str) -> None:
        """Change one's password; every other session ends. Raises Unfit or NotLetIn."""
        proof = Proof(lambda held, now: proofs.by_password(held, current, now), "user.change_password")
        account = self._prove.attempt(opened.account.user.name, proof)
        self._replace_password(account, password, "by the user herself")
        self._sessions.end_all(account.user.name, self._clock.now(), but=opened.session.key)

    def confirm(self, opened: Opened, code: str) -> Opened:
        """Finish the first sign-in with a code of the authenticator that was enrolled. Raises NotLetIn."""
        _require(opened, Missing.AUTHENTICATOR)
        secret = opened.session.enrolling or ""
        proof = Proof(
            lambda held, now: proofs.enrolled(held, secret, code, now), "user.enrol_authenticator", "user.enrolled"
        )
        account = self._prove.attempt(opened.account.user.name, proof)
        return self._let_in(
            self._prove.enter(account.user.name, "user.signed_in", "first sign-in", LOCAL), opened.session
        )

    def depart(self, onward: str) -> tuple[str, Errand]:
        """Begin at the OpenID provider; return what the browser is to hold, and the question."""
        now = self._clock.now()
        token, session = new_session(Stage.AWAY, now)
        errand = new_errand(onward, now)
        self._sessions.put(msgspec.structs.replace(session, errand=errand))
        return token, errand

    def prove_again(self, opened: Opened, onward: str) -> Errand:
        """Return the question by which one who signed in at the provider proves again who she is. Raises NotLetIn."""
        if opened.session.authentication != OIDC:
            raise NotLetIn
        errand = new_errand(onward, self._clock.now())
        self._sessions.put(msgspec.structs.replace(opened.session, errand=errand))
        return errand

    def returned(self, token: str, state: str) -> Away:
        """Return the question that was asked in this browser, which is asked no more. Raises NotLetIn."""
        session = self._sessions.find(key_of(token))
        errand = session.errand if session is not None else None
        if session is None or errand is None or not session.is_live(self._clock.now()):
            raise NotLetIn
        self._sessions.put(msgspec.structs.replace(session, errand=None))
        if (
            not compare_digest(errand.state.encode(), state.encode())
            or self._clock.now() - errand.asked_at > TO_SIGN_IN
        ):
            raise NotLetIn
        return Away(session=session, errand=errand)

    def vouched(self, away: Away, vouched: Vouched) -> Opened:
        """Let in for whom the provider vouches, or note that she has proved again who she is. Raises NotLetIn."""
        account, now = self._users.of_subject(vouched.subject), self._clock.now()
        if account is None:
            self.not_vouched(f"unknown subject {vouched.subject[:200]}")
            raise NotLetIn
        name = account.user.name
        if account.user.disabled:
            self._prove.enter(name, "user.sign_in_refused", "disabled", OIDC)
            raise NotLetIn
        if not away.is_signed_in:
            account = self._prove.enter(name, "user.signed_in", "by the OpenID provider", OIDC)
            return self._let_in(account, away.session, OIDC)
        if name != away.session.user or not away.is_fresh(vouched.signed_in_at):
            self._prove.enter(name, "user.proof_refused", "another person, or no fresh sign-in", OIDC)
            raise NotLetIn
        token, session = rotated(msgspec.structs.replace(away.session, errand=None, proved_at=now, seen_at=now))
        self._sessions.put(session, instead_of=away.session.key)
        return Opened(token=token, session=session, account=account)

    def not_vouched(self, reason: str) -> None:
        """Enter that the provider vouched for nobody whom we know."""
        happened = self._prove.happened("user.sign_in_refused", reason, NOBODY, OIDC)
        self._users.enter(of_nobody(happened, self._service_version))

    def sign_out(self, opened: Opened) -> None:
        """End the session here, whatever the browser keeps."""
        self._sessions.end(opened.session.key, self._clock.now())
        if opened.session.stage is Stage.SIGNED_IN:
            self._prove.enter(
                opened.account.user.name, "user.signed_out", "by the user herself", opened.session.authentication
            )

    def sign(self, opened: Opened, password: str = "", code: str | None = None) -> Signing:
        """Prove again who signs: at first in a session by password and code, later by password; or at the provider.

        Raises NotLetIn; what failed counts towards the lock-out, and is entered.
        """
        session = opened.session
        if session.stage is not Stage.SIGNED_IN:
            raise NotLetIn
        try:
            components = self._prove_again(opened, password, code)
        except NotLetIn:
            self._note_refusal(opened)
            raise
        now, user = self._clock.now(), opened.account.user
        signed = msgspec.structs.replace(session, is_signer=True, refused_signings=0, proved_at=None, seen_at=now)
        self._sessions.put(signed)
        return Signing(signer=user.name, full_name=user.full_name, at=now, components=components)

    def denied(self, opened: Opened, what: str, subject: str) -> None:
        """Enter that a user asked for what is not hers, or not there: which it was, nobody is told."""
        user = opened.account.user
        happened = self._prove.happened("access.denied", what, user.name, opened.session.authentication)
        self._users.enter(of_user(happened, user, self._service_version, subject=subject))

    def _prove_again(self, opened: Opened, password: str, code: str | None) -> tuple[str, ...]:
        session, now = opened.session, self._clock.now()
        if session.authentication == OIDC:
            if session.proved_at is None or now - session.proved_at > TO_SIGN:
                raise NotLetIn("Prove at the provider who you are, then sign.")
            return (OIDC,)
        components = ("password",) if session.is_signer else ("password", "totp")

        def both(held: Credentials, now: datetime) -> Credentials | None:
            after = proofs.by_password(held, password, now)
            if session.is_signer or after is None:
                return after
            return proofs.by_code(after, code or "", now)

        self._prove.attempt(opened.account.user.name, Proof(both, "user.sign"))
        return components

    def _note_refusal(self, opened: Opened) -> None:
        """Count it; whoever may look at the trail is told of several, and a locked account has no session."""
        session, name = opened.session, opened.account.user.name
        refused = msgspec.structs.replace(session, refused_signings=session.refused_signings + 1)
        self._sessions.put(refused)
        if refused.refused_signings == NOTICEABLE:
            words = f"{NOTICEABLE} failed signings in one session"
            self._prove.enter(name, "user.signing_suspect", words, session.authentication)
        account = self._users.find(name)
        if account is not None and account.credentials.is_locked(self._clock.now()):
            self._sessions.end_all(name, self._clock.now())

    def _replace_password(self, account: Account, password: str, reason: str) -> Account:
        name, held = account.user.name, account.credentials
        wrong = passwords.weakness(password, name)
        if wrong is None and passwords.matches(held.password, password):
            wrong = "That is the password that you have."
        if wrong is not None:
            raise Unfit(wrong)

        def replaced(current: Account) -> tuple[Credentials, list[AuditEntry]]:
            if current.credentials.password != held.password:  # somebody, or an administrator, was first
                raise NotLetIn
            happened = self._prove.happened("user.password_changed", reason, name, "password")
            return proofs.changed(current.credentials, password), of_user(happened, current.user, self._service_version)

        return changed(self._users, name, replaced)

    def _let_in(self, account: Account, begun: Session, authentication: str = LOCAL) -> Opened:
        """Open the session under a new token; the one that led to it ends."""
        token, session = new_session(Stage.SIGNED_IN, self._clock.now(), account.user.name, authentication)
        self._sessions.put(session, instead_of=begun.key)
        return Opened(token=token, session=session, account=account)


def missing(session: Session, credentials: Credentials) -> Missing | None:
    """Return what is to be done before she is in."""
    if session.stage is not Stage.BEGUN:
        return None
    if credentials.one_time_until is not None:
        return Missing.PASSWORD
    return Missing.AUTHENTICATOR if credentials.totp is None else Missing.CODE


def _require(opened: Opened, what: Missing) -> None:
    if opened.missing is not what:
        raise NotLetIn
