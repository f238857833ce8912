"""A receiver takes every element from its place in the message (guide v5.03, section 3.4): the plan read backwards.

Reading is lenient where senders differ (class attributes, display names, the order of siblings) and honest where they
say more than is declared: whatever was not taken is listed in `Batch.unknown`, nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import cast

from lxml import etree

from shared.icsr.e2b.draft import Draft, build, put, sequence, value_of
from shared.icsr.e2b.hl7 import NAMESPACE
from shared.icsr.e2b.joins import Reference, resolve
from shared.icsr.e2b.match import choices, chosen, parts_of_time, qualified, says_anything, says_nothing
from shared.icsr.e2b.parser import MAX_BYTES, UnreadableMessage, local_name, parse
from shared.icsr.e2b.plan import Node, Slot, message_plan
from shared.icsr.model.message import Batch, Unread
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment, Coded

_ID = "an id, by number"
_NOT_DECLARED = "no declared element stands here"
_DRAFT_OID = re.compile(r'(?:root|codeSystem)="(ich-[a-z-]+-oid|oid[A-Z]\w+)"')
_MOST_PLACED = 1000
_DOCUMENT = {"mediaType": "media_type", "representation": "representation", "compression": "compression"}


class DraftMessage(UnreadableMessage):
    """The message names its code lists by placeholders of a draft of the guide, so that nothing in it can be told."""


def read_batch(xml: bytes, limit: int = MAX_BYTES) -> Batch:
    """Read a file of ICSR messages.

    Raises:
        RefusedXml: the file is hostile or larger than `limit` bytes.
        DraftMessage: the file was written to a draft of the guide.
        UnreadableMessage: the file is no XML, or no batch of ICSR messages.
    """
    return read_tree(parse(xml, limit))


def read_tree(root: etree._Element) -> Batch:
    """Read a parsed file; raises as `read_batch` does."""
    if root.tag != f"{{{NAMESPACE}}}{Batch.ROOT}":
        raise UnreadableMessage(f"The file is a {local_name(root)!r}, not a batch of ICSR messages ({Batch.ROOT}).")
    reading = _Reading()
    reading.element(message_plan(), root, reading.draft)
    if reading.placeholder:
        raise DraftMessage(reading.placeholder)
    return reading.batch()


def read_some(children: Iterable[etree._Element]) -> tuple[Batch, str]:
    """Read these children of a parsed batch's root alone: what they say, and the line of a `DraftMessage` or ""."""
    reading = _Reading()
    reading.children(message_plan(), children, reading.draft)
    return reading.batch(), reading.placeholder


@cache
def _takes(node: Node) -> dict[str, Slot]:
    return {qualified(slot.attribute): slot for slot in node.slots if slot.attribute}


@cache
def _text_slot(node: Node) -> Slot | None:
    return next((slot for slot in node.slots if not slot.attribute), None)


@cache
def _constants(node: Node) -> dict[str, str]:
    return {qualified(name): value for name, value in node.constants.items()}


