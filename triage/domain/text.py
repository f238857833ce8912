"""Terms and names are compared without regard to case, width, accents of typing, and spacing."""

import re
import unicodedata
from functools import lru_cache

_BETWEEN_WORDS = re.compile(r"[\s_^'’`-]+")


@lru_cache(maxsize=16384)  # the names of products, terms and reactions come again and again
def folded(text: str | None) -> str:
    """Return the form in which two spellings of one name are equal; nothing is nothing."""
    if not text:
        return ""
    return _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
