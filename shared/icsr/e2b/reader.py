"""A receiver takes every element from its place in the message (guide v5.03, section 3.4): the plan read backwards.

Reading is lenient where senders differ (class attributes, display names, the order of siblings) and honest where they
say more than is declared: whatever was not taken is listed in `Batch.unknown`, nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from typing import cast

from lxml import etree

from shared.icsr.e2b.hl7 import LINKS, NAMESPACE, XSI
from shared.icsr.e2b.parser import MAX_BYTES, UnreadableMessage, local_name, parse
from shared.icsr.e2b.place import Fixed
from shared.icsr.e2b.plan import Node, Slot, message_plan
from shared.icsr.element import Element, Group
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Batch, Unread
from shared.icsr.model.null_flavor import NullFlavor

Draft = dict[str, object]

_ID = ""  # the key under which a member's draft holds its id
_TEXT = ""  # the name under which an element's text is marked as taken
_MOST_UNREAD = 1000
# Attributes that repeat what the schema or a code says already.
_SAYS_NOTHING = frozenset(
    "typeCode classCode moodCode determinerCode displayName codeSystemName codeSystemVersion inversionInd"
    f" contextConductionInd contextControlCode operator ITSVersion {{{XSI}}}type {{{XSI}}}schemaLocation".split()
)


def read_batch(xml: bytes, limit: int = MAX_BYTES) -> Batch:
    """Read a file of ICSR messages.

    Raises:
        RefusedXml: the file is hostile or larger than `limit` bytes.
        UnreadableMessage: the file is no XML, or no batch of ICSR messages.
    """
    root = parse(xml, limit)
    if root.tag != f"{{{NAMESPACE}}}{Batch.ROOT}":
        raise UnreadableMessage(f"The file is a {local_name(root)!r}, not a batch of ICSR messages ({Batch.ROOT}).")
    reading = _Reading(root)
    draft: Draft = {}
    reading.element(message_plan(), root, draft)
    reading.join()
    return cast("Batch", _build(Batch, draft, unknown=tuple(reading.left())))


class _Reading:
    """One pass over one file: what was taken, what waits to be joined, what could not be understood."""

    def __init__(self, root: etree._Element) -> None:
        # Held for the whole pass: lxml makes a new object for an element that nobody holds, and identity is used here.
        self._all = list(root.iter())
        self._taken: dict[etree._Element, set[str]] = {}
        self._joins: list[tuple[Draft, tuple[str, ...], Draft, etree._Element]] = []
        self._unread: list[Unread] = []

    def element(self, node: Node, element: etree._Element, draft: Draft) -> None:
        taken = self._taken.setdefault(element, set())
        taken.update(_qualified(name) for name in node.constants)
        for slot in node.slots:
            if slot.element is None:
                draft[_ID] = (element.get("root"), element.get("extension"))
                taken.update(("root", "extension"))
            else:
                self._slot(slot, node, element, draft)
        for child in node.children:
            self._child(child, element, draft)

    def join(self) -> None:
        """Give what was said of a member elsewhere to the member, by its id."""
        members: dict[tuple[int, tuple[str, ...]], dict[object, Draft]] = {}
        for owner, path, said, element in self._joins:
            known = members.setdefault(
                (id(owner), path), {each.get(_ID): each for each in reversed(_sequence(owner, path))}
            )
            target = known.get(said.pop(_ID, None))
            if target is None or any(name in target for name in said):
                reason = "refers to nothing in this message" if target is None else "is said twice"
                self._note(element, str(next(iter(said.values()), "")), reason)
            else:
                target.update(said)

    def left(self) -> Iterator[Unread]:
        """Yield what was not taken, at most a thousand places and then how many more."""
        for element in self._all:
            self._leftovers(element)
        yield from self._unread[:_MOST_UNREAD]
        if len(self._unread) > _MOST_UNREAD:
            yield Unread("", f"{len(self._unread) - _MOST_UNREAD} more places", "too many to list")

    def _child(self, node: Node, element: etree._Element, draft: Draft) -> None:
        found = [each for each in element if _matches(node, each)]
        if node.fixed:
            for each in found[:1]:
                self._take_all(each)
        elif node.repeat:
            for each in found:
                self._member(node, each, draft)
        elif node.name == "comp":
            for each in found or _expression_of_one_part(node, element):
                self.element(node, each, draft)
        else:
            for each in found[node.step.position - 1 : node.step.position]:
                self.element(node, each, draft)

    def _member(self, node: Node, element: etree._Element, draft: Draft) -> None:
        repeat = node.repeat
        if repeat is None:
            return
        member: Draft = {}
        self.element(node, element, member)
        if repeat.joined:
            self._joins.append((draft, repeat.path, member, element))
        else:
            _sequence(draft, repeat.path).append(member)

    def _slot(self, slot: Slot, node: Node, element: etree._Element, draft: Draft) -> None:
        declared = slot.element
        content = element.get(slot.attribute) if slot.attribute else element.text
        taken = self._taken[element]
        if declared is None:
            return
        if content is None or not content.strip():
            flavor = element.get("nullFlavor")
            if flavor and "nullFlavor" not in taken and flavor in NullFlavor.__members__:
                taken.add("nullFlavor")
                _put(draft, slot.path, NullFlavor[flavor])
            return
        taken.add(slot.attribute or _TEXT)
        try:
            _put(draft, slot.path, _value(declared, content.removeprefix(node.step.scheme)))
        except ValueError as wrong:
            self._note(element, content, f"{declared.id}: {wrong}")

    def _take_all(self, element: etree._Element) -> None:
        for each in element.iter():
            self._taken.setdefault(each, set()).update((*map(str, each.attrib), _TEXT))

    def _leftovers(self, element: etree._Element) -> None:
        taken = self._taken.get(element, set())
        for name, value in element.attrib.items():
            if value and name not in taken and name not in _SAYS_NOTHING:
                self._note(
                    element, f"@{str(name).rpartition('}')[2]}={str(value)!r}", "no declared element stands here"
                )
        if _TEXT not in taken and element.text and element.text.strip():
            self._note(element, element.text, "no declared element stands here")
        if element.tail and element.tail.strip():
            self._note(element, element.tail, "text between elements")

    def _note(self, element: etree._Element, content: str, reason: str) -> None:
        # Finding the place counts siblings, so a file of nothing but surprises would take very long.
        place = _place(element) if len(self._unread) < _MOST_UNREAD else ""
        self._unread.append(Unread(place, content, reason))


def _matches(node: Node, element: etree._Element) -> bool:
    if element.tag != f"{{{NAMESPACE}}}{node.name}":
        return False
    if not _reachable_by(node.step.scheme, element):
        return False
    if node.fixed and not _has(element, tuple(node.constants.items())):
        return False
    if not all(_meets(element, fixed) for fixed in node.step.fixed):
        return False
    return node.name not in LINKS or _leads_to(node, element)


def _reachable_by(scheme: str, element: etree._Element) -> bool:
    """Whether a telecom is of this scheme; a missing one names none, and the guide's telephone comes first."""
    value = element.get("value")
    return "nullFlavor" in element.attrib if scheme and value is None else (value or "").startswith(scheme)


