"""Registry, dictionary and rulebook from files: read once at the start, checked, and refused by file and reason."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import yaml

from triage.domain.pipeline import Reference
from triage.domain.registry import UNASSIGNED, Registry, Sponsor
from triage.domain.rulebook import Destination, DestinationRule, Rulebook
from triage.reference.dictionary import Dictionary

RULEBOOK = Path(__file__).parent / "rulebook"


class ReferenceFileError(Exception):
    """A reference file is missing or wrong; the message names it and says what it should be."""


class FileReference:
    """``triage.ports.ReferenceSource`` from a folder of sponsors, a MedAscii folder and the rulebook's files."""

    def __init__(self, registry: Path, dictionary: Path, rulebook: Path = RULEBOOK) -> None:
        """Read everything. Raises ReferenceFileError."""
        self.registry = load_registry(registry)
        self.rulebook = load_rulebook(rulebook)
        self._terminology = _checked(dictionary, lambda: Dictionary.load(dictionary))

    def for_sponsor(self, scope: str, today: date) -> Reference:
        """Return what a case of this scope is assessed against."""
        sponsor = self.registry.sponsor(scope)
        return Reference(sponsor=sponsor, rulebook=self.rulebook, terminology=self._terminology, today=today)


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


def load_rulebook(folder: Path) -> Rulebook:
    """Read ``destinations.yaml`` and a file of rules for each destination. Raises ReferenceFileError."""
    head = _checked(folder, lambda: _yaml(folder / "destinations.yaml"))
    destinations = _checked(folder, lambda: msgspec.convert(head["destinations"], tuple[Destination, ...]))
    rules: list[DestinationRule] = []
    for destination in destinations:
        file = folder / f"{destination.id}.yaml"
        rules += _checked(file, lambda file=file: _rules(_yaml(file)))
    return Rulebook(version=head["version"], destinations=destinations, rules=tuple(rules))


def _rules(content: Any) -> list[DestinationRule]:
    stated = [{"destination": content["destination"], **rule} for rule in content["rules"]]
    return msgspec.convert(stated, list[DestinationRule])


def _yaml(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def _checked(file: Path, read: Any) -> Any:
    try:
        return read()
    except (OSError, yaml.YAMLError, msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
        raise ReferenceFileError(f"{file}: {type(error).__name__}: {error}") from error
