"""A sponsor never downgrades the investigator's assessment (Regulation (EU) 536/2014, Annex III, 4; DOMAIN 12).

An opinion is of a drug by its name: one that gets another name, as on unblinding, takes its opinions along.
"""

import re
from collections.abc import Iterator

import msgspec

from shared.contracts.clinical import CaseContent, Causality, Drug, Reaction
from shared.contracts.code_lists import CausalityResult, CausalitySource
from triage.domain.text import folded

_NAME_OF_DRUG = re.compile(r"/drugs/(\d+)/name", re.ASCII)


def overruled(old: Reaction, new: Reaction) -> bool:
    """Say whether a change takes away that somebody else than the sponsor held a reaction to be related."""
    return bool(_related(old) - _related(new))


def renamed(before: CaseContent, after: CaseContent, pointer: str) -> CaseContent:
    """Return the content after a change of the field at ``pointer``; if that is a drug's name, with its opinions."""
    found = _NAME_OF_DRUG.fullmatch(pointer)
    place = int(found[1]) if found else len(before.drugs)
    if place >= len(before.drugs):
        return after
    was, now = folded(before.drugs[place].name), after.drugs[place].name
    if not was or not now or was == folded(now):
        return after
    others = any(was in _names(each) for each in after.drugs)
    return msgspec.structs.replace(
        after, reactions=tuple(_of_new_name(each, was, now, others) for each in after.reactions)
    )


def _of_new_name(reaction: Reaction, was: str, now: str, others: bool) -> Reaction:
    causality = tuple(dict.fromkeys(_each(reaction, was, now, others)))
    return msgspec.structs.replace(reaction, causality=causality)


def _each(reaction: Reaction, was: str, now: str, others: bool) -> Iterator[Causality]:
    """Where another drug still has the old name, what was judged of both is kept of each."""
    for given in reaction.causality:
        meant = folded(given.drug) == was
        if not meant or others:
            yield given
        if meant:
            yield msgspec.structs.replace(given, drug=now)


def _names(drug: Drug) -> set[str]:
    return set(map(folded, (drug.name, *drug.substances)))


def _related(reaction: Reaction) -> set[tuple[CausalitySource | None, str | None]]:
    return {(each.source, each.drug) for each in reaction.causality if _counts(each)}


def _counts(given: Causality) -> bool:
    return given.result is CausalityResult.RELATED and given.source is not CausalitySource.SPONSOR
