"""What the use cases need of the world around them; the stores and gateways of this service provide it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from reporting.domain.records import (
    Blocked,
    Delivery,
    History,
    Message,
    ReceivedAcknowledgement,
    Submission,
)
from shared.contracts.audit import AuditEntry
from shared.contracts.envelope import Event


class Taken(Exception):
    """Another message of this case and destination has this creation instant (C.1.2); build with a later one."""


class GatewayError(Exception):
    """A message could not be handed over; ``permanent`` says that trying again will not help."""

    def __init__(self, words: str, permanent: bool = False) -> None:
        """``words`` name the cure and no personal data."""
        super().__init__(words)
        self.permanent = permanent


class Messages(Protocol):
    """Messages and blocked builds: one of either for each approval, never changed."""

    def of_approval(self, sponsor: str, approval_id: str) -> Message | Blocked | None:
        """Return what the approval became, if it has been handled."""
        ...

    def history(self, sponsor: str, case_id: str, destination: str) -> History:
        """Return what the destination has had of the case."""
        ...

    def add(self, message: Message, answer: Event, audit: AuditEntry) -> None:
        """Keep a message with its answer. Keeping it twice is keeping it once. Raises Taken."""
        ...

    def add_blocked(self, blocked: Blocked, answer: Event, audit: AuditEntry) -> None:
        """Keep a blocked build with its answer. Keeping it twice is keeping it once."""
        ...

    def content(self, sponsor: str, message_id: str) -> bytes:
        """Return the bytes of a message."""
        ...

    def answer_again(self, answers: str, now: datetime) -> bool:
        """Publish the stored answer to an event once more. False: nothing here answers it."""
        ...


class Submissions(Protocol):
    """Messages on their way: at most one active for each case and destination."""

    def open(self, submission: Submission, audit: AuditEntry) -> None:
        """Keep a submission that waits. Keeping it twice is keeping it once."""
        ...

    def waiting(self) -> Iterable[Submission]:
        """Return those that are not active yet, the oldest version of each case and destination first."""
        ...

    def activate(self, submission: Submission, audit: AuditEntry) -> bool:
        """Make it the active one of its case and destination. False: another is."""
        ...

    def to_hand_over(self) -> Sequence[Submission]:
        """Return active submissions that have not been sent."""
        ...

    def mark_sent(self, submission: Submission, delivery: Delivery, event: Event, audit: AuditEntry) -> None:
        """Note the delivery, with its event. On one that is already sent it changes nothing."""
        ...

    def mark_failed(self, submission: Submission, words: str, audit: AuditEntry) -> None:
        """Note that it cannot be handed over without a person; it stays active, so that nothing overtakes it."""
        ...

    def of_batch(self, batch_number: str) -> Submission | None:
        """Return the submission whose message has this batch number (N.1.2)."""
        ...

    def close(
        self, submission: Submission, acknowledgement: ReceivedAcknowledgement, event: Event, audit: AuditEntry
    ) -> bool:
        """Apply the acknowledgement that ``event`` carries to a sent submission. False: it was no longer sent."""
        ...

    def confirm(self, event_id: str, now: datetime) -> None:
        """Note that an event of a submission arrived."""
        ...


class Acknowledgements(Protocol):
    """The bytes of acknowledgements, each kept once."""

    def find(self, sha256: str) -> ReceivedAcknowledgement | None:
        """Return what is kept of these bytes."""
        ...

    def keep(self, acknowledgement: ReceivedAcknowledgement, audit: AuditEntry) -> None:
        """Keep it, or note its new state. The bytes are never changed."""
        ...


class Gateway(Protocol):
    """The way to a destination."""

    def hand_over(self, file_name: str, content: bytes) -> bool:
        """Lay the bytes where the destination takes them. True: they lay there already. Raises GatewayError."""
        ...
