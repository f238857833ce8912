"""What decisions rest on beside the files in use now: who signed which rule off, and the files of those before."""

from collections.abc import Sequence
from typing import Protocol

from triage.domain.held_to import KeptFile
from triage.domain.rulebook import SignOff


class Memory(Protocol):
    """What is remembered for decisions; nothing of it is ever changed or removed."""

    def sign_offs(self) -> Sequence[SignOff]:
        """Return every sign-off, the earliest first."""
        ...

    def keep(self, file: KeptFile) -> None:
        """Keep a file by its hash; keeping it twice is keeping it once."""
        ...

    def kept(self, sha256: str, scopes: Sequence[str] | None = None) -> KeptFile | None:
        """Return the file of a hash, if it is of one of these sponsors, or of all; ``scopes`` of None is every one."""
        ...


class NoMemory:
    """Remembers nothing: for reading the reference files where nothing is decided."""

    def sign_offs(self) -> Sequence[SignOff]:
        """Return none."""
        return ()

    def keep(self, file: KeptFile) -> None:
        """Keep nothing."""

    def kept(self, sha256: str, scopes: Sequence[str] | None = None) -> KeptFile | None:
        """Return nothing."""
        return None
