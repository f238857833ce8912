"""Places follow one small grammar, and merge into one plan."""

from __future__ import annotations

import pytest

from shared.icsr import api
from shared.icsr.e2b.place import Fixed, Leaf, take_apart
from shared.icsr.e2b.plan import Node, message_plan
from shared.icsr.model.oids import oid


def test_a_place_is_taken_apart() -> None:
    steps, leaf = take_apart("../a*/b[@typeCode=PERT][code=7@ich:1.19][author/code=1@sex][~id]/given[2]/@value")
    assert steps[0] is None
    assert steps[1] is not None
    assert steps[1].repeats
    assert steps[2] is not None
    assert steps[2].fixed == (
        Fixed((), (("typeCode", "PERT"),)),
        Fixed(("code",), (("code", "7"), ("codeSystem", "2.16.840.1.113883.3.989.2.1.1.19"))),
        Fixed(("author", "code"), (("code", "1"), ("codeSystem", "1.0.5218"))),
    )
    assert steps[2].sought == (Fixed(("id",), ()),)
    assert steps[3] is not None
    assert steps[3].position == 2
    assert leaf == Leaf("value")
    assert take_apart("a/text()")[1] == Leaf("")


def test_a_mistaken_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no step"):
        take_apart("a b/@value")


def test_short_roots_are_written_out() -> None:
    assert oid("ich:3.1") == "2.16.840.1.113883.3.989.2.1.3.1"
    assert oid("meddra") == "2.16.840.1.113883.6.163"
    assert oid("1.2.3") == "1.2.3"


def test_every_declared_element_has_exactly_one_slot_in_the_plan() -> None:
    slots = [f"{slot.element.id} {slot.element.part}" for node in _nodes(message_plan()) for slot in node.slots]
    declared = [f"{info.element.id} {info.element.part}" for info in api.elements() if not info.element.refers]
    assert sorted(slots) == sorted(declared)
    assert len(set(declared)) == len(declared)


def _nodes(node: Node) -> list[Node]:
    return [node, *(below for child in node.children for below in _nodes(child))]
