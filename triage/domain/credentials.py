"""What proves who somebody is, and how often it may be got wrong (21 CFR 11.300; OWASP ASVS 5.0, 6.3 and 6.5).

A code of an authenticator is good once. Ten failures lock an account for a minute, each further one for twice as long.
"""

from datetime import datetime, timedelta

import msgspec
import pyotp

from triage.domain import passwords
from triage.domain.identity import User

MOST_FAILURES = 10
ONE_TIME_FOR = timedelta(hours=72)
_ISSUER = "DayZero"
_STEP_SECONDS = 30
_DRIFT = (-1, 0, 1)  # steps: clocks differ, and who has two things to prove need not wait
_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
_DOUBLINGS = 6  # until the longest


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """Of a local account; one of the OpenID provider has none but ``failures``."""

    password: str | None = None  # argon2id
    one_time_until: datetime | None = None  # of a password that an administrator made: it must be changed
    totp: str | None = None  # the shared secret, in base 32; None until enrolled
    totp_step: int = 0  # the step of the last code that was used
    failures: int = 0  # since the last whole sign-in
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Say whether nothing is believed for the time being."""
        return self.locked_until is not None and now < self.locked_until


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A user, and what proves that it is she."""

    user: User
    credentials: Credentials = Credentials()


def by_password(credentials: Credentials, password: str, now: datetime) -> Credentials | None:
    """Return the credentials as they are after a password; None where it proves nothing."""
    expired = credentials.one_time_until is not None and now >= credentials.one_time_until
    return credentials if passwords.matches(credentials.password, password) and not expired else None


def by_code(credentials: Credentials, code: str, now: datetime) -> Credentials | None:
    """Return the credentials after a code of the authenticator, which is good no more; None where it proves nothing."""
    step = None if credentials.totp is None else _step(credentials.totp, code, now)
    if step is None or step <= credentials.totp_step:
        return None
    return msgspec.structs.replace(credentials, totp_step=step)


def failed(credentials: Credentials, now: datetime) -> Credentials:
    """Return the credentials after one more failure."""
    failures = credentials.failures + 1
    beyond = failures - MOST_FAILURES
    pause = min(_LONGEST_PAUSE, _PAUSE * 2 ** min(beyond, _DOUBLINGS)) if beyond >= 0 else None
    return msgspec.structs.replace(credentials, failures=failures, locked_until=now + pause if pause else None)


def proved(credentials: Credentials) -> Credentials:
    """Return the credentials after everything was proved."""
    return msgspec.structs.replace(credentials, failures=0, locked_until=None)


def changed(credentials: Credentials, password: str) -> Credentials:
    """Return the credentials with a password that the user has chosen."""
    return msgspec.structs.replace(credentials, password=passwords.hashed(password), one_time_until=None)


def issued(now: datetime) -> tuple[Credentials, str]:
    """Return new credentials that a one-time password opens, and that password."""
    password = passwords.one_time()
    return Credentials(password=passwords.hashed(password), one_time_until=now + ONE_TIME_FOR), password


def new_secret() -> str:
    """Return a secret to share with an authenticator: 160 random bits (RFC 4226, section 4)."""
    return pyotp.random_base32()


def enrolled(credentials: Credentials, secret: str, code: str, now: datetime) -> Credentials | None:
    """Return the credentials with an authenticator that has shown a code; None where it was another."""
    if credentials.totp is not None:
        return None
    return by_code(msgspec.structs.replace(credentials, totp=secret, totp_step=0), code, now)


def provisioning_uri(secret: str, name: str) -> str:
    """Return what an authenticator reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


def _step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step whose code this is; all are compared, and each in constant time."""
    counter, otp = int(now.timestamp()) // _STEP_SECONDS, pyotp.HOTP(secret)
    typed = "".join(code.split())[:10]
    found = [counter + drift for drift in _DRIFT if pyotp.utils.strings_equal(otp.at(counter + drift), typed)]
    return found[-1] if found else None
