"""A partner is who holds a key, and counts as the sender of what comes with it (DOMAIN 1, 18)."""

import hmac
from datetime import datetime

from shared.contracts.key_changed import KeyChanged
from shared.ids import sha256

_NOBODY = "0" * 64  # the hash of no secret: unknown keys cost what known ones do


def opens(key: KeyChanged | None, secret: str, now: datetime) -> bool:
    """Say whether a secret is that of a key which is good now; unknown, revoked and expired ones take the same work."""
    matches = hmac.compare_digest(sha256(secret.encode()), key.secret_sha256 if key else _NOBODY)
    is_good = key is not None and key.revoked_at is None and (key.expires_on is None or now.date() < key.expires_on)
    return matches and is_good
