"""What a person does with parked work: replay it once its cause is mended, or close it, each with a reason.

An approval that reporting parked is published to it again; whether that helped is said by reporting's own answer.
"""

from collections.abc import Mapping, Sequence

from shared.contracts.envelope import Event
from shared.contracts.parked_work import ParkedKind, ParkedState, ParkedWork
from shared.messaging.parked import By, NotWaiting
from shared.messaging.replay import NotReplayable, Replay
from shared.messaging.worker import Handler
from triage.ports import CaseStore, ParkedStore


class ReplayParked:
    """Replays and closes within scopes; an empty scope holds nothing."""

    def __init__(
        self,
        parked: ParkedStore,
        cases: CaseStore,
        handlers: Mapping[str, Handler],
        transient: tuple[type[Exception], ...],
    ) -> None:
        """Wire the use case."""
        self._parked = parked
        self._cases = cases
        self._replay = Replay(parked, handlers, transient, self._effect)

    def replay(self, work_id: str, scopes: Sequence[str] | None, by: By) -> ParkedWork:
        """Try again and return the item as it is then. Raises LookupError, NotWaiting or NotReplayable."""
        work = self._waiting(work_id, scopes)
        if work.kind is ParkedKind.APPROVAL:
            self._publish(work, by)
        else:
            self._replay(work, by)
        return self._found(work_id, scopes)

    def close(self, work_id: str, scopes: Sequence[str] | None, by: By) -> ParkedWork:
        """Give it up, documented. Raises LookupError, NotWaiting or NotReplayable."""
        if self._waiting(work_id, scopes).kind is ParkedKind.APPROVAL:
            raise NotReplayable(
                "Reporting holds this approval. To give it up, amend the case and approve its new version, then: "
                f"dayzero deadletters close {work_id} --reason …"
            )
        self._parked.close(work_id, by)
        return self._found(work_id, scopes)

    def _publish(self, work: ParkedWork, by: By) -> None:
        case = self._cases.get(work.subject, (work.sponsor,))
        if case is not None and (later := case.approved_since(work.event_id)) is not None:
            raise NotReplayable(f"Version {later} of the case was approved since; what is older must not follow it.")
        self._parked.ask(work.id, by)
        if not self._cases.publish_again(work.event_id):
            raise LookupError(work.id)

    def _waiting(self, work_id: str, scopes: Sequence[str] | None) -> ParkedWork:
        work = self._found(work_id, scopes)
        if work.state is not ParkedState.WAITING:
            raise NotWaiting.any_more(work)
        return work

    def _found(self, work_id: str, scopes: Sequence[str] | None) -> ParkedWork:
        work = self._parked.find(work_id, scopes)
        if work is None:
            raise LookupError(work_id)
        return work

    def _effect(self, event: Event) -> str:
        return f"case {self._cases.applied_to(event.id) or event.subject}"
