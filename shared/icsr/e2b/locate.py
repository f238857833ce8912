"""What the schema refuses is told by data element, as the guide's readers know it (guide v5.03, section 3.4), not by an
XML name that occurs a hundred times in a message.

An XML element is followed down the plan as the reader follows it; where the plan ends, the nearest place above counts.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise, takewhile

from lxml import etree

from shared.icsr.e2b.flat import Flat
from shared.icsr.e2b.match import chosen
from shared.icsr.e2b.parser import local_name
from shared.icsr.e2b.plan import Node, message_plan
from shared.icsr.e2b.spots import Spot, message_spot


def nearest_id(element: etree._Element, attribute: str = "") -> str:
    """The id of the declared element or group at, or nearest around, an XML element; empty if there is none.

    `attribute` names the attribute that is meant, where one is: a number and its unit stand on the same XML element.

    What belongs to several elements is told by what their ids share: `C.3.4` for an address.
    """
    above = [element, *element.iterancestors()][::-1]
    if local_name(above[0]) != message_plan().name:
        return ""
    spot = message_spot()
    for parent, child in pairwise(above):
        below = _child(spot, parent, child)
        if below is None:
            return _told_of(spot.node)
        spot = below
    meant = next((slot.element.id for slot in spot.node.slots if attribute and slot.attribute == attribute), "")
    return meant or _told_of(spot.node)


def _child(spot: Spot, parent: etree._Element, wanted: etree._Element) -> Spot | None:
    """Which spot of the plan a child is; what stands before it among its like may decide that."""
    among = spot.children.get(wanted.tag)
    if among is None or among.free:
        return among.free if among else None
    if len(among.among) == 1:
        return among.among[0].spot
    alike = list(parent.iterchildren(wanted.tag))
    flat, at, filled, found = Flat(alike), 0, 0, None
    for ordinal, each in enumerate(alike, start=1):
        found = chosen(among, flat, at, ordinal, filled, len(parent) == 1)
        if each is wanted:
            break
        filled |= found.bit if found else 0
        at = flat.end(at)
    return found


def _told_of(node: Node) -> str:
    return _own(node) or (_told_of(node.parent) if node.parent else "")


@cache
def _own(node: Node) -> str:
    if node.main:
        return node.main.element.id
    ids = _below(node)
    if len(ids) > 1 and node.repeat:
        return node.repeat.groups[-1].id
    return _shared(sorted({each for each in ids if not each.startswith("FDA.")} or ids))


def _below(node: Node) -> frozenset[str]:
    own = {slot.element.id for slot in node.slots}
    return frozenset(own.union(*(_below(child) for child in node.children)))


def _shared(ids: list[str]) -> str:
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*ids, strict=False))
    shared = "".join(letters[0] for letters in alike)
    # Of D.1 and D.10 not "D.1" is shared, but "D".
    halved = shared[-1:].isalnum() and any(each[len(shared) :][:1].isdigit() for each in ids)
    return (shared.rpartition(".")[0] if halved else shared).rstrip(".")
