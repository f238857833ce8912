"""All declared places together are the message (guide v5.03, section 3.4): merged into one tree, they are the plan by
which it is written and read.

The plan is made once per process by walking the declarations. A node stands for an XML element, a slot for a declared
element's value on it. A repeating group makes a node that is written once for each of its members; an element with a
joined place makes another such node elsewhere, tied to the first by the member's id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from operator import attrgetter

from shared.icsr.e2b.hl7 import LINKS, MIXED, NAMESPACE, XSI, attributes, rank
from shared.icsr.e2b.place import Fixed, Step, resolve, take_apart
from shared.icsr.element import Element, Group, Joined, declarations
from shared.icsr.model.message import Batch

INDENT = "  "


@dataclass(frozen=True)
class Slot:
    """Where a value stands on its node; `path` leads to it from the record at hand, `element` is None for an id."""

    attribute: str
    path: tuple[str, ...]
    element: Element | None
    get: Callable[[object], object]


@dataclass(frozen=True)
class Repeat:
    """A node written once per member of the sequence at `path`; `joined` if it only refers to the members."""

    path: tuple[str, ...]
    get: Callable[[object], object]
    group: Group
    joined: bool


@dataclass(eq=False)
class Node:
    """One XML element of the plan; complete, it is never changed."""

    name: str
    parent: Node | None
    step: Step
    repeat: Repeat | None = None
    constants: dict[str, str] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    by_key: dict[str, Node] = field(default_factory=dict)
    alone: Node | None = None  # what a `comp` becomes when its expression has no other
    fixed: bool = True  # says the same in every message
    reference: bool = False  # says nothing but an id
    opening: str = ""
    opening_null: str = ""
    closing: str = ""
    inside: str = ""  # what separates children: a new line with indent, or nothing
    outside: str = ""

    @property
    def expression(self) -> bool:
        """Whether the element is a time expression of several parts, which must not have only one."""
        return self.name == "effectiveTime" and any(child.name == "comp" for child in self.children)


@cache
def message_plan() -> Node:
    """The plan of the whole batch, its root `MCCI_IN200100UV01`."""
    root = Node(Batch.ROOT, None, Step(Batch.ROOT, Batch.ROOT), constants=root_attributes(Batch.ROOT))
    _fill(root, Batch, (), ())
    _finish(root, 0)
    return root


def root_attributes(name: str) -> dict[str, str]:
    """What the root of a message or acknowledgement declares."""
    return {
        "xmlns": NAMESPACE,
        "xmlns:xsi": XSI,
        **attributes("", name),
        "xsi:schemaLocation": f"{NAMESPACE} {name}.xsd",
    }


def _fill(node: Node, kind: type, base: tuple[Step, ...], path: tuple[str, ...]) -> None:
    for constant in getattr(kind, "FIXED", ()):
        _at(node, resolve(base, take_apart(constant)[0]))
    for name, declared in declarations(kind):
        own = (*path, name)
        if isinstance(declared, Element):
            if isinstance(declared.place, str):
                _put(node, base, declared.place, own, declared)
        elif declared.repeats:
            _repeat(node, base, declared, own)
        else:
            _fill(node, declared.kind, resolve(base, take_apart(declared.base)[0]), own)


def _put(node: Node, base: tuple[Step, ...], place: str, path: tuple[str, ...], element: Element | None) -> None:
    steps, leaf = take_apart(place)
    if leaf is None:
        raise ValueError(f"the place {place!r} of {element.id if element else 'an id'} names no leaf")
    target = _at(node, resolve(base, steps))
    target.slots.append(Slot(leaf.attribute, path, element, attrgetter(".".join(path)) if path else _nothing))


def _repeat(node: Node, base: tuple[Step, ...], group: Group, path: tuple[str, ...]) -> None:
    member, rest = _member(node, base, group.base, Repeat(path, attrgetter(".".join(path)), group, False))
    if group.key:
        _put(member, rest, group.key, (), None)
    _fill(member, group.kind, rest, ())
    for name, declared in declarations(group.kind):
        if isinstance(declared, Element) and isinstance(declared.place, Joined):
            _join(node, base, group, path, (name, declared, declared.place))


def _join(
    node: Node, base: tuple[Step, ...], group: Group, path: tuple[str, ...], what: tuple[str, Element, Joined]
) -> None:
    name, element, joined = what
    member, rest = _member(node, base, joined.base, Repeat(path, attrgetter(".".join(path)), group, True))
    _put(member, rest, joined.path, (name,), element)
    _put(member, rest, joined.key, (), None)


def _member(node: Node, base: tuple[Step, ...], place: str, repeat: Repeat) -> tuple[Node, tuple[Step, ...]]:
    steps = resolve(base, take_apart(place)[0])
    star = next(index for index, step in enumerate(steps) if step.repeats)
    above = _at(node, steps[:star])
    member = _new(above, steps[star], repeat)
    above.by_key[f"{steps[star].raw} {len(above.children)}"] = member
    return member, steps[star + 1 :]


def _at(node: Node, steps: tuple[Step, ...]) -> Node:
    for index, step in enumerate(steps):
        key = step.raw
        if step.name in LINKS:
            key = "/".join(each.raw for each in steps[index : index + 2])
        found = node.by_key.get(key)
        if found is None:
            found = node.by_key[key] = _new(node, step, None)
        node = found
    return node


def _new(parent: Node, step: Step, repeat: Repeat | None) -> Node:
    node = Node(step.name, parent, step, repeat, attributes(parent.name, step.name))
    parent.children.append(node)
    for fixed in step.fixed:
        _demand(node, fixed)
    return node


def _demand(node: Node, fixed: Fixed) -> None:
    if fixed.path and not fixed.attributes:
        return  # only looked for on reading; something else writes it
    for name in fixed.path:
        below = node.by_key.get(name)
        if below is None:
            below = node.by_key[name] = _new(node, Step(name, name), None)
        node = below
    node.constants.update(fixed.attributes)


def _finish(node: Node, depth: int) -> None:
    node.children.sort(key=lambda child: rank(node.name, child.name))
    for child in node.children:
        _finish(child, depth + 1)
    node.fixed = not node.slots and node.repeat is None and all(child.fixed for child in node.children)
    node.reference = not (node.fixed or node.repeat or any(slot.element for slot in node.slots)) and all(
        child.fixed or child.reference for child in node.children
    )
    if node.expression:
        for child in node.children:
            child.alone = _alone(child, depth)
    _spell(node, depth)


def _alone(part: Node, depth: int) -> Node:
    constants = {name: value for name, value in part.constants.items() if name != "operator"}
    children = [replace(child) for child in part.children]
    twin = Node("effectiveTime", part.parent, part.step, None, constants, part.slots, children, fixed=False)
    for child in children:
        _spell(child, depth + 1)
    _spell(twin, depth)
    return twin


def _spell(node: Node, depth: int) -> None:
    inline = any(above in MIXED for above in _names_above(node))
    node.outside = "" if inline else "\n" + INDENT * depth
    node.inside = "" if inline or node.name in MIXED else node.outside
    start = f"{node.outside if node.parent else ''}<{node.name}"
    node.opening = start + _written(node.constants)
    node.opening_null = start + _written({k: v for k, v in node.constants.items() if not k.startswith("codeSystem")})
    node.closing = f"</{node.name}>"


def _names_above(node: Node) -> list[str]:
    names = []
    above = node.parent
    while above:
        names.append(above.name)
        above = above.parent
    return names


def _written(constants: dict[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in constants.items())


def _nothing(_: object) -> None:
    return None
