"""Which element of a received message is which of the plan (guide v5.03, section 3.4): told by its name, the code it
carries and what it leads to.

Senders differ in what says nothing: class attributes, display names, the order of siblings. Where several nodes of the
plan would do, the one that demands most is meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from lxml import etree

from shared.icsr.e2b.hl7 import LINKS, NAMESPACE, TIME_PARTS, XSI
from shared.icsr.e2b.place import Fixed
from shared.icsr.e2b.plan import Node

# Attributes that repeat what the schema or a code says already.
SAYS_NOTHING = frozenset(
    "typeCode classCode moodCode determinerCode displayName codeSystemName codeSystemVersion inversionInd"
    f" contextConductionInd contextControlCode operator ITSVersion {{{XSI}}}type {{{XSI}}}schemaLocation".split()
)
_DEFAULTS = frozenset({("mediaType", "text/plain"), ("unit", "1")})

Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Candidate:
    """A node that an element may be, and what the element must have for that."""

    node: Node
    position: int
    scheme: str
    coded: tuple[tuple[tuple[str, ...], tuple[str, str]], ...]
    demands: tuple[Fixed, ...]


@dataclass(frozen=True)
class Choice:
    """The nodes that elements of one name may be, the most demanding first; `positional` if their order tells them."""

    among: tuple[Candidate, ...]
    positional: bool
    free: Node | None  # the only one, if it demands nothing


@cache
def choices(node: Node) -> dict[str, Choice]:
    """The children of a node by qualified name."""
    found: dict[str, list[Candidate]] = {}
    for child in sorted(node.children, key=lambda each: -len(_demands(each))):
        coded = tuple((_tags(each.path), _code(each)) for each in _demands(child) if _is_code(each))
        demands = tuple(each for each in _demands(child) if not _is_code(each) and _asks(each))
        candidate = Candidate(child, child.step.position, child.step.scheme, coded, demands)
        found.setdefault(f"{{{NAMESPACE}}}{child.name}", []).append(candidate)
    return {name: _choice(tuple(among)) for name, among in found.items()}


def chosen(choice: Choice, element: etree._Element, ordinal: int, filled: set[Node]) -> Node | None:
    """The node that a received element is, if any; `ordinal` is its position among its like, from 1."""
    if choice.free is not None:
        return None if choice.free in filled else choice.free
    codes: dict[tuple[str, ...], list[tuple[str | None, str | None]]] = {}  # what the element carries, path by path
    for each in choice.among:
        if each.node in filled or (choice.positional and each.position != ordinal):
            continue
        for path, code in each.coded:
            if path not in codes:
                codes[path] = [(found.get("code"), found.get("codeSystem")) for found in _below(element, path)]
            if code not in codes[path]:
                break
        else:
            if _reachable_by(each.scheme, element) and all(_met(element, demand) for demand in each.demands):
                return each.node
    return None


def _choice(among: tuple[Candidate, ...]) -> Choice:
    first = among[0]
    alone = len(among) == 1 and not (first.coded or first.demands or first.scheme)
    positional = any(each.position > 1 for each in among)
    return Choice(among, positional, first.node if alone and not positional and not first.node.repeat else None)


def _is_code(demand: Fixed) -> bool:
    return {name for name, _ in demand.attributes} == {"code", "codeSystem"}


def _asks(demand: Fixed) -> bool:
    """Whether a demand can fail: one that the class attributes of an element itself are as usual can't."""
    return bool(demand.path or demand.attributes)


def _code(demand: Fixed) -> tuple[str, str]:
    stated = dict(demand.attributes)
    return stated["code"], stated["codeSystem"]


def _tags(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{{{NAMESPACE}}}{name}" for name in path)


def _below(element: etree._Element, tags: tuple[str, ...]) -> list[etree._Element]:
    found = [element]
    for tag in tags:
        found = [below for each in found for below in each.iterchildren(tag)]
    return found


def says_nothing(name: str, value: str) -> bool:
    """Whether an attribute repeats what is known without it."""
    return name in SAYS_NOTHING or (name, value) in _DEFAULTS


def says_anything(element: etree._Element) -> bool:
    """Whether an element, or one below it, says more than the schema does."""
    return any(
        (each.text and each.text.strip()) or any(not says_nothing(str(k), str(v)) for k, v in each.attrib.items())
        for each in element.iter()
    )


def qualified(name: str) -> str:
    """An attribute's name as lxml gives it."""
    return f"{{{XSI}}}{name[4:]}" if name.startswith("xsi:") else name


def parts_of_time(element: etree._Element) -> Iterable[etree._Element]:
    """The parts of a time, whether they stand in it or in the members of an expression."""
    for child in element:
        if child.tag == f"{{{NAMESPACE}}}comp":
            yield from child
        else:
            yield child


@cache
def _demands(node: Node) -> tuple[Fixed, ...]:
    """What an element must have to be this node: what its step says, and what the target of a relationship must."""
    own = (*node.step.fixed, *node.step.sought)
    if node.fixed and not node.children:
        own = (*own, Fixed((), tuple(node.constants.items())))
    elif node.step.system and not node.step.system.open:
        own = (*own, Fixed((), (("codeSystem", node.step.system.root),)))
    if node.name not in LINKS:
        return own
    targets = [child for child in node.children if child.name not in TIME_PARTS]
    beyond = [
        Fixed((target.name, *each.path), each.attributes)
        for target in targets
        if len(targets) == 1 or target.step.fixed
        for each in ((*target.step.fixed, *target.step.sought) or (Fixed((), ()),))
    ]
    return (*own, *beyond)


def _met(element: etree._Element, demand: Fixed) -> bool:
    found = _below(element, _tags(demand.path)) if demand.path else (element,)
    return any(all(_agrees(each, name, value) for name, value in demand.attributes) for each in found)


def _reachable_by(scheme: str, element: etree._Element) -> bool:
    """Whether a telecom is of this scheme; one without a value names none, and the guide's telephone comes first."""
    value = element.get("value")
    return "nullFlavor" in element.attrib if scheme and value is None else (value or "").startswith(scheme)


def _agrees(element: etree._Element, name: str, value: str) -> bool:
    stated = element.get(qualified(name))
    if stated is None:
        # Class attributes say nothing new; of a missing value, code system and type need not be stated.
        return name in SAYS_NOTHING or (name == "codeSystem" and "nullFlavor" in element.attrib) or name == "xsi:type"
    return name == "operator" or stated.rpartition(":" if name == "xsi:type" else "\n")[2] == value
