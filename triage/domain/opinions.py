"""A sponsor never downgrades the investigator's assessment (Regulation (EU) 536/2014, Annex III, 4; DOMAIN 12)."""

from shared.contracts.clinical import Causality, Reaction
from shared.contracts.code_lists import CausalityResult, CausalitySource


def overruled(old: Reaction, new: Reaction) -> bool:
    """Say whether a change takes away that somebody else than the sponsor held a reaction to be related."""
    return bool(_related(old) - _related(new))


def _related(reaction: Reaction) -> set[tuple[CausalitySource | None, str | None]]:
    return {(each.source, each.drug) for each in reaction.causality if _counts(each)}


def _counts(given: Causality) -> bool:
    return given.result is CausalityResult.RELATED and given.source is not CausalitySource.SPONSOR