class _Reading:
    """One pass over one file: what it says so far, what waits to be joined, and what could not be taken."""

    def __init__(self) -> None:
        self.draft: Draft = {}
        self.placeholder = ""  # the first line found that names one, for a reader
        self._references: list[Reference] = []
        self._unread: list[Unread] = []

    def batch(self) -> Batch:
        """What was read."""
        return cast("Batch", build(Batch, {**self.draft, "unknown": tuple(self._unread)}))

    def element(self, node: Node, element: etree._Element, draft: Draft) -> None:
        """Take everything that one element says."""
        if node.attachment:
            self._attachment(node.attachment, element, draft)
            return
        self._attributes(node, element, draft)
        self._text(node, element, draft)
        if len(element):
            self.children(node, parts_of_time(element) if node.is_time else element, draft)

    def _attributes(self, node: Node, element: etree._Element, draft: Draft) -> None:
        takes, constants = _takes(node), _constants(node)
        flavor = None
        for name, content in cast("list[tuple[str, str]]", element.attrib.items()):
            slot = takes.get(name)
            if slot and content.strip() and not (content == node.step.scheme and "nullFlavor" in element.attrib):
                self._take(slot, node, element, content, draft)
            elif name == "nullFlavor" and name not in constants:
                flavor = content
            elif constants.get(name) != content and not says_nothing(name, content):
                self._attribute(node, element, (name, content), draft)
        if flavor is not None and not self._null(node, flavor, draft):
            self.note(element, f"@nullFlavor={flavor!r}", _NOT_DECLARED)

    def _attribute(self, node: Node, element: etree._Element, said: tuple[str, str], draft: Draft) -> None:
        """An attribute that is no declared element's own: an id, a code system, or unknown."""
        name, content = said
        if node.identity is not None and name in {"root", "extension"}:
            root, extension = element.get("root", ""), element.get("extension", "")
            draft[f"{_ID} {node.identity}"] = f"{root}/{extension}" if extension else root
            return
        coded = takes["code"] if name == "codeSystem" and "code" in (takes := _takes(node)) else None
        if coded and coded.system and coded.system.open:
            if not element.get("code"):
                put(draft, coded.path, Coded("", content))
        elif content.strip() and content != node.step.scheme:
            self.note(element, f"@{name.rpartition('}')[2]}={content!r}", _NOT_DECLARED)

    def _take(self, slot: Slot, node: Node, element: etree._Element, content: str, draft: Draft) -> None:
        value: object = value_of(slot.element, content.removeprefix(node.step.scheme))
        if slot.system and slot.system.open:
            system = element.get("codeSystem", "")
            value = value if system == slot.system.root else Coded(content, system)
        if not put(draft, slot.path, value):
            self.note(element, content, "is said twice")

    def _null(self, node: Node, flavor: str, draft: Draft) -> bool:
        main = node.main
        return main is not None and flavor in NullFlavor.__members__ and put(draft, main.path, NullFlavor[flavor])

    def _text(self, node: Node, element: etree._Element, draft: Draft) -> None:
        content = element.text
        if content is None or not content.strip():
            return
        slot = _text_slot(node)
        if slot:
            if not put(draft, slot.path, value_of(slot.element, content)):
                # The nullFlavor beside a text was taken first, and the text says more.
                self.note(element, content, "is said twice")
        else:
            self.note(element, content, _NOT_DECLARED)

    def children(self, node: Node, elements: Iterable[etree._Element], draft: Draft) -> None:
        """Take everything that an element's children say."""
        among = choices(node)
        filled: set[Node] = set()
        ordinals: Counter[str] = Counter()
        for child in elements:
            tag = child.tag
            ordinals[tag] += 1
            found = chosen(among[tag], child, ordinals[tag], filled) if tag in among else None
            if found is None:
                self._unknown(child)
            elif found.repeat:
                self._member(found, child, draft)
            else:
                filled.add(found)
                self.element(found, child, draft)
            if child.tail and child.tail.strip():
                self.note(child, child.tail, "text between elements")

    def _member(self, node: Node, element: etree._Element, draft: Draft) -> None:
        repeat = node.repeat
        if repeat is None:
            return
        member: Draft = {}
        self.element(node, element, member)
        ids = tuple(cast("str | None", member.pop(f"{_ID} {index}", None)) for index in range(len(repeat.keys) or 1))
        if repeat.joined:
            self._references.append(Reference(draft, repeat, member, ids, element))
            return
        if repeat.groups[0].key:
            member["id"] = ids[0]
        elif not member:
            return  # what is in it was noted as unknown; an entry that says nothing is none
        sequence(draft, repeat.paths[0]).append(member)
        if repeat.groups[0].names_ids:
            self._join(member)

    def _join(self, message: Draft) -> None:
        for element, reason in resolve(self._references, cast("Draft", message.setdefault("report", {}))):
            self._unknown(element, reason)
        self._references.clear()

    def _attachment(self, slot: Slot, element: etree._Element, draft: Draft) -> None:
        said: dict[str, str | None] = {"content": element.text if (element.text or "").strip() else None}
        for name, content in cast("list[tuple[str, str]]", element.attrib.items()):
            if name in _DOCUMENT:
                said[_DOCUMENT[name]] = content
            elif name != "nullFlavor" and not says_nothing(name, content):
                self.note(element, f"@{name}={content!r}", _NOT_DECLARED)
        for child in element:
            if local_name(child) == "reference":
                said["reference"] = child.get("value")
                said["content"] = said["content"] or ((child.tail or "").strip() and child.tail) or None
            else:
                self._unknown(child)
        flavor = element.get("nullFlavor")
        if any(value is not None for value in said.values()):
            put(draft, slot.path, Attachment(**said))
        elif flavor is not None and flavor in NullFlavor.__members__:
            put(draft, slot.path, NullFlavor[flavor])

    def _unknown(self, element: etree._Element, reason: str = _NOT_DECLARED) -> None:
        if says_anything(element):
            self.note(element, etree.tostring(element, encoding="unicode", with_tail=False), reason)

    def note(self, element: etree._Element, content: str, reason: str) -> None:
        """Keep what was not taken."""
        line = cast("int | None", element.sourceline) or 0
        if not self.placeholder and (draft_oid := _DRAFT_OID.search(content)):
            self.placeholder = (
                f"Line {line} names {draft_oid[1]!r}, a placeholder of a draft of the guide; no element can be told by"
                " it. Ask the sender for a file with the published OIDs."
            )
        # Finding the place counts siblings, so a file of nothing but surprises would take very long.
        place = _place(element) if len(self._unread) < _MOST_PLACED else ""
        self._unread.append(Unread(place, content, reason, line))


def _place(element: etree._Element) -> str:
    steps = []
    for each in (element, *element.iterancestors()):
        before = sum(1 for _ in each.itersiblings(each.tag, preceding=True))
        steps.append(local_name(each) + (f"[{before + 1}]" if before else ""))
    return "/".join(reversed(steps))
