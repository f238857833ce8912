"""Somebody who has just proved who she is: how that is proved is tested with sign-in."""

from datetime import UTC, datetime

from triage.decide import Actor
from triage.domain.signature import Signing

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def signing(actor: Actor, at: datetime = AT) -> Signing:
    """Return the proof of an actor."""
    return Signing(signer=actor.name, full_name=actor.name.title(), at=at, components=("password", "totp"))
