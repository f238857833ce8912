"""Text is kept as Unicode NFC and holds only what XML 1.0 can carry, for every report may have to become XML.

What is replaced or cut here is replaced or cut in the structured form alone: the bytes as received keep it.
"""

import re
import unicodedata

_XML_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"


def legal(text: str) -> str:
    """Return the text with every character that XML 1.0 forbids (NUL, controls, lone surrogates) as U+FFFD."""
    return text if is_legal(text) else _XML_ILLEGAL.sub(REPLACEMENT, text)


def is_legal(text: str) -> bool:
    """Say whether XML 1.0 can carry the text."""
    return text.isprintable() or _XML_ILLEGAL.search(text) is None  # what is printable is legal


def normal(text: str) -> str:
    """Return legal text in NFC without blanks around it."""
    return unicodedata.normalize("NFC", legal(text)).strip()
