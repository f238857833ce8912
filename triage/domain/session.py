"""A continuous period of controlled system access (21 CFR 11.200(a)(1)): from sign-in to sign-out, or to its limits.

What a browser holds is random and means nothing; everything is kept here, by its hash, and read at every request.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from shared.ids import new_id, sha256

IDLE, WHOLE = timedelta(minutes=30), timedelta(hours=12)
TO_SIGN_IN = timedelta(minutes=10)  # from the password to the code, or to the OpenID provider and back
TO_SIGN = timedelta(minutes=5)  # from the proof at the OpenID provider to the signature
OIDC = "oidc"


class Stage(StrEnum):
    """How far somebody is."""

    BEGUN = "begun"  # the password was right
    AWAY = "away"  # at the OpenID provider
    SIGNED_IN = "signed_in"


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of the OpenID provider, so that its answer is known for the one to this."""

    state: str
    nonce: str
    verifier: str  # PKCE
    asked_at: datetime
    onward: str = "/"  # where the person goes then


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One session; ``key`` is the hash of what the browser holds."""

    key: str
    stage: Stage
    started_at: datetime
    seen_at: datetime
    user: str | None = None  # None while away at the provider for the first time
    authentication: str = ""  # "password+totp" or "oidc"
    is_signer: bool = False  # signed already: a further signature takes the password alone
    refused_signings: int = 0
    proved_at: datetime | None = None  # at the OpenID provider, for one signature
    enrolling: str | None = None  # the secret that was shown to be enrolled
    errand: Errand | None = None
    ended_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """Return when it is over, whatever is done in it."""
        return self.started_at + (WHOLE if self.stage is Stage.SIGNED_IN else TO_SIGN_IN)

    def is_live(self, now: datetime) -> bool:
        """Say whether it is neither ended nor over its limits."""
        return self.ended_at is None and now < self.ends_at and now - self.seen_at < IDLE


def new_session(stage: Stage, now: datetime, user: str | None = None, authentication: str = "") -> tuple[str, Session]:
    """Return what the browser is to hold, and the session."""
    token = new_id("ses")
    session = Session(
        key=sha256(token.encode()), stage=stage, started_at=now, seen_at=now, user=user, authentication=authentication
    )
    return token, session


def rotated(session: Session) -> tuple[str, Session]:
    """Return the session under a new token: what anybody knew of the old one is worth nothing."""
    token = new_id("ses")
    return token, msgspec.structs.replace(session, key=sha256(token.encode()))


def new_errand(onward: str, now: datetime) -> Errand:
    """Return a question that nobody can guess the answer to; the verifier has 43 to 128 letters (RFC 7636, 4.1)."""
    verifier = f"{new_id('v1')}-{new_id('v2')}"
    return Errand(state=new_id("state"), nonce=new_id("nonce"), verifier=verifier, asked_at=now, onward=onward)


def key_of(token: str) -> str:
    """Return the key of the session that a browser names."""
    return sha256(token.encode(errors="replace"))
