"""What no stage can take waits for a person, in sight: refused bodies, and messages that could not be processed."""

from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.envelope import Event, event_of
from shared.contracts.report_parked import ReportParked
from shared.contracts.report_refused import ReportRefused
from shared.ids import derived_id
from shared.messaging.worker import Unprocessable
from triage.domain.registry import UNASSIGNED
from triage.ports import ParkedItem, ParkedStore, ReferenceSource

_ANSWERED = {topics.REPORT_RECEIVED, topics.REPORT_REFUSED}


class Park:
    """Keeps what needs a person, and answers its sender's service."""

    def __init__(self, parked: ParkedStore, reference: ReferenceSource, clock: Clock) -> None:
        """Wire the use case."""
        self._parked = parked
        self._reference = reference
        self._clock = clock

    def refusal(self, event: Event) -> None:
        """``report.refused``: intake kept the bytes; here a person sees that they wait."""
        body = event.body(ReportRefused)
        words = f"{body.status}: {body.reason} ({body.bytes_kept} bytes kept by intake, sha256 {body.content_sha256})"
        self._keep(event, "refusal", words, event.subject, body.received_at.isoformat(), b"")

    def park(self, message: Unprocessable) -> None:
        """A message that no handler could take (``shared.messaging.worker.Parking``)."""
        words = f"{message.topic}: {message.error}"
        received = self._clock.now().isoformat()
        if message.event is not None:
            subject = message.event.subject
            self._keep(message.event, "message", words, subject, received, message.content)
            return
        item = ParkedItem(
            id=derived_id("prk", message.event_id),
            sponsor=UNASSIGNED,
            subject=message.event_id,
            kind="message",
            reason=words,
            received_at=received,
            parked_at=received,
        )
        self._parked.keep(item, message.content, None, None)

    def _keep(self, event: Event, kind: str, reason: str, subject: str, received_at: str, content: bytes) -> None:
        item = ParkedItem(
            id=derived_id("prk", event.id),
            sponsor=self._reference.registry.scope(event.sponsor),
            subject=subject,
            kind=kind,
            reason=reason,
            received_at=received_at,
            parked_at=self._clock.now().isoformat(),
        )
        answer = self._answer(event, item) if event.topic in _ANSWERED else None
        self._parked.keep(item, content, event, answer)

    def _answer(self, event: Event, item: ParkedItem) -> Event:
        return event_of(
            event_id=derived_id("evt", event.id, "parked"),
            topic=topics.REPORT_PARKED,
            at=self._clock.now(),
            sponsor=item.sponsor,
            subject=event.subject,
            body=ReportParked(parked_id=item.id, reason=item.reason),
            answers=event.id,
        )
