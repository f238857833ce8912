"""Foreign or domestic is decided by where the event occurred (E.i.9), not by where its reporter lives.

Where that was not reported, the reporter's country is the nearest fact there is; where neither was, it is unknown.
"""

from enum import StrEnum

from shared.contracts.clinical import CaseContent, Reaction
from triage.domain.derivation import primary_index


class Origin(StrEnum):
    """Where an event occurred, seen from a destination."""

    WITHIN = "within"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


def origin_of(reaction: Reaction, content: CaseContent, territories: tuple[str, ...]) -> Origin:
    """Say whether the event occurred within a destination's territories."""
    country = reaction.country or _reporter_country(content)
    if country is None:
        return Origin.UNKNOWN
    return Origin.WITHIN if country in territories else Origin.OUTSIDE


def _reporter_country(content: CaseContent) -> str | None:
    primary = primary_index(content)
    return None if primary is None else content.reporters[primary].country
