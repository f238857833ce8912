"""Cases decided again: to prove a record, to see what a rulebook would change, or to make the versions it asks for.

Deciding again under another rulebook makes a new version, starts no clock and takes nothing away (DOMAIN 6, 9).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

import msgspec

from shared.clock import Clock
from triage.administer import By
from triage.domain.case import Case, CaseVersion, Cause, CauseKind
from triage.domain.decision import Period
from triage.domain.periods import collected
from triage.domain.pipeline import Reference
from triage.domain.redecision import Redecided, Sameness, redecide
from triage.domain.rulebook import in_force
from triage.domain.trail import case_changes, entry_for
from triage.domain.versions import Identity, advanced, frozen
from triage.ports import CaseStore, Conflict, ReferenceSource


class CaseWalk(Protocol):
    """All cases of a sponsor."""

    def walk(self, sponsor: str) -> Iterator[tuple[Case, CaseVersion]]:
        """Yield every case with its current version."""
        ...

    def sponsors(self) -> list[str]:
        """Return every sponsor that has a case."""
        ...

    def count(self, sponsor: str) -> int:
        """Return how many there are."""
        ...


class Redecide:
    """Goes through the cases of sponsors, one after another."""

    def __init__(
        self,
        cases: CaseStore,
        walk: CaseWalk,
        reference: ReferenceSource,
        clock: Clock,
    ) -> None:
        """Wire the use case."""
        self._cases = cases
        self._all = walk
        self._reference = reference
        self._clock = clock

    def sponsors(self) -> list[str]:
        """Return every sponsor that has a case, also one that the registry names no more."""
        return self._all.sponsors()

    def total(self, sponsors: Sequence[str]) -> int:
        """Return how many cases there are."""
        return sum(map(self._all.count, sponsors))

    def periodic(self, sponsors: Sequence[str]) -> dict[tuple[str, Period], list[str]]:
        """Return what each periodic report collects, by destination and period."""
        return collected(case for case, _ in self._walk(sponsors))

    def prove(self, sponsors: Sequence[str]) -> Iterator[Redecided]:
        """Decide every current version again by what it was held to: rulebook, sign-offs, registry, cues and lists.

        A version from before these were recorded is decided with the files in use now. Raises LookupError for a file
        that is not kept.
        """
        for case, version in self._walk(sponsors):
            yield redecide(case, version, self._reference.recorded(version))

    def preview(self, sponsors: Sequence[str], as_of: date) -> Iterator[Redecided]:
        """Decide every current version again by the rulebook in force on a day; nothing is stored."""
        book = in_force(self._reference.rulebooks, as_of)
        known: dict[tuple[str, date], Reference] = {}
        for case, version in self._walk(sponsors):
            key = (case.sponsor, version.cause.at.date())
            if key not in known:
                reference = self._reference.for_sponsor(*key)
                known[key] = msgspec.structs.replace(reference, rulebook=book)
            yield redecide(case, version, known[key])

    def apply(self, by: By, sponsors: Sequence[str]) -> Iterator[tuple[Redecided, bool]]:
        """Make a new version of every case that the rulebook in force changes; yield whether it was made.

        A case that somebody changes meanwhile is left: it is decided by the rulebook in force with that change.
        """
        for each in self.preview(sponsors, self._clock.now().date()):
            yield each, each.sameness is Sameness.CHANGED and self._made(by, each)

    def _walk(self, sponsors: Sequence[str]) -> Iterator[tuple[Case, CaseVersion]]:
        for sponsor in sponsors:
            for case, version in self._all.walk(sponsor):
                if not case.is_void:  # it says what became of decisions, by no rule of a rulebook
                    yield case, version

    def _made(self, by: By, each: Redecided) -> bool:
        case, before = each.case, each.version
        cause = Cause(
            kind=CauseKind.REDECISION,
            actor=by.actor,
            authentication=by.authentication,
            at=self._clock.now(),
            reason=f"{by.reason} (rulebook {before.rulebook} to {each.rulebook.version})",
        )
        identity = Identity.after(before.snapshot)
        version = frozen(each.found, identity, cause, before.clock_start, before.receipt_country, each.reference)
        version = msgspec.structs.replace(version, queries=before.queries)
        after = advanced(case, version, case.id, case.sender_key)
        entry = entry_for(
            case.sponsor,
            case.id,
            "case.redecided",
            cause.reason,
            cause.at,
            actor=by.actor,
            authentication=by.authentication,
            changes=case_changes(case, after),
            rule=each.rulebook.version,
            discloses=case.blinded_trial,
        )
        try:
            self._cases.add_version(after, version, case.revision, [], entry, None)
        except Conflict:
            return False
        return True
