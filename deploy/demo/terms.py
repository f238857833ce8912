"""The terms of the demonstration dictionary as a person who codes sees them: names, and the code behind each.

Read from the file, as any user of a dictionary would: triage's own loader is not for others.
"""

import re
from pathlib import Path

_CODE, _NAME, _CURRENT = 0, 1, 9


class Terms:
    """Current lowest level terms by name."""

    def __init__(self, codes: dict[str, str]) -> None:
        """``codes`` maps names to codes."""
        self._codes = {name.casefold(): code for name, code in codes.items()}

    @classmethod
    def load(cls, folder: Path) -> "Terms":
        """Read ``llt.asc``. Raises OSError."""
        rows = [line.split("$") for line in (folder / "llt.asc").read_text(encoding="utf-8").splitlines()]
        return cls({row[_NAME]: row[_CODE] for row in rows if row[_CURRENT] == "Y"})

    def code(self, words: str | None) -> str | None:
        """Return the code of a term of just these words."""
        return self._codes.get((words or "").strip().casefold())

    def only_one_in(self, text: str | None) -> str | None:
        """Return the name of the one term that a text uses; None if it uses none, or several."""
        found = [name for name in self._codes if re.search(rf"\b{re.escape(name)}\b", (text or "").casefold())]
        longest = [name for name in found if not any(name != other and name in other for other in found)]
        return longest[0] if len(longest) == 1 else None
