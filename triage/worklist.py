"""The review queue, read: cases by due date, one case with all that was found of it, and what waits for a person."""

from collections.abc import Mapping, Sequence
from datetime import date

from shared.contracts.parked_work import ParkedKind, ParkedWork
from triage.domain.blinding import Blinded, BlindedCase, blinded_view, listed, refuse_blinded
from triage.domain.case import Case, CaseVersion, Status
from triage.ports import CaseStore, ParkedStore, Place, Received


class Worklist:
    """The read side of review; every question is asked within scopes, and an empty scope sees nothing."""

    def __init__(self, cases: CaseStore, parked: ParkedStore) -> None:
        """Wire the use case."""
        self._cases = cases
        self._parked = parked

    def list(
        self,
        scopes: Sequence[str],
        sponsor: str | None,
        status: str | None,
        limit: int,
        after: Place | None = None,
        unblinded: Sequence[str] = (),
        to_ask: date | None = None,
    ) -> list[Case]:
        """Return cases by due date, or those ``to_ask`` by a day, behind ``after``; a sponsor out of scope has none."""
        return self._cases.worklist(_asked(scopes, sponsor), status, limit, after, unblinded, to_ask)

    def counts(
        self, scopes: Sequence[str], sponsor: str | None, limit: int, unblinded: Sequence[str] = ()
    ) -> Mapping[Status, int]:
        """Return how many cases stand in each status, counted up to ``limit``."""
        return {status: self._cases.count(_asked(scopes, sponsor), status, limit, unblinded) for status in Status}

    def count_to_ask(
        self, scopes: Sequence[str], sponsor: str | None, today: date, limit: int, unblinded: Sequence[str] = ()
    ) -> int:
        """Return how many cases are to be asked by today, counted up to ``limit``."""
        return self._cases.count(_asked(scopes, sponsor), None, limit, unblinded, today)

    def blinded(
        self, scopes: Sequence[str], sponsor: str | None, limit: int, after: Received | None = None
    ) -> Sequence[BlindedCase]:
        """Return cases of blinded trials by receipt, as who is blinded to these scopes may see them."""
        return [listed(case) for case in self._cases.blinded(_asked(scopes, sponsor), limit, after)]

    def count_blinded(self, scopes: Sequence[str], sponsor: str | None, limit: int) -> int:
        """Return how many cases are of blinded trials, counted up to ``limit``."""
        return self._cases.count_blinded(_asked(scopes, sponsor), limit)

    def get(self, case_id: str, scopes: Sequence[str], unblinded: Sequence[str] = ()) -> tuple[Case, CaseVersion]:
        """Return a case and its current version. Raises LookupError, whatever the reason, or Blinded."""
        case = self._cases.get(case_id, scopes)
        if case is None:
            raise LookupError(case_id)
        refuse_blinded(case, unblinded)
        return case, self._cases.version(case, case.current.number)

    def blinded_view(self, blinded: Blinded) -> BlindedCase:
        """Return what there is for who was refused a case."""
        return blinded_view(blinded.case, self.history(blinded.case))

    def version(
        self, case_id: str, number: int, scopes: Sequence[str], unblinded: Sequence[str] = ()
    ) -> tuple[Case, CaseVersion]:
        """Return a case and one of its versions. Raises LookupError or Blinded."""
        case, _ = self.get(case_id, scopes, unblinded)
        return case, self._cases.version(case, number)

    def history(self, case: Case) -> tuple[CaseVersion, ...]:
        """Return every version of a case that was read within scopes, the newest first."""
        return tuple(self._cases.version(case, ref.number) for ref in reversed(case.versions))

    def parked(
        self, scopes: Sequence[str], subject: str | None = None, unblinded: Sequence[str] = ()
    ) -> Sequence[ParkedWork]:
        """Return what waits for a person, of one subject or of all; nothing of cases that she may only see blinded."""
        return [work for work in self._parked.works(scopes, subject=subject) if self._may_see(work, unblinded)]

    def parked_item(
        self, work_id: str, scopes: Sequence[str], unblinded: Sequence[str] = ()
    ) -> tuple[ParkedWork, bytes | None]:
        """Return a parked item in whatever state, and its bytes: None where they may tell an allocation.

        Raises LookupError.
        """
        work = self._parked.find(work_id, scopes)
        if work is None or not self._may_see(work, unblinded):
            raise LookupError(work_id)
        has_trials = work.sponsor not in unblinded and self._cases.count_blinded([work.sponsor], 1)
        return work, None if has_trials else self._parked.content(work_id, scopes)

    def _may_see(self, work: ParkedWork, unblinded: Sequence[str]) -> bool:
        """That an approval is stopped tells that something was to be sent."""
        if work.sponsor in unblinded or work.kind is not ParkedKind.APPROVAL:
            return True
        case = self._cases.get(work.subject, (work.sponsor,))
        return case is None or not case.blinded_trial


def _asked(scopes: Sequence[str], sponsor: str | None) -> Sequence[str]:
    return [scope for scope in scopes if sponsor in {None, scope}]
