"""A file from outside is measured before it is parsed: a DOCTYPE has no place in a message (guide v5.03, Appendix I (A)
names the schema as its one definition), and no attachment needs more than the guide's receivers take (15 MB).

What is refused here never reaches libxml2, which would expand entities in attribute values whatever it is told, read
encodings that hide a DOCTYPE, and take a start tag of any length in one piece. What passes is UTF-8, whatever it was.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from shared.icsr.model.values import MAX_TEXT

MAX_BYTES = 200 * 1024 * 1024
MAX_TAG = 256 * 1024
MAX_ASIDES = 100_000  # comments and processing instructions of one tree; annotated samples have a few hundred
MAX_MARKUP = (
    200_000  # tags of one message, and its attributes, told by their equals signs; a long one has some thousands
)
MAX_WHOLE = 1_000_000  # of them in a file of many messages that is not read as a stream
MAX_PROLOG = 64 * 1024
CHUNK = 64 * 1024
_EACH = 1000  # tags that a file may have for each message more
_FEW = 4  # chunks in which there can't be too much of anything

_STREAM = ": read a batch of that size as a stream"

_MESSAGE = re.compile(rb"(?:PORR_IN049016UV|MCCI_IN000002UV(?:01)?)\s*>")

_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DECLARED = re.compile(r"<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)[\"']")
_BARE_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s+(\w+)(?:\s+SYSTEM|\s+PUBLIC\s+(?:\"[^\"<]*\"|'[^'<]*'))?(?:\s+(?:\"[^\"<]*\"|'[^'<]*'))?\s*>"
)
_TAG_BEGINS = re.compile(rb"</?[A-Za-z_:\x80-\xff]")
_TAG_ENDS = re.compile(rb"<(?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+>")

# Encodings in which an ASCII byte is always that character, so that no markup can hide in them.
_NARROW = re.compile(r"us-ascii|iso-8859-\d{1,2}|windows-125\d|shift_jis|euc-(jp|kr)|gb2312|gbk|gb18030|big5")
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class UnreadableMessage(ValueError):
    """What was received can't be read; the text is one line that can be shown to the sender."""


class RefusedXml(UnreadableMessage):
    """What was received is refused unread: it holds a DOCTYPE, or is too large, too deep or too crowded."""


def guarded(source: Iterable[bytes], limit: int, doctype: str = "") -> Iterator[bytes]:
    """Yield the file as UTF-8 in chunks once its first 64 kB have been looked through.

    `limit` is the most bytes it may have; `doctype` the one name that a DOCTYPE without definitions may state, which is
    taken out (R2 files have one by their standard).

    Raises:
        RefusedXml: it is larger, or has another DOCTYPE.
        UnreadableMessage: its encoding is none that is read here, or not the one it states.
    """
    chunks = _in_utf8(_limited(source, limit))
    head = _first(chunks, MAX_PROLOG)
    yield from _cut(_without_doctype(head, doctype.encode()))
    yield from chunks


class Measure:
    """How much a tree holds so far that its elements do not show: stretches without markup, tags, comments."""

    def __init__(self, most: int = MAX_MARKUP) -> None:
        """Begin with nothing; `most` is how many tags or attributes there may be."""
        self._most = most
        self._stretch = 0  # bytes since markup last began
        self._opened = b""  # the first of them
        self._asides = 0
        self._markup = 0
        self._attributes = 0
        self._waiting: list[bytes] | None = []  # what is not counted yet, or None once it had to be

    def restart(self) -> None:
        """Count anew what counts per tree."""
        self._asides = self._markup = self._attributes = 0
        self._waiting = []

    def add(self, chunk: bytes) -> None:
        """Take the next bytes. Raises RefusedXml if it is too much of something."""
        begins = chunk.rfind(b"<")
        if begins < 0:  # the inside of an attachment, in which there is nothing to count
            self._grow(chunk)
            return
        self._count(chunk)
        self._grow(chunk[:begins])
        self._stretch, self._opened = 0, b""
        self._grow(chunk[begins:])

    def _count(self, chunk: bytes) -> None:
        if self._waiting is not None:
            self._waiting.append(chunk)
            if len(self._waiting) <= _FEW:  # as most trees are, and counting takes a third of parsing them
                return
            waiting, self._waiting = self._waiting, None
            chunk = b"".join(waiting)
        self._markup += chunk.count(b"<")
        self._attributes += chunk.count(b"=")
        self._asides += chunk.count(b"<!--") + chunk.count(b"<?")
        if self._asides > MAX_ASIDES:
            raise RefusedXml(f"The file has more than {MAX_ASIDES} comments and instructions in one message.")
        if self._markup > self._most:
            raise RefusedXml(f"The file has more than {self._most} tags in one message{_STREAM}.")
        if self._attributes > self._most:
            raise RefusedXml(f"The file has more than {self._most} attributes in one message{_STREAM}.")

    def _grow(self, more: bytes) -> None:
        was, self._stretch = self._stretch, self._stretch + len(more)
        if was <= MAX_TAG:
            self._opened += more[: MAX_TAG + 1 - was]
        if was <= MAX_TAG < self._stretch and _TAG_BEGINS.match(self._opened) and not _TAG_ENDS.match(self._opened):
            raise RefusedXml(f"The file has a tag of more than {MAX_TAG} bytes.")
        if self._stretch > MAX_TEXT:
            raise RefusedXml(f"The file has a text of more than {MAX_TEXT} bytes; attachments may have 15 MB.")


