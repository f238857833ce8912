"""A dictionary in MedDRA's distribution format: llt.asc and pt.asc, ``$`` between fields, UTF-8, no header.

MedDRA is licensed and comes from its user; the demonstration's own has invented codes and says so.
"""

from pathlib import Path

import yaml

from shared.contracts.clinical import Coding
from triage.domain.text import folded

_LLT_CODE, _LLT_NAME, _LLT_PT, _LLT_CURRENCY = 0, 1, 2, 9
_PT_CODE, _PT_NAME = 0, 1


class Dictionary:
    """Terms by name and by code."""

    def __init__(self, terms: list[Coding]) -> None:
        """Index the terms; of two with one spelling the first stands."""
        self._by_code = {term.llt_code: term for term in terms}
        self._by_name = {folded(term.llt_name): term for term in reversed(terms)}

    @classmethod
    def load(cls, folder: Path) -> "Dictionary":
        """Read a MedAscii folder with its ``dictionary.yaml`` (name, version, demonstration).

        Raises OSError, KeyError or ValueError where a file is missing or not of the format.
        """
        about = yaml.safe_load((folder / "dictionary.yaml").read_text(encoding="utf-8"))
        preferred = {row[_PT_CODE]: row[_PT_NAME] for row in _rows(folder / "pt.asc", 2)}
        current = (row for row in _rows(folder / "llt.asc", 10) if row[_LLT_CURRENCY] == "Y")
        terms = [
            Coding(
                dictionary=about["name"],
                version=str(about["version"]),
                llt_code=row[_LLT_CODE],
                llt_name=row[_LLT_NAME],
                pt_code=row[_LLT_PT],
                pt_name=preferred[row[_LLT_PT]],
                demonstration=bool(about.get("demonstration", False)),
            )
            for row in current
        ]
        return cls(terms)

    def find(self, words: str) -> Coding | None:
        """Return the current term of these words, case and spacing aside."""
        return self._by_name.get(folded(words)) if words else None

    def term(self, llt_code: str) -> Coding | None:
        """Return the current term of a code."""
        return self._by_code.get(llt_code)


def _rows(file: Path, fields: int) -> list[list[str]]:
    rows = [line.split("$") for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    for number, row in enumerate(rows, 1):
        if len(row) < fields:
            raise ValueError(f"{file.name} line {number}: {len(row)} fields, at least {fields} expected")
    return rows