def _leads_to(node: Node, link: etree._Element) -> bool:
    """Whether a relationship has the targets this node wants; without demands, any of them will do."""
    demanding = [child for child in node.children if child.step.fixed]
    if demanding:
        return all(any(_matches(child, each) for each in link) for child in demanding)
    return any(_matches(child, each) for child in node.children for each in link)


def _meets(element: etree._Element, fixed: Fixed) -> bool:
    found = [element]
    for name in fixed.path:
        found = [below for each in found for below in each.iterchildren(f"{{{NAMESPACE}}}{name}")]
    return any(_has(each, fixed.attributes) for each in found)


def _has(element: etree._Element, attributes: tuple[tuple[str, str], ...]) -> bool:
    return all(_agrees(element, name, value) for name, value in attributes)


def _agrees(element: etree._Element, name: str, value: str) -> bool:
    stated = element.get(_qualified(name))
    if stated is None:
        # Class attributes say nothing new; of a missing value, code system and type need not be stated.
        return name in _SAYS_NOTHING or (name == "codeSystem" and "nullFlavor" in element.attrib) or name == "xsi:type"
    return name == "operator" or str(stated).rpartition(":" if name == "xsi:type" else "\n")[2] == value


def _expression_of_one_part(node: Node, element: etree._Element) -> list[etree._Element]:
    """The time element itself, where the sender wrote the one part in its place."""
    stated = element.get(f"{{{XSI}}}type")
    return [element] if stated is None or stated == node.constants.get("xsi:type") else []


def _value(element: Element, content: str) -> str | bool | Decimal | TS:
    if element.kind is bool:
        if content not in {"true", "false"}:
            raise ValueError(f"{content!r} is neither true nor false")
        return content == "true"
    if element.kind is Decimal:
        if not content.lstrip("-").replace(".", "", 1).isdecimal() or not content.isascii():
            raise ValueError(f"{content!r} is no number")
        return Decimal(content)
    return TS(content) if element.kind is TS else content


def _put(draft: Draft, path: tuple[str, ...], value: object) -> None:
    _below(draft, path[:-1])[path[-1]] = value


def _sequence(draft: Draft, path: tuple[str, ...]) -> list[Draft]:
    return cast("list[Draft]", _below(draft, path[:-1]).setdefault(path[-1], []))


def _below(draft: Draft, path: tuple[str, ...]) -> Draft:
    for name in path:
        draft = cast("Draft", draft.setdefault(name, {}))
    return draft


def _build(kind: type, draft: Draft, **more: object) -> object:
    values: dict[str, object] = dict(more)
    for each in fields(kind):
        declared = each.metadata.get("declared")
        if isinstance(declared, Group):
            below = draft.get(each.name, [] if declared.repeats else {})
            members = (
                [_build(declared.kind, member) for member in cast("list[Draft]", below)] if declared.repeats else []
            )
            values[each.name] = tuple(members) if declared.repeats else _build(declared.kind, cast("Draft", below))
        elif isinstance(declared, Element):
            values[each.name] = draft.get(each.name)
    return kind(**values)


def _qualified(name: str) -> str:
    return f"{{{XSI}}}{name[4:]}" if name.startswith("xsi:") else name


def _place(element: etree._Element) -> str:
    steps = []
    for each in (element, *element.iterancestors()):
        before = sum(1 for _ in each.itersiblings(each.tag, preceding=True))
        steps.append(local_name(each) + (f"[{before + 1}]" if before else ""))
    return "/".join(reversed(steps))
