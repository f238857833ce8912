"""A rulebook is rules as data, in versions; a case version is held to the one recorded with it (DOMAIN 9)."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

import msgspec

from triage.domain.determination import Confidence


class Kind(StrEnum):
    """What is decided for a destination, the weightiest first."""

    EXPEDITED = "expedited"
    UNDETERMINED = "undetermined"
    PERIODIC = "periodic"
    NONE = "none"


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """An authority with a pathway."""

    id: str
    name: str
    authority: str
    document: str  # against which expectedness is judged
    territories: tuple[str, ...]  # where an authorisation, and an event, counts as its own
    same_active_moiety: bool = False  # FDA: another product with the same active moiety counts as well


class DestinationRule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule: conditions over facts, each with the values that meet it, and what follows.

    ``days`` are calendar days; on an undetermined outcome they are the shortest clock that could turn out to run.
    """

    id: str
    version: int
    destination: str
    paragraph: str
    confidence: Confidence
    when: dict[str, tuple[str, ...]]
    outcome: Kind
    words: str
    days: int | None = None
    local_criteria_report_type: str | None = None  # FDA.C.1.7.1

    def missed(self, facts: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of the conditions that these facts do not meet; none: the rule applies."""
        return tuple(name for name, values in self.when.items() if facts.get(name) not in values)


class Rulebook(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A version of all rules."""

    version: str
    destinations: tuple[Destination, ...]
    rules: tuple[DestinationRule, ...]

    def of(self, destination: str) -> tuple[DestinationRule, ...]:
        """Return the rules of a destination, in the order of the file."""
        return tuple(rule for rule in self.rules if rule.destination == destination)

    def asked(self, facts: Mapping[str, str]) -> tuple[str | None, ...]:
        """Return what any rule would ask of these facts: facts that agree in it meet and miss the same conditions."""
        return tuple(map(facts.get, self._names))

    def missed(self, destination: str, facts: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
        """Return for each rule of a destination the conditions that these facts miss.

        It is remembered: what rules ask for has few values, so that nearly every case has been seen before.
        """
        key = (destination, *self.asked(facts))
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = tuple(rule.missed(facts) for rule in self.of(destination))
        return found

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(sorted({name for rule in self.rules for name in rule.when}))

    @cached_property
    def _seen(self) -> dict[tuple[str | None, ...], tuple[tuple[str, ...], ...]]:
        return {}
