"""How findings are put into words for a person: due dates as days left, kinds and states without underscores."""

from datetime import date
from typing import Any

import msgspec

from triage.domain.case import Case, CaseVersion, Status


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A due chip: never colour alone."""

    words: str
    urgency: str  # overdue | soon | later


def due(day: date | None, today: date) -> Due | None:
    """Say how long there is."""
    if day is None:
        return None
    left = (day - today).days
    if left < 0:
        return Due(words=f"Overdue {_days(-left)}", urgency="overdue")
    if left == 0:
        return Due(words="Due today", urgency="overdue")
    return Due(words=f"{_days(left)} left", urgency="soon" if left <= 3 else "later")


def words(value: object) -> str:
    """Return a state or kind as a person writes it."""
    return str(value).replace("_", " ")


def statuses() -> list[str]:
    """Return the tabs of the queue."""
    return [status.value for status in Status]


def content_rows(version: CaseVersion) -> list[tuple[str, str, bool]]:
    """Return (pointer, value, derived) for everything known of the case, derived values marked as such."""
    rows = [(pointer, value, False) for pointer, value in _leaves("", msgspec.to_builtins(version.snapshot.content))]
    return rows + [(d.pointer, f"{d.value} ({d.basis})", True) for d in version.snapshot.derived]


def unconfirmed(case: Case) -> list[str]:
    """Return the rules that were not read in their source: they are shown with a banner."""
    return sorted({decision.rule_id for decision in case.decisions if decision.confidence != "V"})


def _leaves(pointer: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [leaf for name, item in value.items() for leaf in _leaves(f"{pointer}/{name}", item)]
    if isinstance(value, list | tuple) and any(isinstance(item, dict) for item in value):
        return [leaf for i, item in enumerate(value) for leaf in _leaves(f"{pointer}/{i}", item)]
    if isinstance(value, list | tuple):
        return [(pointer, ", ".join(words(item) for item in value))]
    return [(pointer, str(value))]


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
