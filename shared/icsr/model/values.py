"""What a sender wrote is kept, also where it is not of the element's format (guide v5.03, section 3.3).

Most values are plain: a text, a number, a date, true or false. The classes here are for the rest. None of them is a
string, so that none passes for a plain value.
"""

from __future__ import annotations

import binascii
import zlib
from base64 import b64decode
from dataclasses import dataclass

# The longest text that is read, in bytes; a document of 15 MB is 20.3 MB of base 64.
MAX_TEXT = 24 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Unparsed:
    """The characters of a received value that is not of its element's format, such as a 13th month."""

    text: str

    def __str__(self) -> str:
        """Give the characters as received."""
        return self.text


@dataclass(frozen=True, slots=True)
class Coded:
    """A code of another code system than the element's own: a product id of one region, a route of the R2 list.

    `system` is the root of that system; empty if the sender named none. Without a `code`, the sender named the list and
    took nothing from it.
    """

    code: str
    system: str

    def __str__(self) -> str:
        """Give the code alone."""
        return self.code


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document inside the message (guide, section 3.5): its content as it stands in the file, never unpacked unasked.

    `content` is base64 where `representation` is B64 and plain text otherwise; `compression` DF is deflate. `reference`
    is an address where the sender says the document is. None: not stated.
    """

    media_type: str | None = None
    representation: str | None = None
    compression: str | None = None
    content: str | None = None
    reference: str | None = None

    def unpacked(self, limit: int = 200 * 1024 * 1024) -> bytes:
        """The document itself.

        Raises:
            ValueError: the content is not base64 or deflate as stated, or unpacks to more than `limit` bytes.
        """
        content = self.content or ""
        try:
            plain = b64decode("".join(content.split()), validate=True) if self.representation == "B64" else b""
        except binascii.Error as wrong:
            raise ValueError(f"the document is not base64: {wrong}") from None
        plain = plain or content.encode()
        return _inflated(plain, limit) if self.compression == "DF" else plain


def _inflated(packed: bytes, limit: int) -> bytes:
    # Senders mean either the bare deflate stream or the one with zlib's header.
    for window in (-zlib.MAX_WBITS, zlib.MAX_WBITS):
        unpacking = zlib.decompressobj(window)
        try:
            plain = unpacking.decompress(packed, limit)
        except zlib.error:
            continue
        if unpacking.unconsumed_tail:
            raise ValueError(f"the document unpacks to more than {limit} bytes")
        return plain
    raise ValueError("the document is not compressed with deflate, as it says")
