"""A received tree as lists (guide v5.03, Appendix I (A): the message is one tree of elements), in document order.

lxml makes an object for every question that an element is asked; what is asked of all of them is asked at once, which
takes half as long. `at` is an element's place in the lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from lxml import etree

from shared.icsr.e2b.hl7 import NAMESPACE

_CODE = f"{{{NAMESPACE}}}code"

Attributes = list[tuple[str, str]]
CodeKey = tuple[str, str | None, str | None]  # the name of a link's target, and its code with the code system


def attributes(element: etree._Element) -> Attributes:
    """The attributes of an element."""
    return cast("Attributes", element.items())


class Flat:
    """The elements of one or several trees: tag, attributes, text, what follows, and how many children."""

    __slots__ = ("attributes", "counts", "elements", "tags", "tails", "texts")

    def __init__(self, trees: Iterable[etree._Element]) -> None:
        """Take the trees, one behind the other."""
        self.elements = elements = [each for tree in trees for each in tree.iter()]
        self.tags = cast("list[str]", [each.tag for each in elements])
        self.attributes = [attributes(each) for each in elements]
        self.texts = [each.text for each in elements]
        self.tails = [each.tail for each in elements]
        self.counts = [len(each) for each in elements]

    def get(self, at: int, name: str, default: str = "") -> str:
        """Return an attribute."""
        return next((content for each, content in self.attributes[at] if each == name), default)

    def end(self, at: int) -> int:
        """Return the place behind an element and all below it."""
        counts, inside = self.counts, 1
        while inside:
            inside += counts[at] - 1
            at += 1
        return at

    def children(self, at: int) -> Iterator[int]:
        """Yield the places of an element's children."""
        place = at + 1
        for _ in range(self.counts[at]):
            yield place
            place = self.end(place)

    def key(self, link: int) -> CodeKey | None:
        """What tells a relationship's target, or None if that takes a closer look."""
        if self.counts[link] != 1:
            return None
        target = at = link + 1
        tag = self.tags[target]
        for _ in range(self.counts[target]):
            at += 1
            if self.tags[at] == _CODE:
                end = at + 1 if not self.counts[at] else self.end(at)
                if self.tags[end : end + 1] == [_CODE]:
                    return None
                stated = dict(self.attributes[at])
                return tag, stated.get("code"), stated.get("codeSystem")
            if self.counts[at]:
                at = self.end(at) - 1
        return tag, None, None
