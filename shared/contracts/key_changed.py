"""``dayzero.key.changed.v1``: triage to intake. A partner's key was issued or revoked; its secret goes by hash."""

from datetime import date, datetime

import msgspec


class KeyChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is from this revision on. ``organisation`` is who counts as the sender, ``sponsors`` for whom."""

    key_id: str
    revision: int
    organisation: str
    sponsors: tuple[str, ...]
    secret_sha256: str
    expires_on: date | None = None  # the first day on which it is good no more, in UTC
    revoked_at: datetime | None = None
