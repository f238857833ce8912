"""A receiver takes every element from its place in the message (guide v5.03, section 3.4): the plan read backwards.

Reading is lenient where senders differ (class attributes, display names, the order of siblings) and honest where they
say more than is declared: whatever was not taken is listed in `Batch.unknown`, nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast

from lxml import etree

from shared.icsr.e2b.draft import Draft, build, put, sequence
from shared.icsr.e2b.flat import Flat
from shared.icsr.e2b.hl7 import NAMESPACE
from shared.icsr.e2b.joins import Reference, resolve
from shared.icsr.e2b.match import SAYS_NOTHING, WHITE, chosen, says_anything, says_nothing
from shared.icsr.e2b.parser import MAX_BYTES, UnreadableMessage, local_name, parse, require_root
from shared.icsr.e2b.plan import Repeat
from shared.icsr.e2b.spots import Spot, Take, message_spot
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
    require_root(root, f"{{{NAMESPACE}}}{Batch.ROOT}")
    reading = _Reading([root])
    reading.element(message_spot(), 0, reading.draft)
    if reading.placeholder:
        raise DraftMessage(reading.placeholder)
    return reading.batch()


def read_some(children: Iterable[etree._Element]) -> tuple[Batch, str]:
    """Read these children of a parsed batch's root alone: what they say, and the line of a `DraftMessage` or ""."""
    several = list(children)
    reading = _Reading(several)
    reading.children(message_spot(), 0, len(several), reading.draft)
    return reading.batch(), reading.placeholder


