"""The plan prepared for reading (guide v5.03, section 3.4): of each node, what its attributes, text and children are.

A spot is what its node says, in the form in which a received element asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

from shared.icsr.e2b.draft import Value, reader_of
from shared.icsr.e2b.hl7 import NAMESPACE
from shared.icsr.e2b.match import Choice, candidate, choice, demanding, qualified
from shared.icsr.e2b.plan import Node, Slot, message_plan


@dataclass(frozen=True, slots=True)
class Take:
    """How a declared element's value is taken: into which field, and how it is read (None: as it is).

    `root` is the code system that codes are from if they don't say otherwise, None where they can't.
    """

    field: str
    read: Callable[[str], Value] | None
    root: str | None


@dataclass(eq=False, slots=True)
class Spot:
    """A node as an element meets it. `usual` are the attributes of one that says nothing by itself; `bit`, a power of
    two, tells it from its siblings, and is 0 where it may stand as often as it likes.
    """

    node: Node
    bit: int
    usual: list[tuple[str, str]]
    constants: dict[str, str]
    takes: dict[str, Take]
    text: Take | None
    main: str | None
    repeats: bool
    attachment: str | None
    scheme: str
    children: dict[str, Choice[Spot]] = field(default_factory=dict)


@cache
def message_spot() -> Spot:
    """The spot of the whole batch."""
    return _spot(message_plan(), 0)


def _spot(node: Node, number: int) -> Spot:
    constants = {qualified(name): value for name, value in node.constants.items()}
    takes = {qualified(slot.attribute): _take(slot) for slot in node.slots if slot.attribute}
    spot = Spot(
        node,
        0 if node.repeat else 1 << number,
        [] if takes else list(constants.items()),
        constants,
        takes,
        next((_take(slot) for slot in node.slots if not slot.attribute), None),
        _field(node.main),
        node.repeat is not None,
        _field(node.attachment),
        node.step.scheme,
    )
    spot.children = _children(node)
    if node.is_time:
        # The parts of a time stand in it, or in the members of an expression.
        member = replace(spot, bit=0, usual=[], constants={}, children=spot.children)
        alone: Choice[Spot] = Choice((), False, member, False, False, False)
        spot.children = {**spot.children, f"{{{NAMESPACE}}}comp": alone}
    return spot


def _children(node: Node) -> dict[str, Choice[Spot]]:
    by_tag: dict[str, list[tuple[Node, Spot]]] = {}
    for number, child in enumerate(sorted(node.children, key=lambda each: -demanding(each))):
        by_tag.setdefault(f"{{{NAMESPACE}}}{child.name}", []).append((child, _spot(child, number)))
    return {
        tag: choice(node, tuple(candidate(child, spot) for child, spot in found), found[0][0])
        for tag, found in by_tag.items()
    }


def _take(slot: Slot) -> Take:
    root = slot.system.root if slot.system and slot.system.open else None
    return Take(slot.field, reader_of(slot.element), root)


def _field(slot: Slot | None) -> str | None:
    return slot.field if slot else None
