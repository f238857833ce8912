"""A record of a message, read field by field: what a case can hold of it, and what is wrong with it (DOMAIN 1, 4).

Values are read by the functions that read those of a report in JSON, so that a case holds the same whoever sent it.
Fields are those of ``shared.icsr``, where each stands beside the element it declares.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timezone
from decimal import Decimal
from typing import Any, TypeVar

from intake.domain import values
from intake.domain.dates import span
from intake.domain.findings import Finding, Located, Path, Read, refused
from shared.icsr.element import declarations, lexical
from shared.icsr.model.dates import TS, Precision
from shared.icsr.model.null_flavor import NullFlavor

T = TypeVar("T")
MOST_MEMBERS = 500  # of a repeating group, as of a list in a report in JSON
_ASKED = (NullFlavor.UNK, NullFlavor.ASKU)  # the sender answers "not known"; the other flavours say something else
_SHOWN = 80
_MANY = Finding("too-many", f"Only the first {MOST_MEMBERS} are in the case; the message as received has the rest.")


class Said:
    """One record and its place in the message; what is found wrong goes into ``found``."""

    def __init__(self, record: object, path: Path, found: list[Located]) -> None:
        """``path`` leads to the record in the JSON form of the message."""
        self.path = path
        self._record = record
        self._found = found
        self._declared = dict(declarations(type(record)))

    @property
    def identity(self) -> str:
        """Return what a record of a repeating group is known by: its id in the message, else its place (#0)."""
        return getattr(self._record, "id", None) or f"#{self.path[-1]}"

    def below(self, field: str) -> "Said":
        """Return a group that does not repeat."""
        return Said(getattr(self._record, field), (*self.path, field), self._found)

    def each(self, field: str) -> "list[Said]":
        """Return the members of a repeating group, at most ``MOST_MEMBERS``."""
        members: Sequence[object] = getattr(self._record, field)
        if len(members) > MOST_MEMBERS:
            self.note(field, _MANY)
        path = (*self.path, field)
        return [Said(each, (*path, n), self._found) for n, each in enumerate(members[:MOST_MEMBERS])]

    def text(self, field: str, limit: int) -> str | None:
        """Return text in NFC, cut to ``limit`` characters."""
        return self._read(field, lambda value: values.text(value, limit))

    def identifier(self, field: str, limit: int) -> str | None:
        """Return an identifier byte for byte."""
        return self._read(field, lambda value: values.identifier(value, limit))

    def language(self, field: str) -> str | None:
        """Return an ISO 639-2 code."""
        return self._read(field, values.language)

    def country(self, field: str, with_union: bool = False) -> str | None:
        """Return an ISO 3166-1 alpha-2 code; ``with_union`` also EU."""
        return self._read(field, lambda value: values.country(value, with_union))

    def number(self, field: str, low: float, high: float) -> float | None:
        """Return a number from ``low`` to ``high``."""
        return self._read(field, lambda value: values.number(_number(value), low, high))

    def coded(self, field: str, table: Mapping[str, T]) -> T | None:
        """Return the word of a code."""
        return self._read(field, lambda value: self._looked_up(field, value, table))

    def day(self, field: str) -> str | None:
        """Return a calendar date as precise as it was reported: 2026, 2026-03, 2026-03-09."""
        return self._read(field, lambda value: self._dated(field, value, Precision.YEAR))

    def full_day(self, field: str) -> str | None:
        """Return a calendar date to the day, as it stood where it was reported."""
        return self._read(field, lambda value: self._dated(field, value, Precision.DAY))

    def moment(self, field: str) -> str | None:
        """Return a date to the day, or the instant (RFC 3339) where second and offset are stated."""
        value = self._value(field)
        if not isinstance(value, TS) or value.precision < Precision.SECOND or value.offset is None:
            return self.full_day(field)
        return value.earliest().astimezone(timezone(value.offset)).isoformat()

    def flag(self, field: str) -> bool | None:
        """Return true or false; None where neither is said."""
        value = self._value(field)
        return value if isinstance(value, bool) else None

    def is_stated(self, field: str) -> bool:
        """Say whether a field has a value, of whatever form."""
        value = self._value(field)
        return value is not None and not isinstance(value, NullFlavor)

    def not_known(self, fields: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names, in the case, of those fields that the sender answers with "not known"."""
        return tuple(dict.fromkeys(name for field, name in fields.items() if self._value(field) in _ASKED))

    def note(self, field: str, finding: Finding) -> None:
        """Note what is to be asked about a field."""
        self._found.append(((*self.path, field), finding))

    def id_of(self, field: str) -> str:
        """Return the id of the element that a field declares."""
        declared = self._declared[field]
        return declared.id

    def _value(self, field: str) -> Any:
        return getattr(self._record, field) if field in self._declared else None

    def _read(self, field: str, read: Callable[[Any], Read[T]]) -> T | None:
        value = self._value(field)
        if value is None or isinstance(value, NullFlavor):
            return None
        kept, findings = read(value)
        for finding in findings:
            self.note(field, finding)
        return kept

    def _looked_up(self, field: str, value: object, table: Mapping[str, T]) -> Read[T]:
        found = table.get(value) if isinstance(value, str) else None
        if found is not None:
            return found, ()
        words = (
            f"{self.id_of(field)} holds {lexical(value)[:_SHOWN]!r}, which no table here has; it is not in the case."
        )
        return refused("unknown-code", words)

    def _dated(self, field: str, value: object, least: Precision) -> Read[str]:
        if isinstance(value, TS) and value.precision >= least:
            text = "-".join(filter(None, (value.digits[:4], value.digits[4:6], value.digits[6:8])))
            if span(text):
                return text, ()
        form = "a calendar date to the day" if least is Precision.DAY else "a calendar date"
        return refused("date", f"{self.id_of(field)} should be {form}; please send it again.")


def _number(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
