"""All declared places together are the message (guide v5.03, section 3.4): merged into one tree, they are the plan by
which it is written and read.

The plan is made once per process by walking the declarations. A node stands for an XML element, a slot for a declared
element's value on it. A repeating group makes a node that is written once for each of its members; what a joined place
says makes another such node elsewhere, tied to the first by ids.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from shared.icsr.e2b.hl7 import COMPLETING, DEMANDED, LINKS, MIXED, NAMESPACE, TIME_PARTS, XSI, attributes, rank
from shared.icsr.e2b.place import Fixed, Step, System, resolve, take_apart
from shared.icsr.element import Element, Group, Joined, Key, declarations
from shared.icsr.model.message import Batch
from shared.icsr.model.values import Attachment

INDENT = "  "
Path = tuple[str, ...]
_MAIN = ("code", "value", "extension", "")  # which of an element's attributes a nullFlavor stands for, "" its text


@dataclass(frozen=True)
class Slot:
    """Where a value stands on its node; `path` leads to it from the record at hand."""

    attribute: str
    path: Path
    element: Element
    system: System | None = None

    @property
    def field(self) -> str:
        """The path as one name."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Repeat:
    """A node that is written once for each member of a group.

    `paths` leads from the record at hand to the members, a sequence at a time: one for a group in its own place, and
    for a joined place as many as there are groups between the holder and what it says. `keys` are the ids that a joined
    node names, `groups` the groups along the paths. `appends`: each node is a new member of the last group.
    """

    paths: tuple[Path, ...]
    groups: tuple[Group, ...]
    keys: tuple[Key, ...] = ()
    appends: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        """The paths as one name each."""
        return tuple(".".join(path) for path in self.paths)

    @property
    def joined(self) -> bool:
        """Whether the node refers to members that stand elsewhere."""
        return bool(self.keys)


@dataclass(eq=False)
class Node:
    """One XML element of the plan; complete, it is never changed."""

    name: str
    parent: Node | None
    step: Step
    repeat: Repeat | None = None
    constants: dict[str, str] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    identity: int | None = None  # which of the ids at hand stands on it
    children: list[Node] = field(default_factory=list)
    by_key: dict[str, Node] = field(default_factory=dict)
    fixed: bool = True  # says the same in every message
    reference: bool = False  # says nothing but an id
    opening: str = ""
    opening_null: str = ""
    closing: str = ""
    inside: str = ""  # what separates children: a new line with indent, or nothing
    outside: str = ""

    @property
    def demanded(self) -> bool:
        """Whether the schema wants the element although nothing is known of it."""
        return self.completing or (self.parent is not None and f"{self.parent.name}/{self.name}" in DEMANDED)

    @property
    def completing(self) -> bool:
        """Whether the schema wants it only beside something that is known."""
        return self.parent is not None and f"{self.parent.name}/{self.name}" in COMPLETING

    @property
    def is_time(self) -> bool:
        """Whether the element is a time of several parts, which HL7 spells in one of three types."""
        return self.name == "effectiveTime" and any(child.name in {"period", "width"} for child in self.children)

    @property
    def attachment(self) -> Slot | None:
        """The slot of an embedded document, which takes the whole element."""
        return next((slot for slot in self.slots if slot.element.kind is Attachment), None)

    @property
    def main(self) -> Slot | None:
        """The slot that a nullFlavor on the element stands for."""
        ranked = sorted(self.slots, key=lambda slot: _MAIN.index(slot.attribute) if slot.attribute in _MAIN else 9)
        return ranked[0] if ranked else None


@cache
def message_plan() -> Node:
    """The plan of the whole batch, its root `MCCI_IN200100UV01`."""
    root = Node(Batch.ROOT, None, Step(Batch.ROOT, Batch.ROOT), constants=root_attributes(Batch.ROOT))
    _fill(_Holder(root), Batch, (), ())
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


@dataclass(frozen=True)
class _Holder:
    """The node below which a record stands, and through which groups it is reached, the innermost first."""

    node: Node
    above: tuple[_Link, ...] = ()


@dataclass(frozen=True)
class _Link:
    """A group on the way to a record: where its holder stands, and the path from the holder to its members."""

    node: Node
    base: tuple[Step, ...]
    path: Path
    group: Group


def _fill(holder: _Holder, kind: type, base: tuple[Step, ...], path: Path) -> None:
    for constant in getattr(kind, "FIXED", ()):
        _at(holder.node, resolve(base, take_apart(constant)[0]))
    for name, declared in declarations(kind):
        own = (*path, name)
        if isinstance(declared, Group):
            _group(holder, declared, base, own)
        elif isinstance(declared.place, Joined):
            _join(holder, declared.place, own, declared)
        elif declared.place:
            _put(holder.node, base, declared.place, own, declared)


