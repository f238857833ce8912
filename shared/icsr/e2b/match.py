"""Which element of a received message is which of the plan (guide v5.03, section 3.4): told by its name, the code it
carries and what it leads to.

Senders differ in what says nothing: class attributes, display names, the order of siblings. Where several nodes of the
plan would do, the one that demands most is meant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Generic, Protocol, TypeVar

from lxml import etree

from shared.icsr.e2b.flat import Attributes, CodeKey, Flat, attributes
from shared.icsr.e2b.hl7 import LINKS, NAMESPACE, TIME_PARTS, XSI
from shared.icsr.e2b.place import Fixed
from shared.icsr.e2b.plan import Node

# Attributes that repeat what the schema or a code says already.
SAYS_NOTHING = frozenset(
    "typeCode classCode moodCode determinerCode displayName codeSystemName codeSystemVersion inversionInd"
    f" contextConductionInd contextControlCode ITSVersion {{{XSI}}}type {{{XSI}}}schemaLocation".split()
)
_DEFAULTS = frozenset(
    {("mediaType", "text/plain"), ("unit", "1"), ("operator", "A")}
)  # E, as of two intervals, means the opposite of A
_OPTIONAL = SAYS_NOTHING | {"operator"}
WHITE = " \t\r\n"  # what XML counts as white space; a no-break space may have been meant
_TYPE = f"{{{XSI}}}type"

Tags = tuple[str, ...]
Pair = tuple[str | None, str | None]  # a code and its code system


class Placed(Protocol):
    """What stands for a node of the plan."""

    @property
    def bit(self) -> int:
        """A power of two, which tells it from its siblings."""
        ...


Spot = TypeVar("Spot", bound=Placed)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Spot]):
    """What an element may be, and what it must have for that: codes below it, a code and attributes of its own, others
    below it with attributes of theirs.
    """

    spot: Spot
    position: int
    scheme: str
    coded: tuple[tuple[Tags, Pair], ...]
    code: Pair | None
    own: dict[str, str]
    certain: Attributes | None  # attributes, as they are mostly written, that meet these two
    below: tuple[tuple[Tags, dict[str, str]], ...]


@dataclass(slots=True)
class Choice(Generic[Spot]):
    """What elements of one name may be, the most demanding first; `positional` if their order tells them.

    `implied`: where there is only one child, who chose its parent has looked at all that is demanded of it. `by_key`
    has those that are possible for what a relationship leads to, if it leads to one element with one code. `sure`: the
    only one, of which nothing but attributes is demanded.
    """

    among: tuple[Candidate[Spot], ...]
    positional: bool
    free: Spot | None  # the only one, if it demands nothing
    linked: bool
    implied: bool
    sure: bool
    by_key: dict[CodeKey, tuple[Candidate[Spot], ...]] = field(default_factory=dict)

    def possible(self, key: CodeKey) -> tuple[Candidate[Spot], ...]:
        """Return those that a target and its code leave."""
        found = self.by_key.get(key)
        if found is None:
            found = tuple(each for each in self.among if _is_possible(each, key))
            if any(key == (*tags, *pair) for each in self.among for tags, pair in _links(each)):
                self.by_key[key] = found  # only what is declared, or a stranger's codes would fill the memory
        return found


def candidate(node: Node, spot: Spot) -> Candidate[Spot]:
    """Take a node's demands apart."""
    codes = [each for each in _demands(node) if _is_code(each)]
    rest = [each for each in _demands(node) if not _is_code(each)]
    own = {name: value for each in rest if not each.path for name, value in _qualified(each).items()}
    constants = [(qualified(name), value) for name, value in node.constants.items()]
    return Candidate(
        spot,
        node.step.position,
        node.step.scheme,
        tuple((_tags(each.path), _code(each)) for each in codes if each.path),
        next((_code(each) for each in codes if not each.path), None),
        own,
        constants if own.items() <= dict(constants).items() else None,
        tuple((_tags(each.path), _qualified(each)) for each in rest if each.path),
    )


def choice(parent: Node, among: tuple[Candidate[Spot], ...], first: Node) -> Choice[Spot]:
    """The choice among candidates for one name; `first` is the node of the first."""
    one, positional = among[0], any(each.position > 1 for each in among)
    alone = len(among) == 1 and not (positional or one.scheme)
    free = alone and not (one.coded or one.code or one.own or one.below or first.repeat)
    linked = any(True for each in among for _ in _links(each))
    known = {*_demands(first)} <= {*first.step.fixed, *first.step.sought}
    implied = alone and known and parent.name in LINKS and len(parent.children) == 1
    sure = alone and not (one.coded or one.below)
    return Choice(among, positional, one.spot if free else None, linked, implied, sure)


def demanding(node: Node) -> int:
    """How much a node demands."""
    return len(_demands(node))


