"""A rule's clocks, each with its arithmetic in words: what starts it, the days, and the day by which it is due.

Where the days count from the determination that facts qualify (21 CFR 312.32(c)(1)), the same days from awareness are
held as well: the earlier one is what the sponsor works to, and both are shown (DOMAIN 6).
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from triage.domain.decision import Clock
from triage.domain.due_dates import due_date, in_words
from triage.domain.rulebook import ClockStart, DayType, Destination, DestinationRule, Kind


class Starts(msgspec.Struct, frozen=True, kw_only=True):
    """The days on which clocks start: of awareness, and that on which a person determined that the facts qualify."""

    awareness: date
    qualified: date | None = None
    owed_by: frozenset[str] = frozenset()  # rules by which facts of an earlier day are owed: of these, follow-up days


def clocks_of(
    rule: DestinationRule, subject: str, kind: Kind, destination: Destination, starts: Starts
) -> tuple[Clock, ...]:
    """Return the clocks of a rule that applies, that of awareness first; a rule without days has none."""
    if rule.days is None:
        return ()
    return tuple(_clocks(rule, subject, kind, destination, starts))


def _clocks(
    rule: DestinationRule, subject: str, kind: Kind, destination: Destination, starts: Starts
) -> Iterator[Clock]:
    days = rule.follow_up_days if rule.id in starts.owed_by and rule.follow_up_days else rule.days or 0
    free = destination.holidays if rule.day_type is DayType.BUSINESS else None
    running: list[tuple[ClockStart, date | None]] = [(ClockStart.AWARENESS, starts.awareness)]
    running += [(ClockStart.QUALIFIED, starts.qualified)] if rule.clock_start is ClockStart.QUALIFIED else []
    for start, day in running:
        due = due_date(day, days, free) if day else None
        complete = due_date(due, rule.complete_within) if due and rule.complete_within else None
        yield Clock(
            rule_id=rule.id,
            kind=kind,
            paragraph=rule.paragraph,
            confidence=rule.confidence,
            subject=subject,
            days=days,
            day_type=rule.day_type,
            start=start,
            start_on=day,
            due=due,
            complete_by=complete,
            arithmetic=_words(rule, day, days, free, complete),
        )


def _words(rule: DestinationRule, day: date | None, days: int, free: str | None, complete: date | None) -> str:
    if day is None:
        return f"{days} days from the day on which the sponsor determines that it qualifies; not recorded yet"
    more = f"; what it leaves out {rule.complete_within} days later, {complete}" if complete else ""
    return in_words(day, days, free) + more
