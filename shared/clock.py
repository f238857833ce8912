"""Time enters the program here and nowhere else, so that day zero and due dates can be tested on any day."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the present instant."""

    def now(self) -> datetime:
        """Return the present instant: aware, UTC, whole milliseconds (what BSON keeps)."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's time, cut to the milliseconds that BSON keeps, so that stored equals returned."""
        instant = datetime.now(UTC)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


class SetClock:
    """A clock that stands still until it is moved: for tests and replays."""

    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        """Return the instant that was set."""
        return self._instant

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self._instant += by
