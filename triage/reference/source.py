"""Registry, dictionary and rulebook from files: read once at the start, checked, and refused by file and reason."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import yaml

from triage.domain.cues import Raising, TermList
from triage.domain.pipeline import Reference
from triage.domain.registry import UNASSIGNED, Registry, Sponsor
from triage.domain.rulebook import Rulebook, SignOff, in_force
from triage.domain.text import folded
from triage.domain.weighing import Weights
from triage.reference.dictionary import Dictionary
from triage.reference.files import ReferenceFileError
from triage.reference.rules import RULEBOOKS, load_rulebooks

WEIGHTS = Path(__file__).parent / "cues.yaml"
_ASKED_EVERY = 5.0  # seconds: a sign-off takes effect that soon


class FileReference:
    """``triage.ports.ReferenceSource`` from a folder of sponsors, a MedAscii folder and the rulebook's files."""

    def __init__(
        self,
        registry: Path,
        dictionary: Path,
        sign_offs: Callable[[], Sequence[SignOff]] = tuple,
        rulebooks: Path = RULEBOOKS,
        lists: Mapping[str, Path] = MappingProxyType({}),
    ) -> None:
        """Read everything; ``sign_offs`` is asked again now and then. Raises ReferenceFileError.

        ``lists`` are the operator's lists of important or designated medical events, by name (IME, DME).
        """
        self.registry = load_registry(registry)
        self._rulebooks = load_rulebooks(rulebooks)
        self._terminology = _checked(dictionary, lambda: Dictionary.load(dictionary))
        self._raising = load_raising(lists)
        self._sign_offs = sign_offs
        self._given: tuple[SignOff, ...] = ()
        self._signed = self._rulebooks
        self._asked_at = -math.inf

    @property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        """Every version of the rulebook, as it is signed off now, the earliest adopted first."""
        if time.monotonic() - self._asked_at >= _ASKED_EVERY:
            given = tuple(self._sign_offs())
            if given != self._given:
                self._given, self._signed = given, tuple(each.signed(given) for each in self._rulebooks)
            self._asked_at = time.monotonic()
        return self._signed

    def rulebook(self, today: date) -> Rulebook:
        """The version in force on a day: the last that was adopted by then."""
        return in_force(self.rulebooks, today)

    def for_sponsor(self, scope: str, today: date) -> Reference:
        """Return what a case of this scope is assessed against."""
        sponsor = self.registry.sponsor(scope)
        return Reference(
            sponsor=sponsor,
            rulebook=self.rulebook(today),
            terminology=self._terminology,
            today=today,
            raising=self._raising,
        )


def load_registry(folder: Path) -> Registry:
    """Read ``*.yaml``, one sponsor each. Raises ReferenceFileError."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise ReferenceFileError(f"{folder}: no sponsor (*.yaml); set DAYZERO_REGISTRY to the folder of the registry")
    sponsors = {}
    for file in files:
        sponsor: Sponsor = _checked(file, lambda file=file: msgspec.convert(_yaml(file), Sponsor))
        if sponsor.sponsor == UNASSIGNED or sponsor.sponsor in sponsors:
            raise ReferenceFileError(f"{file}: sponsor {sponsor.sponsor!r} is reserved or given twice")
        sponsors[sponsor.sponsor] = sponsor
    return Registry(sponsors=sponsors)


def load_raising(lists: Mapping[str, Path]) -> Raising:
    """Read the weights of words, and the lists that the operator has. Raises ReferenceFileError."""
    weights: Weights = _checked(WEIGHTS, lambda: msgspec.convert(_yaml(WEIGHTS), Weights, strict=False))
    return Raising(weights=weights, lists=tuple(load_list(name, file) for name, file in lists.items()))


def load_list(name: str, file: Path) -> TermList:
    """Read a list of events: a first line ``version <version>``, then a preferred term a line; a tab ends a term.

    Raises ReferenceFileError.
    """
    head, *lines = _checked(file, lambda: file.read_text(encoding="utf-8-sig")).splitlines() or [""]
    word, _, version = head.partition(" ")
    terms = frozenset(folded(line.split("\t")[0]) for line in lines if not line.startswith("#")) - {""}
    if word.lower() != "version" or not version.strip() or not terms:
        raise ReferenceFileError(f"{file}:1: write 'version 28.0' first, then a preferred term on each line")
    return TermList(name=name, version=version.strip(), terms=terms)


def _yaml(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _checked(file: Path, read: Any) -> Any:
    try:
        return read()
    except (OSError, yaml.YAMLError, msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
        raise ReferenceFileError(f"{file}: {type(error).__name__}: {error}") from error
