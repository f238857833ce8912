"""A record is decided again by what it was held to: the rulebook, sign-offs and files of its day (DOMAIN 9).

What is parsed is remembered, for many versions were decided with the same files.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from triage.domain.case import CaseVersion
from triage.domain.coding import AsCoded
from triage.domain.cues import Raising
from triage.domain.held_to import HeldTo, KeptFile
from triage.domain.pipeline import Reference
from triage.domain.registry import Sponsor
from triage.domain.rulebook import Rulebook, SignOff
from triage.reference.files import REGISTRY, raising_of, sponsor_of
from triage.reference.memory import Memory

_REMEMBERED = 256
_NEVER = datetime.min.replace(tzinfo=UTC)


class Past:
    """What versions were held to."""

    def __init__(self, memory: Memory, rulebooks: Sequence[Rulebook]) -> None:
        """``rulebooks`` are every version, unsigned."""
        self._memory = memory
        self._rulebooks = {book.version: book for book in rulebooks}
        self._given: Sequence[SignOff] = ()
        self._asked_for = _NEVER
        remembered = lru_cache(_REMEMBERED)
        self._sponsor: Callable[[str, str], Sponsor] = remembered(self._read_sponsor)
        self._raising: Callable[[tuple[tuple[str, str], ...], str], Raising] = remembered(self._read_raising)
        self._signed: Callable[[str, int], Rulebook] = remembered(self._sign)

    def reference(self, version: CaseVersion, now: Reference) -> Reference:
        """Return what a version was assessed against; ``now`` is for what it does not say. Raises LookupError."""
        scope, held_to = version.snapshot.sponsor, version.held_to or HeldTo(signed_until=version.cause.at)
        hashes = dict(held_to.files)
        registry = hashes.pop(REGISTRY, None)
        return msgspec.structs.replace(
            now,
            sponsor=self._sponsor(registry, scope) if registry else now.sponsor,
            rulebook=self._signed(version.rulebook, self._known(held_to.signed_until)),
            terminology=AsCoded(version.snapshot.content),
            raising=self._raising(tuple(hashes.items()), scope) if hashes else now.raising,
            held_to=version.held_to,
        )

    def _known(self, until: datetime | None) -> int:
        """Return how many sign-offs were known; they are asked for where a version may know of newer ones."""
        if until is None:
            return 0
        if until > self._asked_for:
            self._given, self._asked_for = self._memory.sign_offs(), until
        return sum(each.at <= until for each in self._given)

    def _sign(self, rulebook: str, known: int) -> Rulebook:
        return self._rulebooks[rulebook].signed(self._given[:known])

    def _read_sponsor(self, sha256: str, scope: str) -> Sponsor:
        return sponsor_of(self._file(sha256, scope).content, REGISTRY)

    def _read_raising(self, hashes: tuple[tuple[str, str], ...], scope: str) -> Raising:
        """What is one file may be two lists: the version knows it by the name that counts."""
        files = [msgspec.structs.replace(self._file(sha256, scope), name=name) for name, sha256 in hashes]
        return raising_of(files, {})

    def _file(self, sha256: str, scope: str) -> KeptFile:
        found = self._memory.kept(sha256, [scope])
        if found is None:
            raise LookupError(f"the file of SHA-256 {sha256}")
        return found