def _group(holder: _Holder, group: Group, base: tuple[Step, ...], path: Path) -> None:
    if group.joined:
        node, rest = _joined(holder, group.joined, (path, group))
        _fill(_Holder(node), group.kind, rest, ())
    elif group.by:
        _fill(_Holder(holder.node, (_Link(holder.node, base, path, group), *holder.above)), group.kind, base, ())
    elif group.repeats:
        node, rest = _member(holder.node, base, group.base, Repeat((path,), (group,)))
        if group.key:
            _at(node, resolve(rest, take_apart(group.key)[0])).identity = 0
        _fill(_Holder(node, (_Link(holder.node, base, path, group), *holder.above)), group.kind, rest, ())
    else:
        _fill(holder, group.kind, resolve(base, take_apart(group.base)[0]), path)


def _put(node: Node, base: tuple[Step, ...], place: str, path: Path, element: Element) -> None:
    steps, leaf = take_apart(place)
    if leaf is None:
        raise ValueError(f"the place {place!r} of {element.id} names no leaf")
    target = _at(node, resolve(base, steps))
    system = target.step.system if leaf.attribute == "code" else None
    target.slots.append(Slot(leaf.attribute, path, element, system))


def _join(holder: _Holder, joined: Joined, path: Path, element: Element) -> None:
    node, rest = _joined(holder, joined, None)
    _put(node, rest, joined.path, path, element)


def _joined(holder: _Holder, joined: Joined, last: tuple[Path, Group] | None) -> tuple[Node, tuple[Step, ...]]:
    """The node for what stands at a joined place; elements with the same base share it."""
    chain = list(reversed(holder.above[: joined.up]))
    top = chain[0]
    links = [(link.path, link.group) for link in chain] + ([last] if last else [])
    repeat = Repeat(tuple(path for path, _ in links), tuple(group for _, group in links), joined.keys, bool(last))
    steps = resolve(top.base, take_apart(joined.base)[0])
    key = f"{joined.base} {repeat.paths}"
    known = top.node.by_key.get(key)
    if known is None:
        known, rest = _member(top.node, top.base, joined.base, repeat)
        top.node.by_key[key] = known
        for index, each in enumerate(joined.keys):
            _at(known, resolve(rest, take_apart(each.place)[0])).identity = index
    star = next(index for index, step in enumerate(steps) if step.repeats)
    return known, steps[star + 1 :]


def _member(node: Node, base: tuple[Step, ...], place: str, repeat: Repeat) -> tuple[Node, tuple[Step, ...]]:
    steps = resolve(base, take_apart(place)[0])
    star = next(index for index, step in enumerate(steps) if step.repeats)
    above = _at(node, steps[:star], steps[star].name)
    member = _new(above, steps[star], repeat)
    above.by_key[f"{steps[star].raw} {len(above.children)}"] = member
    return member, steps[star + 1 :]


def _at(node: Node, steps: tuple[Step, ...], target: str = "") -> Node:
    for index, step in enumerate(steps):
        key = step.raw
        if step.name in LINKS:
            key = "/".join([each.raw for each in steps[index : index + 2]] + [target] * (index + 1 == len(steps)))
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
    if step.system and not step.system.open:
        node.constants["codeSystem"] = step.system.root
    return node


def _demand(node: Node, fixed: Fixed) -> None:
    for name in fixed.path:
        below = node.by_key.get(name)
        if below is None:
            below = node.by_key[name] = _new(node, Step(name, name), None)
        node = below
    node.constants.update(fixed.attributes)


def _finish(node: Node, depth: int) -> None:
    order = TIME_PARTS if node.is_time else ()
    node.children.sort(
        key=lambda child: order.index(child.name) if child.name in order else rank(node.name, child.name)
    )
    for child in node.children:
        _finish(child, depth + 1)
    silent = not node.slots and node.repeat is None
    node.fixed = silent and node.identity is None and all(child.fixed for child in node.children)
    node.reference = silent and not node.fixed and all(child.fixed or child.reference for child in node.children)
    _spell(node, depth)


def _spell(node: Node, depth: int) -> None:
    inline = any(above in MIXED for above in _names_above(node))
    node.outside = "" if inline else "\n" + INDENT * depth
    node.inside = "" if inline or node.name in MIXED else node.outside
    start = f"{node.outside if node.parent else ''}<{node.name}"
    node.opening = start + written(node.constants)
    system = node.step.system  # a code system that alone tells two places apart is said beside a nullFlavor too
    dropped = not (system and not system.open)
    kept = {name: value for name, value in node.constants.items() if not (dropped and name.startswith("codeSystem"))}
    node.opening_null = start + written(kept)
    node.closing = f"</{node.name}>"


def _names_above(node: Node) -> list[str]:
    names = []
    above = node.parent
    while above:
        names.append(above.name)
        above = above.parent
    return names


def written(constants: dict[str, str]) -> str:
    """Attributes as they stand in a start tag."""
    return "".join(f' {name}="{value}"' for name, value in constants.items())
