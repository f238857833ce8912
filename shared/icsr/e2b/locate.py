"""What the schema refuses is told by data element, as the guide's readers know it (guide v5.03, section 3.4), not by an
XML name that occurs a hundred times in a message.

An XML element is followed down the plan as the reader follows it; where the plan ends, the nearest place above counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import pairwise, takewhile

from lxml import etree

from shared.icsr.e2b.match import choices, chosen, parts_of_time
from shared.icsr.e2b.parser import local_name
from shared.icsr.e2b.plan import Node, message_plan


def nearest_id(element: etree._Element, attribute: str = "") -> str:
    """The id of the declared element or group at, or nearest around, an XML element; empty if there is none.

    `attribute` names the attribute that is meant, where one is: a number and its unit stand on the same XML element.

    What belongs to several elements is told by what their ids share: `C.3.4` for an address.
    """
    above = [element, *element.iterancestors()][::-1]
    if local_name(above[0]) != message_plan().name:
        return ""
    node = message_plan()
    for parent, child in pairwise(above):
        below = _child(node, parent, child)
        if below is None:
            return _told_of(node)
        node = below
    meant = next((slot.element.id for slot in node.slots if attribute and slot.attribute == attribute), "")
    return meant or _told_of(node)


def _child(node: Node, parent: etree._Element, wanted: etree._Element) -> Node | None:
    """Which node of the plan a child is; what stands before it among its siblings may decide that."""
    among = choices(node)
    filled: set[Node] = set()
    ordinals: Counter[str] = Counter()
    children: Iterable[etree._Element] = parts_of_time(parent) if node.is_time else parent
    for child in children:
        ordinals[child.tag] += 1
        found = chosen(among[child.tag], child, ordinals[child.tag], filled) if child.tag in among else None
        if child is wanted:
            return found
        if found is not None and not found.repeat:
            filled.add(found)
    return None


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
