"""A reference file is read once, checked, and refused by its name with what it should be.

Every file is read into bytes and parsed from them, so that what was kept of a decision is parsed as what is in use.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from shared.contracts.audit import INSTALLATION
from triage.domain.cues import Raising, TermList
from triage.domain.held_to import KeptFile
from triage.domain.registry import UNASSIGNED, Sponsor
from triage.domain.text import folded
from triage.domain.weighing import Weights

CUES_FILE = Path(__file__).parent / "cues.yaml"
REGISTRY, CUES = "registry", "cues"
T = TypeVar("T")


class ReferenceFileError(Exception):
    """A reference file is missing or wrong; the message names it and says what it should be."""


def read_registry(folder: Path) -> dict[str, tuple[Sponsor, KeptFile]]:
    """Read ``*.yaml``, one sponsor each, by scope. Raises ReferenceFileError."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ReferenceFileError(f"{folder}: no sponsor (*.yaml); set DAYZERO_REGISTRY to the folder of the registry")
    sponsors: dict[str, tuple[Sponsor, KeptFile]] = {}
    for path in paths:
        content = checked(path, path.read_bytes)
        sponsor = sponsor_of(content, path)
        scope = sponsor.sponsor
        if scope == UNASSIGNED or scope in sponsors:
            raise ReferenceFileError(f"{path}: sponsor {scope!r} is reserved or given twice")
        sponsors[scope] = sponsor, KeptFile(sponsor=scope, name=REGISTRY, content=content)
    return sponsors


def read_raising(lists: Mapping[str, Path]) -> tuple[Raising, tuple[KeptFile, ...]]:
    """Read the weights of words, and the lists that the operator has. Raises ReferenceFileError."""
    paths = {CUES: CUES_FILE, **lists}
    files = tuple(
        KeptFile(sponsor=INSTALLATION, name=name, content=checked(path, path.read_bytes))
        for name, path in paths.items()
    )
    return raising_of(files, paths), files


def sponsor_of(content: bytes, told_as: Path | str) -> Sponsor:
    """Return the sponsor of a registry file. Raises ReferenceFileError."""
    return checked(told_as, lambda: msgspec.convert(yaml.safe_load(_text(content)), Sponsor))


def raising_of(files: Sequence[KeptFile], told_as: Mapping[str, Path]) -> Raising:
    """Return what may raise an event: weights by the file ``cues``, lists by the others. Raises ReferenceFileError."""
    [cues] = [each for each in files if each.name == CUES]
    weights: Weights = checked(
        told_as.get(CUES, CUES), lambda: msgspec.convert(yaml.safe_load(_text(cues.content)), Weights, strict=False)
    )
    lists = tuple(list_of(each, told_as.get(each.name, each.name)) for each in files if each.name != CUES)
    return Raising(weights=weights, lists=lists)


def list_of(file: KeptFile, told_as: Path | str) -> TermList:
    """Return a list of events: a first line ``version <version>``, then a preferred term a line; a tab ends a term.

    Raises ReferenceFileError.
    """
    head, *lines = checked(told_as, lambda: _text(file.content)).splitlines() or [""]
    word, _, version = head.partition(" ")
    terms = frozenset(folded(line.split("\t")[0]) for line in lines if not line.startswith("#")) - {""}
    if word.lower() != "version" or not version.strip() or not terms:
        raise ReferenceFileError(f"{told_as}:1: write 'version 28.0' first, then a preferred term on each line")
    return TermList(name=file.name, version=version.strip(), terms=terms)


def checked(path: Path | str, read: Callable[[], T]) -> T:
    """Return what is read, or say what is wrong with the file. Raises ReferenceFileError."""
    try:
        return read()
    except (OSError, yaml.YAMLError, msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
        raise ReferenceFileError(f"{path}: {type(error).__name__}: {error}") from error


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig")
