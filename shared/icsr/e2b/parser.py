"""An XML file from outside is read as data only: no document type, no entities, no network (guide v5.03, Appendix I,
names the schema as the one definition a message needs; a DOCTYPE has no place in it).

This is the only parser in the program. `huge_tree` is needed for long narratives and embedded documents; it switches
libxml2's own limits off, so the file's size is limited here, and a DOCTYPE is refused before libxml2 sees it, because
libxml2 would expand entities in attribute values whatever it is told.
"""

from __future__ import annotations

import re

from lxml import etree

MAX_BYTES = 200 * 1024 * 1024
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


class UnreadableMessage(ValueError):
    """What was received can't be read; the text is one line that can be shown to the sender."""


class RefusedXml(UnreadableMessage):
    """What was received is refused unread: it holds a DOCTYPE, or is too large."""


def parse(xml: bytes, limit: int = MAX_BYTES) -> etree._Element:
    """Parse a file of at most `limit` bytes and return its root, without comments and processing instructions.

    Raises:
        RefusedXml: the file is larger than `limit`, or has a DOCTYPE of any kind.
        UnreadableMessage: the file is not well-formed XML.
    """
    if len(xml) > limit:
        raise RefusedXml(f"The file has {len(xml)} bytes; at most {limit} are read.")
    _refuse_doctype(xml)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise UnreadableMessage(f"The file is not well-formed XML: {wrong}".replace("\n", " ")) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise RefusedXml("The file has a DOCTYPE; ICSR messages have none.")
    return root


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _refuse_doctype(xml: bytes) -> None:
    plain = _narrow(xml)
    found = _PROLOG.match(plain)
    rest = plain[found.end() : found.end() + 2] if found else b""
    if rest.startswith(b"<!"):
        raise RefusedXml("The file has a DOCTYPE; ICSR messages have none.")
    if not re.fullmatch(rb"<[A-Za-z_:\x80-\xff]", rest):
        raise UnreadableMessage("The file is not XML in an encoding that is read here (use UTF-8).")


def _narrow(xml: bytes) -> bytes:
    """UTF-16 as UTF-8, so that one pattern finds a DOCTYPE in both."""
    if not xml.startswith(_WIDE_MARKS):
        return xml
    try:
        return xml.decode("utf-16").encode()
    except UnicodeError:
        raise UnreadableMessage("The file begins as UTF-16 and does not go on so.") from None
