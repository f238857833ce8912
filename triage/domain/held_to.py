"""A case version is held to what it was decided with: its rulebook, and the files in use that day (DOMAIN 9).

Registry, cues and lists of events change; an inspector asks years later why something was not reported. So each file is
kept by its hash, and a version names the hashes: decided again with them, its record comes out byte for byte.
"""

from datetime import datetime

import msgspec

from shared.ids import sha256


class HeldTo(msgspec.Struct, frozen=True, kw_only=True):
    """What a version was decided with beside its rulebook: files by their SHA-256, and the sign-offs then known."""

    files: dict[str, str] = {}  # "registry", "cues", and each list of the operator's by its name
    signed_until: datetime | None = None  # the moment of the last sign-off


class KeptFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was when something was decided with it; the registry's is of one sponsor, the others of all."""

    sponsor: str
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Return the hash that versions name it by."""
        return sha256(self.content)
