"""A record of somebody else's file as a report's body, and what of it found no place: nothing disappears unsaid."""

from collections import Counter
from typing import Any

import msgspec


class Mapped(msgspec.Struct, frozen=True, kw_only=True):
    """A body (bytes where the record could not be read), the codes left out (``field=code``), the fields left over."""

    body: Any
    left_out: Counter[str] = msgspec.field(default_factory=Counter)
    no_place: Counter[str] = msgspec.field(default_factory=Counter)
