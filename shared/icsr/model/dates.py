"""Dates carry just the precision the source gave, from a year to a second with its offset (guide v5.03, Appendix II).

A `TS` keeps the characters it was reported with: completing "2026" to a day, or moving a time to another zone, would be
inventing a fact. Comparisons therefore answer only what is certain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum

_SHAPE = re.compile(r"(\d{4}|\d{6}|\d{8}|\d{10}|\d{12}|\d{14}(?:\.\d{1,4})?)([+-]\d{2}(?:[0-5]\d)?)?", re.ASCII)
_EARTHS_FIRST_ZONE = timedelta(hours=14)  # a date begins first in UTC+14 (Kiribati)
_PARTS = (4, 6, 8, 10, 12, 14)
_FIRST_MOMENT = "00000101000000"  # what completes a partial date to its first second


class Precision(IntEnum):
    """How much of the date is stated; a larger member is finer."""

    YEAR = 0
    MONTH = 1
    DAY = 2
    HOUR = 3
    MINUTE = 4
    SECOND = 5


@dataclass(frozen=True, slots=True)
class TS:
    """A point in time as reported: CCYY[MM[DD[hh[mm[ss[.U[U[U[U]]]]]]]]][+/-ZZ[zz]].

    Raises:
        ValueError: the characters have another shape, or name a day or time that does not exist. The message can be
            shown to the sender.
    """

    value: str

    def __post_init__(self) -> None:
        """Refuse what is no date, so that every `TS` in the program is one."""
        found = _SHAPE.fullmatch(self.value)
        if not found or (found[2] and len(found[1]) <= 8):
            raise ValueError(f"{self.value!r} is not a date: write CCYY[MM[DD[hhmmss[+ZZzz]]]], e.g. 20260401")
        try:
            _moment(found[1].partition(".")[0])
        except (ValueError, OverflowError):
            raise ValueError(f"{self.value!r} names a day or time that does not exist") from None

    @property
    def precision(self) -> Precision:
        """The finest part that is stated."""
        return Precision(_PARTS.index(len(self.digits)))

    @property
    def digits(self) -> str:
        """The date and time without fraction and offset: 4 to 14 digits."""
        return re.split(r"[.+-]", self.value)[0]

    @property
    def offset(self) -> timedelta | None:
        """The stated distance from UTC, or None where none was stated."""
        sign = re.search(r"([+-])(\d{2})(\d{2})?$", self.value)
        if not sign:
            return None
        distance = timedelta(hours=int(sign[2]), minutes=int(sign[3] or 0))
        return -distance if sign[1] == "-" else distance

    def earliest(self) -> datetime:
        """The first instant (UTC) this can mean anywhere on Earth, unless it states its offset."""
        offset = self.offset
        zone = timezone(_EARTHS_FIRST_ZONE if offset is None else offset)
        return self._start().replace(tzinfo=zone).astimezone(UTC)

    def reads_later_than(self, other: TS) -> bool:
        """Whether the digits both state are later here: how a receiver that ignores zones compares."""
        shared = min(len(self.digits), len(other.digits))
        return self.digits[:shared] > other.digits[:shared]

    def certainly_after(self, other: TS) -> bool:
        """Whether this is later than `other` in every reading; `other` needs seconds and an offset to be certain."""
        if other.precision < Precision.SECOND or other.offset is None:
            return self.reads_later_than(other)
        return self.earliest() > other.earliest()

    def _start(self) -> datetime:
        return _moment(self.digits)

    def __str__(self) -> str:
        """Give the characters as reported."""
        return self.value


def _moment(digits: str) -> datetime:
    """The first second that these digits may mean, taken as UTC."""
    whole = digits + _FIRST_MOMENT[len(digits) :]
    year, month, day = int(whole[:4]), int(whole[4:6]), int(whole[6:8])
    return datetime(year, month, day, int(whole[8:10]), int(whole[10:12]), int(whole[12:14]), tzinfo=UTC)
