"""An XML file from outside is read as data only: no document type, no entities, no network (guide v5.03, Appendix I,
names the schema as the one definition a message needs; a DOCTYPE has no place in it).

This is the only parser in the program. `huge_tree` is needed for long narratives and embedded documents; it switches
most of libxml2's own limits off, so the limits are ours: those on bytes in `guard`, those on elements here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from lxml import etree

from shared.icsr.e2b.guard import (
    MAX_BYTES,
    MAX_MARKUP,
    Measure,
    RefusedXml,
    UnreadableMessage,
    guarded,
    room,
)
from shared.icsr.model.values import MAX_TEXT

MAX_DEPTH = 200  # the deepest declared place has 30 steps
MAX_ATTRIBUTES = 200
MAX_NODES = MAX_MARKUP  # elements and attributes of one message

_OPTIONS: dict[str, Any] = {
    "encoding": "UTF-8",
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": True,
    "remove_comments": True,
    "remove_pis": True,
}
_BEYOND_LIMITS = etree.XPath(f"boolean(/*{'/*' * MAX_DEPTH} | //*/@*[{MAX_ATTRIBUTES + 1}])")

__all__ = ["MAX_BYTES", "RefusedXml", "UnreadableMessage", "local_name", "parse", "require_root", "stream"]


def parse(xml: bytes, limit: int = MAX_BYTES, doctype: str = "") -> etree._Element:
    """Parse a file of at most `limit` bytes and return its root, without comments and processing instructions.

    `doctype` is the one name that a DOCTYPE without definitions of its own may state; it is passed over, and nothing
    that it points at is read.

    Raises:
        RefusedXml: the file is larger than `limit` or one of our limits, or has another DOCTYPE.
        UnreadableMessage: the file is not well-formed XML.
    """
    most = room(xml[:limit])
    measure = Measure(most)
    for chunk in guarded((xml,), limit, doctype):  # all of it first: what is refused costs no parsing
        measure.add(chunk)
    root = _at_once(guarded((xml,), limit, doctype))
    return _with_reason(guarded((xml,), limit, doctype), most) if root is None else root


def _at_once(chunks: Iterable[bytes]) -> etree._Element | None:
    """Return the root of a file with which nothing is wrong; what is, and where, takes twice as long to say."""
    parser = etree.XMLParser(**_OPTIONS)
    try:
        for chunk in chunks:
            parser.feed(chunk)
        root = parser.close()
    except (etree.XMLSyntaxError, ValueError):
        return None
    faults = any(True for _ in parser.feed_error_log.filter_from_fatals())
    return None if faults or _BEYOND_LIMITS(root) else root


def _with_reason(chunks: Iterable[bytes], most: int) -> etree._Element:
    tree = _Tree(most)
    for chunk in chunks:
        for _ in tree.feed(chunk):
            pass
    return tree.close()


def stream(
    source: Iterable[bytes], root: str, part: str, limit: int
) -> Iterator[tuple[etree._Element, etree._Element | None]]:
    """Parse a file of many parts (children of the root named `part`), holding one or two of them at a time.

    Yield the root as far as it is known with each part, which is whole; last the whole root with None. Only the part
    just given and what is not a part is left in the root. All limits but that on bytes hold for each part.

    Raises:
        RefusedXml, UnreadableMessage: see `parse`; the parts before the fault have been given by then.
        UnreadableMessage: the root is not named `root` (a name with its namespace, as is `part`).
    """
    tree, measure = _Tree(), Measure()
    last: etree._Element | None = None
    for chunk in guarded(source, limit):
        measure.add(chunk)
        for element in tree.feed(chunk):
            require_root(tree.root, root)
            if element.tag == part and element.getparent() is tree.root:
                # Only now, never the newest: libxml2 may still be writing the text that follows that one.
                _drop(last)
                last = element
                tree.restart()
                measure.restart()
                yield tree.root, element
    require_root(tree.close(), root)
    yield tree.root, None


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


class _Tree:
    """A tree that grows chunk by chunk and is held against our limits as it does."""

    root: etree._Element

    def __init__(self, most: int = MAX_NODES) -> None:
        self._most = most
        self._parser = etree.XMLPullParser(events=("start", "end"), **_OPTIONS)
        self._depth = 0
        self._nodes = 0
        self._idle = 0  # bytes in which no element began or ended

    def restart(self) -> None:
        """Count anew what counts per tree."""
        self._nodes = 0

    def feed(self, chunk: bytes) -> Iterator[etree._Element]:
        """Take the next bytes; yield the elements that end in them."""
        wrong: UnreadableMessage | None = None
        try:
            self._parser.feed(chunk)
        except (etree.XMLSyntaxError, ValueError) as error:
            wrong = UnreadableMessage(f"The file is not well-formed XML: {error}")
        # Of an entity that nobody declared lxml raises nothing, and takes what follows for the next document.
        wrong = self._fault() or wrong
        self._idle += len(chunk)
        for event, element in cast("Iterable[tuple[str, etree._Element]]", self._parser.read_events()):
            self._idle = 0
            if event == "end":
                self._depth -= 1
                yield element
            else:
                self._begin(element)
        if wrong:
            raise wrong
        if self._idle > MAX_TEXT:
            raise RefusedXml(f"The file has {MAX_TEXT} bytes without an element.")

    def close(self) -> etree._Element:
        """Return the root of the whole tree."""
        try:
            return self._parser.close()
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self._fault() or UnreadableMessage(f"The file is not well-formed XML: {error}") from None

    def _fault(self) -> UnreadableMessage | None:
        for each in cast("Iterable[etree._LogEntry]", self._parser.feed_error_log.filter_from_fatals()):
            return UnreadableMessage(
                f"The file is not well-formed XML: {' '.join(each.message.split())}, line {each.line}"
            )
        return None

    def _begin(self, element: etree._Element) -> None:
        if not self._nodes and not self._depth:
            self.root = element
        attributes = len(element.attrib)
        self._depth += 1
        self._nodes += 1 + attributes
        if self._depth > MAX_DEPTH:
            raise RefusedXml(f"The file has elements more than {MAX_DEPTH} deep.")
        if attributes > MAX_ATTRIBUTES:
            raise RefusedXml(f"The file has an element of more than {MAX_ATTRIBUTES} attributes.")
        if self._nodes > self._most:
            raise RefusedXml(f"The file has more than {self._most} elements and attributes in one message.")


def _drop(part: etree._Element | None) -> None:
    above = None if part is None else part.getparent()
    if part is not None and above is not None:
        above.remove(part)


def require_root(root: etree._Element, wanted: str) -> None:
    """Raise UnreadableMessage unless the root has this name, which includes its namespace."""
    if root.tag == wanted:
        return
    namespace, _, name = wanted[1:].rpartition("}")
    if local_name(root) == name:
        stated = etree.QName(root).namespace
        stands = f"is in the namespace {stated[:100]!r}" if stated else "has no namespace"
        raise UnreadableMessage(f"The file's {name} {stands}: it must be in {namespace}.")
    raise UnreadableMessage(f"The file is a {local_name(root)!r}, not a batch of ICSR messages ({name}).")
