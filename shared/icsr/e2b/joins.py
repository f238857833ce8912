"""What is said of a drug elsewhere in the message is given to the drug (guide v5.03, sections G.k.1 and G.k.9.i).

A reference is followed through the groups between the record that holds it and the one it names; where a drug has no
entry for a reaction yet, it gets one. What refers to nothing is handed back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from shared.icsr.e2b.draft import Draft, sequence
from shared.icsr.e2b.plan import Repeat

NOTHING = "refers to nothing in this message"
TWICE = "is said twice"


@dataclass(frozen=True, slots=True)
class Reference:
    """What a joined place said, `ids` of whom, the record below which they are looked for, and where it stands."""

    holder: Draft
    repeat: Repeat
    said: Draft
    ids: tuple[str | None, ...]
    at: int


def resolve(references: list[Reference], message: Draft) -> Iterator[tuple[int, str]]:
    """Give each reference's values to the record it names; yield those that could not be, with the reason."""
    reactions = sequence(message, "report.reactions")
    order = {each.get("id"): index for index, each in reversed(list(enumerate(reactions)))}
    for each in references:
        target = _target(each, order)
        if target is None:
            yield each.at, NOTHING
        elif any(name in target for name in each.said):
            yield each.at, TWICE
        else:
            target.update(each.said)
    for drug in sequence(message, "report.drugs"):
        if "reactions" in drug:
            sequence(drug, "reactions").sort(key=lambda link: order[link["reaction"]])


def _target(reference: Reference, known: dict[object, int]) -> Draft | None:
    """The record that is meant."""
    keys = {key.down: (key.field, value) for key, value in zip(reference.repeat.keys, reference.ids, strict=True)}
    target = reference.holder
    for down, (field, group) in enumerate(zip(reference.repeat.fields, reference.repeat.groups, strict=True), 1):
        members = sequence(target, field)
        if down not in keys:
            members.append({})
            return members[-1]
        name, value = keys[down]
        found = next((each for each in members if each.get(name) == value), None) if value else None
        if found is None:
            if not group.by or value not in known:
                return None
            found = cast("Draft", {name: value})
            members.append(found)
        target = found
    return target
