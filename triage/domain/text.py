"""Terms and names are compared without regard to case, width, accents of typing, and spacing."""

import re
import unicodedata

_BETWEEN_WORDS = re.compile(r"[\s_^'’`-]+")


def folded(text: str | None) -> str:
    """Return the form in which two spellings of one name are equal; nothing is nothing."""
    if not text:
        return ""
    return _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