def chosen(choice: Choice[Spot], flat: Flat, at: int, ordinal: int, filled: int, alone: bool) -> Spot | None:
    """What a received element is, if anything.

    `ordinal` is its position among its like, from 1; `filled` has the bits of what its siblings are, unless it has none
    (`alone`).
    """
    first = choice.among[0]
    if alone and choice.implied:
        return first.spot
    if choice.sure and not first.spot.bit & filled and flat.attributes[at] == first.certain:
        return first.spot
    key = flat.key(at) if choice.linked else None
    if key is not None:
        for each in choice.possible(key):
            if not each.spot.bit & filled and _fits(each, flat, at, len(each.coded) > 1):
                return each.spot
    for each in choice.among:
        free = not each.spot.bit & filled and (not choice.positional or each.position == ordinal)
        if free and _fits(each, flat, at, True):
            return each.spot
    return None


def _fits(each: Candidate[Spot], flat: Flat, at: int, codes: bool) -> bool:
    """Whether an element meets the demands; `codes` if those on its codes are still to be looked at."""
    stated = flat.attributes[at]
    if stated != each.certain and not (_agree(each.own, stated) and _carries(each.code, stated)):
        return False
    if codes and each.coded and not all(pair in _pairs(flat.elements[at], tags) for tags, pair in each.coded):
        return False
    if each.scheme and not _reachable_by(each.scheme, stated):
        return False
    return not each.below or all(_met(flat.elements[at], tags, demand) for tags, demand in each.below)


def _links(each: Candidate[Spot]) -> list[tuple[Tags, Pair]]:
    return [(tags[:1], pair) for tags, pair in each.coded if len(tags) == 2 and tags[1] == _CODE]


def _is_possible(each: Candidate[Spot], key: CodeKey) -> bool:
    targets = {tags[0] for tags, _ in (*each.coded, *each.below)}
    return targets <= {key[0]} and all(pair == key[1:] for _, pair in _links(each))


def _is_code(demand: Fixed) -> bool:
    return {name for name, _ in demand.attributes} == {"code", "codeSystem"}


def _code(demand: Fixed) -> Pair:
    stated = dict(demand.attributes)
    return stated["code"], stated["codeSystem"]


def _qualified(demand: Fixed) -> dict[str, str]:
    return {qualified(name): value for name, value in demand.attributes}


def _tags(path: tuple[str, ...]) -> Tags:
    return tuple(f"{{{NAMESPACE}}}{name}" for name in path)


def _pairs(element: etree._Element, tags: Tags) -> list[Pair]:
    """The codes that an element carries there."""
    return [(each.get("code"), each.get("codeSystem")) for each in _below(element, tags)]


def _below(element: etree._Element, tags: Tags) -> list[etree._Element]:
    found = [element]
    for tag in tags:
        found = [below for each in found for below in each.iterchildren(tag)]
    return found


def _carries(code: Pair | None, stated: Attributes) -> bool:
    if code is None:
        return True
    said = dict(stated)
    return (said.get("code"), said.get("codeSystem")) == code


def _get(stated: Attributes, name: str) -> str | None:
    return next((content for each, content in stated if each == name), None)


def says_nothing(name: str, value: str) -> bool:
    """Whether an attribute repeats what is known without it."""
    return name in SAYS_NOTHING or (name, value) in _DEFAULTS


def says_anything(element: etree._Element) -> bool:
    """Whether an element, or one below it, says more than the schema does."""
    return any(
        (each.text and each.text.strip(WHITE)) or any(not says_nothing(str(k), str(v)) for k, v in each.attrib.items())
        for each in element.iter()
    )


def qualified(name: str) -> str:
    """An attribute's name as lxml gives it."""
    return f"{{{XSI}}}{name[4:]}" if name.startswith("xsi:") else name


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


def _met(element: etree._Element, tags: Tags, demanded: dict[str, str]) -> bool:
    return any(_agree(demanded, attributes(each)) for each in _below(element, tags))


def _reachable_by(scheme: str, stated: Attributes) -> bool:
    """Whether a telecom is of this scheme; one without a value names none, and the guide's telephone comes first."""
    value = _get(stated, "value")
    return _get(stated, "nullFlavor") is not None if value is None else value.startswith(scheme)


def _agree(demanded: dict[str, str], stated: Attributes) -> bool:
    """Whether attributes are as demanded; class attributes and type need not be stated, nor a missing value's list."""
    if not demanded:
        return True
    met = 0
    for name, content in stated:
        value = demanded.get(name)
        if value is not None:
            if content != value and name != "operator" and (name != _TYPE or content.rpartition(":")[2] != value):
                return False
            met += 1
    return met == len(demanded) or _lacks_nothing(demanded, dict(stated))


def _lacks_nothing(demanded: dict[str, str], stated: dict[str, str]) -> bool:
    optional = _OPTIONAL | {"codeSystem"} if "nullFlavor" in stated else _OPTIONAL
    return all(name in optional for name in demanded.keys() - stated.keys())


_CODE = f"{{{NAMESPACE}}}code"
