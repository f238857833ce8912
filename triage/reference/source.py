"""Registry, dictionary and rulebook from files: read once at the start, checked, and refused by file and reason."""

import math
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from triage.domain.case import CaseVersion
from triage.domain.held_to import HeldTo, KeptFile
from triage.domain.pipeline import Reference
from triage.domain.registry import Registry
from triage.domain.rulebook import Rulebook, SignOff, in_force
from triage.reference.dictionary import Dictionary
from triage.reference.files import checked, read_raising, read_registry
from triage.reference.memory import Memory, NoMemory
from triage.reference.past import Past
from triage.reference.rules import RULEBOOKS, load_rulebooks

_ASKED_EVERY = 5.0  # seconds: a sign-off takes effect that soon


class FileReference:
    """``triage.ports.ReferenceSource`` from a folder of sponsors, a MedAscii folder and the rulebook's files."""

    def __init__(
        self,
        registry: Path,
        dictionary: Path,
        memory: Memory | None = None,
        rulebooks: Path = RULEBOOKS,
        lists: Mapping[str, Path] = MappingProxyType({}),
    ) -> None:
        """Read everything; sign-offs are asked of ``memory`` now and then. Raises ReferenceFileError.

        ``lists`` are the operator's lists of important or designated medical events, by name (IME, DME).
        """
        own = read_registry(registry)
        self.registry = Registry(sponsors={scope: known for scope, (known, _) in own.items()})
        self._rulebooks = load_rulebooks(rulebooks)
        self._terminology = checked(dictionary, lambda: Dictionary.load(dictionary))
        self._raising, common = read_raising(lists)
        self._common = [(file, file.sha256) for file in common]
        self._files = {scope: [(file, file.sha256), *self._common] for scope, (_, file) in own.items()}
        self._memory = memory or NoMemory()
        self._kept: set[str] = set()
        self._signed: tuple[tuple[SignOff, ...], tuple[Rulebook, ...]] = ((), self._rulebooks)
        self._asked_at = -math.inf
        self._past = Past(self._memory, self._rulebooks)

    @property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        """Every version of the rulebook, as it is signed off now, the earliest adopted first."""
        return self._as_signed()[1]

    def rulebook(self, today: date) -> Rulebook:
        """The version in force on a day: the last that was adopted by then."""
        return in_force(self.rulebooks, today)

    def for_sponsor(self, scope: str, today: date) -> Reference:
        """Return what a case of this scope is assessed against; its files are kept before anything is decided."""
        files = self._files.get(scope, self._common)
        for file, sha256 in files:
            self._keep(sha256, file)
        given, rulebooks = self._as_signed()
        return Reference(
            sponsor=self.registry.sponsor(scope),
            rulebook=in_force(rulebooks, today),
            terminology=self._terminology,
            today=today,
            raising=self._raising,
            held_to=HeldTo(
                files={file.name: sha256 for file, sha256 in files},
                signed_until=max((each.at for each in given), default=None),
            ),
        )

    def recorded(self, version: CaseVersion) -> Reference:
        """Return what a version was assessed against; one from before files were kept, against those in use now.

        Raises LookupError for a file that is not kept.
        """
        now = self.for_sponsor(version.snapshot.sponsor, version.cause.at.date())
        return self._past.reference(version, now)

    def _as_signed(self) -> tuple[tuple[SignOff, ...], tuple[Rulebook, ...]]:
        """Return the sign-offs and the rulebooks with them, asked for again now and then; one value for all threads."""
        if time.monotonic() - self._asked_at >= _ASKED_EVERY:
            given = tuple(self._memory.sign_offs())
            if given != self._signed[0]:
                self._signed = given, tuple(each.signed(given) for each in self._rulebooks)
            self._asked_at = time.monotonic()
        return self._signed

    def _keep(self, sha256: str, file: KeptFile) -> None:
        if sha256 not in self._kept:
            self._memory.keep(file)
            self._kept.add(sha256)