def room(xml: bytes) -> int:
    """How many tags a file may have that is taken whole: as many as a message may, and some for each message."""
    return min(MAX_WHOLE, MAX_MARKUP + _EACH * sum(1 for _ in _MESSAGE.finditer(xml)))


def _limited(source: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Yield what comes, in whatever pieces, in chunks of one size; refuse it once it is more than `limit` bytes."""
    read, waiting = 0, bytearray()
    for piece in source:
        read += len(piece)
        if read > limit:
            raise RefusedXml(f"The file has more than {limit} bytes; at most {limit} are read.")
        if not waiting and len(piece) > CHUNK:
            yield from _cut(piece)
            continue
        waiting += piece
        if len(waiting) >= CHUNK:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _cut(data: bytes) -> Iterator[bytes]:
    return (data[at : at + CHUNK] for at in range(0, len(data), CHUNK))


def _first(chunks: Iterator[bytes], size: int) -> bytes:
    head = bytearray()
    while len(head) < size and (chunk := next(chunks, b"")):
        head += chunk
    return bytes(head)


def _in_utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    head = _first(chunks, 1024)
    encoding = _encoding(head)
    if encoding == "utf-8":
        yield head
        yield from chunks
        return
    try:
        for text in codecs.iterdecode(chain((head,), chunks), encoding):
            yield text.encode()
    except (UnicodeError, LookupError):
        raise UnreadableMessage(f"The file begins as {encoding} and does not go on so.") from None


def _encoding(head: bytes) -> str:
    """Tell how the file is written: its byte order mark and its declaration must agree."""
    wide = head.startswith(_WIDE_MARKS)
    text = head[: len(head) & ~1].decode("utf-16", "replace") if wide else head.decode("latin-1")
    declared = _DECLARED.match(text.removeprefix("\ufeff").removeprefix("\xef\xbb\xbf"))
    stated = declared[1].lower() if declared else ""
    if wide and stated in {"", "utf-16"}:
        return "utf-16"
    if not wide and stated in {"", "utf-8", "utf8"}:
        return "utf-8"
    if not wide and _NARROW.fullmatch(stated) and not head.startswith(codecs.BOM_UTF8):
        return stated
    raise UnreadableMessage(f"The file is not in {stated[:40]!r}, as it says, or that is not read here: use UTF-8.")


def _without_doctype(head: bytes, allowed: bytes) -> bytes:
    begins = _root_begins(head)
    if not head.startswith(b"<!", begins):
        return head
    found = _BARE_DOCTYPE.match(head, begins) if allowed else None
    if not found or found[1].lower() != allowed:
        raise RefusedXml("The file has a DOCTYPE; ICSR messages have none.")
    # Blanked, not cut: lines keep their numbers.
    blanked = head[:begins] + re.sub(rb"\S", b" ", found[0]) + head[found.end() :]
    if blanked.startswith(b"<!", _root_begins(blanked)):
        raise RefusedXml("The file has two DOCTYPEs.")
    return blanked


def _root_begins(head: bytes) -> int:
    found = _PROLOG.match(head)
    begins = found.end() if found else 0
    if head.startswith((b"<!--", b"<?"), begins) or begins >= MAX_PROLOG:
        raise RefusedXml(f"The file does not begin within its first {MAX_PROLOG} bytes.")
    if not head.startswith(b"<!", begins) and not _TAG_BEGINS.match(head, begins):
        raise UnreadableMessage("The file is not XML in an encoding that is read here (use UTF-8).")
    return begins
