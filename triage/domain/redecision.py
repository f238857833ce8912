"""A case decided again by another rulebook: what differs, and whether a record is what its own gives (DOMAIN 9).

A version is assessed as on the day on which it was made, with the facts that it holds; no clock starts by it.
"""

from datetime import date
from enum import StrEnum

import msgspec

from triage.domain.case import Case, CaseVersion
from triage.domain.decision import Decision
from triage.domain.pipeline import Assessment, Reference, assess
from triage.domain.rulebook import Kind, Rulebook


class Sameness(StrEnum):
    """How decisions stand to the recorded ones."""

    IDENTICAL = "identical"  # byte for byte
    SAME = "same"  # whom to tell and by when is the same; the record is another rulebook's
    CHANGED = "changed"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What changes for one destination; None where there is no decision."""

    destination: str
    before: Kind | None
    after: Kind | None
    due_before: date | None
    due_after: date | None
    rule_before: str | None
    rule_after: str | None


class Redecided(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a case, decided again."""

    case: Case
    version: CaseVersion
    reference: Reference
    found: Assessment
    sameness: Sameness
    changes: tuple[Change, ...]

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook by which it was decided again."""
        return self.reference.rulebook


def redecide(case: Case, version: CaseVersion, reference: Reference) -> Redecided:
    """Decide a version again under the rulebook of ``reference``."""
    owed_by = case.owed_by(version.clock_start, version.snapshot.version)
    content, start = version.snapshot.content, version.clock_start
    found = assess(content, start, version.receipt_country, reference, owed_by)
    changes = changed(version.decisions, found.decisions)
    identical = msgspec.json.encode(found.decisions) == msgspec.json.encode(version.decisions)
    sameness = Sameness.IDENTICAL if identical else Sameness.CHANGED if changes else Sameness.SAME
    return Redecided(case=case, version=version, reference=reference, found=found, sameness=sameness, changes=changes)


def changed(before: tuple[Decision, ...], after: tuple[Decision, ...]) -> tuple[Change, ...]:
    """Return what changes; a destination that is new, or is gone, and is told nothing is no change."""
    old, new = ({each.destination: each for each in decisions} for decisions in (before, after))
    pairs = ((name, old.get(name), new.get(name)) for name in dict.fromkeys((*old, *new)))
    return tuple(_change(name, was, now) for name, was, now in pairs if _verdict(was) != _verdict(now))


def _verdict(decision: Decision | None) -> tuple[Kind, date | None]:
    return decision.verdict if decision else (Kind.NONE, None)


def _change(destination: str, was: Decision | None, now: Decision | None) -> Change:
    return Change(
        destination=destination,
        before=was.kind if was else None,
        after=now.kind if now else None,
        due_before=was.due if was else None,
        due_after=now.due if now else None,
        rule_before=was.rule_id if was else None,
        rule_after=now.rule_id if now else None,
    )
