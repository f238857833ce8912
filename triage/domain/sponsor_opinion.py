"""The sponsor judges beside others and overrules none of them (Regulation (EU) 536/2014, Annex III, 4; DOMAIN 12).

Its opinion of an event with a drug is one: a new one takes the place of its earlier one, and of no other source's.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from shared.contracts.clinical import CaseContent, Causality, Drug, Reaction
from shared.contracts.code_lists import CausalityResult, CausalitySource
from triage.domain.amendment import Edit
from triage.domain.causality import assessments
from triage.domain.products import is_suspect
from triage.domain.refusal import Refusal
from triage.domain.text import folded


def suspect_places(content: CaseContent) -> list[int]:
    """Return where the suspect drugs stand."""
    return [i for i, drug in enumerate(content.drugs) if is_suspect(drug)]


def earlier(reaction: Reaction, drug: str | None) -> list[Causality]:
    """Return what the sponsor judged of a reaction with a drug of this name so far: it gives way to a new opinion."""
    return [each for each in assessments(reaction, drug) if each.source is CausalitySource.SPONSOR]


def judgement(content: CaseContent, event: int, drug: int, result: CausalityResult, method: str | None) -> Edit:
    """Return the amendment that states what the sponsor judges of an event with a drug. Raises Refusal."""
    name, reaction = content.drugs[drug].name, content.reactions[event]
    if not name:
        words = f"An opinion is of a drug by its name, and this one has none: amend /drugs/{drug}/name first."
        raise Refusal(words)
    given = Causality(source=CausalitySource.SPONSOR, drug=name, method=method, result=result)
    held = reaction.causality
    after = tuple(_after(reaction, given, _others(content, name)))
    place, pointer = after.index(given), f"/reactions/{event}/causality"
    if after[:place] == held[:place] and after[place + 1 :] == held[place + 1 :]:
        return Edit(f"{pointer}/{place}", _plain(given))
    return Edit(pointer, _plain(after))


def _after(reaction: Reaction, given: Causality, others: list[str]) -> Iterator[Causality]:
    """One opinion on every suspect drug stays the sponsor's on each of the others, by name."""
    replaced = earlier(reaction, given.drug)
    for each in reaction.causality:
        if each not in replaced:
            yield each
            continue
        if each is replaced[0]:
            yield given
        if each.drug is None:
            yield from (msgspec.structs.replace(each, drug=other) for other in others)
    if not replaced:
        yield given


def _others(content: CaseContent, name: str) -> list[str]:
    suspects = [content.drugs[place] for place in suspect_places(content)]
    named = {folded(each): each for each in map(_name, suspects)}
    return [each for spelling, each in named.items() if spelling != folded(name)]


def _name(drug: Drug) -> str:
    return drug.name or next(iter(drug.substances))


def _plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))
