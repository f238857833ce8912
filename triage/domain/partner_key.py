"""A partner's system proves who it is by a key, good for the sponsors that it is issued for (21 CFR 11.10(d), 11.300).

The secret has 256 random bits, is shown once, and is kept nowhere: a fast hash is enough, for nobody can guess it.
"""

import secrets
from datetime import date, datetime

import msgspec

from shared.contracts.key_changed import KeyChanged
from shared.ids import new_id, sha256

SECRET_BYTES = 32


class PartnerKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key. Never deleted, and its id never another's."""

    key_id: str
    revision: int
    organisation: str
    sponsors: tuple[str, ...]
    secret_sha256: str
    created_at: datetime
    expires_on: date | None = None
    revoked_at: datetime | None = None
    noted: int = 0  # the newest revision that intake knows of

    def as_changed(self) -> KeyChanged:
        """Return what intake is told of it."""
        known = {name: getattr(self, name) for name in KeyChanged.__struct_fields__}
        return KeyChanged(**known)


def issued(
    organisation: str, sponsors: tuple[str, ...], now: datetime, expires_on: date | None
) -> tuple[PartnerKey, str]:
    """Return a new key, and what the partner is handed, once."""
    key_id, secret = new_id("dzk"), secrets.token_urlsafe(SECRET_BYTES)
    key = PartnerKey(
        key_id=key_id,
        revision=1,
        organisation=organisation,
        sponsors=sponsors,
        secret_sha256=sha256(secret.encode()),
        created_at=now,
        expires_on=expires_on,
    )
    return key, f"{key_id}.{secret}"
