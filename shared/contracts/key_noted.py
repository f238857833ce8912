"""``dayzero.key.noted.v1``: intake to triage. Intake knows of a key's revision, and asks for it or refuses it."""

import msgspec


class KeyNoted(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to ``key.changed``."""

    key_id: str
    revision: int