class _Reading:
    """One pass over one file: what it says so far, what waits to be joined, and what could not be taken.

    What reads an element or its children returns the place behind them.
    """

    def __init__(self, trees: Iterable[etree._Element]) -> None:
        self.draft: Draft = {}
        self.placeholder = ""  # the first line found that names one, for a reader
        self._flat = Flat(trees)
        self._references: list[Reference] = []
        self._unread: list[Unread] = []

    def batch(self) -> Batch:
        """What was read."""
        return cast("Batch", build(Batch, {**self.draft, "unknown": tuple(self._unread)}))

    def element(self, spot: Spot, at: int, draft: Draft) -> int:
        """Take everything that one element says."""
        if spot.attachment:
            return self._attachment(spot.attachment, at, draft)
        flat = self._flat
        if flat.attributes[at] != spot.usual:
            self._attributes(spot, at, draft)
        text = flat.texts[at]
        if text is not None and text.strip(WHITE):
            self._text(spot, at, text, draft)
        count = flat.counts[at]
        return self.children(spot, at + 1, count, draft) if count else at + 1

    def _attributes(self, spot: Spot, at: int, draft: Draft) -> None:
        takes, constants, flavor = spot.takes, spot.constants, None
        for name, content in self._flat.attributes[at]:
            take = takes.get(name)
            if take is None:
                if name in SAYS_NOTHING or constants.get(name) == content:
                    continue
            elif content.strip(WHITE) and not (spot.scheme and self._is_scheme(spot, at, content)):
                self._take(take, spot, at, content, draft)
                continue
            if name == "nullFlavor" and name not in constants:
                flavor = content
            elif constants.get(name) != content and not says_nothing(name, content):
                self._attribute(spot, at, (name, content), draft)
        if flavor is not None and not self._null(spot, flavor, draft):
            self._note(at, f"@nullFlavor={flavor!r}", _NOT_DECLARED)

    def _is_scheme(self, spot: Spot, at: int, content: str) -> bool:
        """Whether it is but the scheme that tells which telecom is missing."""
        return content == spot.scheme and any(name == "nullFlavor" for name, _ in self._flat.attributes[at])

    def _attribute(self, spot: Spot, at: int, said: tuple[str, str], draft: Draft) -> None:
        """An attribute that is no declared element's own: an id, a code system, or unknown."""
        name, content = said
        identity = spot.node.identity
        if identity is not None and name in {"root", "extension"}:
            root, extension = self._flat.get(at, "root"), self._flat.get(at, "extension")
            draft[f"{_ID} {identity}"] = f"{root}/{extension}" if extension else root
            return
        coded = spot.takes.get("code") if name == "codeSystem" else None
        if coded and coded.root is not None:
            if content.strip() and not self._flat.get(at, "code"):
                put(draft, coded.field, Coded("", content))
        elif content.strip(WHITE) and content != spot.scheme:
            self._note(at, f"@{name.rpartition('}')[2]}={content!r}", _NOT_DECLARED)

    def _take(self, take: Take, spot: Spot, at: int, content: str, draft: Draft) -> None:
        value: object = content.removeprefix(spot.scheme) if spot.scheme else content
        if take.read:
            value = take.read(cast("str", value))
        elif take.root is not None and (system := self._flat.get(at, "codeSystem")) != take.root:
            value = Coded(content, system)
        if take.field in draft:
            self._note(at, content, "is said twice")
        else:
            draft[take.field] = value

    def _null(self, spot: Spot, flavor: str, draft: Draft) -> bool:
        return spot.main is not None and flavor in NullFlavor.__members__ and put(draft, spot.main, NullFlavor[flavor])

    def _text(self, spot: Spot, at: int, content: str, draft: Draft) -> None:
        take = spot.text
        if take is None:
            self._note(at, content, _NOT_DECLARED)
        elif not put(draft, take.field, take.read(content) if take.read else content):
            # The nullFlavor beside a text was taken first, and the text says more.
            self._note(at, content, "is said twice")

    def children(self, spot: Spot, at: int, count: int, draft: Draft) -> int:
        """Take everything that an element's children say; `at` is the place of the first of `count`."""
        flat, among, filled = self._flat, spot.children, 0
        ordinals: dict[str, int] = {}
        for _ in range(count):
            here, tag = at, flat.tags[at]
            choice = among.get(tag)
            found = choice.free if choice else None
            if choice and (found is None or found.bit & filled):
                if choice.positional:
                    ordinals[tag] = ordinals.get(tag, 0) + 1
                found = chosen(choice, flat, at, ordinals.get(tag, 1), filled, count == 1)
            if found:
                filled |= found.bit
                at = self._member(found, at, draft) if found.repeats else self.element(found, at, draft)
            else:
                at = self._unknown(at)
            if (tail := flat.tails[here]) is not None and tail.strip(WHITE):
                self._note(here, tail, "text between elements")
        return at

    def _member(self, spot: Spot, at: int, draft: Draft) -> int:
        repeat = cast("Repeat", spot.node.repeat)
        member: Draft = {}
        end = self.element(spot, at, member)
        ids = tuple(cast("str | None", member.pop(f"{_ID} {index}", None)) for index in range(len(repeat.keys) or 1))
        if repeat.joined:
            self._references.append(Reference(draft, repeat, member, ids, at))
            return end
        [field], [group] = repeat.fields, repeat.groups
        if group.key:
            member["id"] = ids[0]
        elif not member:
            return end  # what is in it was noted as unknown; an entry that says nothing is none
        sequence(draft, field).append(member)
        if group.names_ids:
            self._join(member)
        return end

    def _join(self, message: Draft) -> None:
        for at, reason in resolve(self._references, message):
            self._unknown(at, reason)
        self._references.clear()

    def _attachment(self, field: str, at: int, draft: Draft) -> int:
        element = self._flat.elements[at]
        said: dict[str, str | None] = {"content": element.text if (element.text or "").strip(WHITE) else None}
        for name, content in self._flat.attributes[at]:
            if name in _DOCUMENT:
                said[_DOCUMENT[name]] = content
            elif name != "nullFlavor" and not says_nothing(name, content):
                self._note(at, f"@{name}={content!r}", _NOT_DECLARED)
        for each in self._flat.children(at):
            child = self._flat.elements[each]
            if local_name(child) == "reference":
                said["reference"] = child.get("value")
                said["content"] = said["content"] or ((child.tail or "").strip(WHITE) and child.tail) or None
            else:
                self._unknown(each)
        flavor = element.get("nullFlavor")
        if any(value is not None for value in said.values()):
            put(draft, field, Attachment(**said))
        elif flavor is not None and flavor in NullFlavor.__members__:
            put(draft, field, NullFlavor[flavor])
        return self._flat.end(at)

    def _unknown(self, at: int, reason: str = _NOT_DECLARED) -> int:
        element = self._flat.elements[at]
        if says_anything(element):
            self._note(at, etree.tostring(element, encoding="unicode", with_tail=False), reason)
        return self._flat.end(at)

    def _note(self, at: int, content: str, reason: str) -> None:
        """Keep what was not taken."""
        element = self._flat.elements[at]
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
