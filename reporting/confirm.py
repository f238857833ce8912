"""What was published is confirmed end to end: triage's own word that it knows comes back (HOUSE, Kafka)."""

from reporting.ports import Submissions
from shared.clock import Clock
from shared.contracts.envelope import ContractError, Event


class Confirm:
    """Takes ``submission.noted``."""

    def __init__(self, submissions: Submissions, clock: Clock) -> None:
        """Use these."""
        self._submissions = submissions
        self._clock = clock

    def __call__(self, event: Event) -> None:
        """Note that an event of a submission arrived. Raises ContractError for an answer to nothing."""
        if event.answers is None:
            raise ContractError(f"{event.topic} {event.id}: answers nothing")
        self._submissions.confirm(event.answers, self._clock.now())
