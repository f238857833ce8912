"""What no stage can take waits for a person, in sight: refused bodies, messages and approvals that failed."""

from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.envelope import ContractError, Event, event_of
from shared.contracts.message_built import BuildOutcome, MessageBuilt
from shared.contracts.message_parked import MessageParked
from shared.contracts.parked_work import ParkedKind, ParkedWork
from shared.contracts.report_parked import ReportParked
from shared.contracts.report_refused import ReportRefused
from shared.ids import derived_id
from shared.messaging.parked import By, NotWaiting, parked_id, parked_work
from shared.messaging.worker import Unprocessable
from triage.domain.registry import UNASSIGNED
from triage.ports import ParkedStore, ReferenceSource

SERVICE = "triage"
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
        work = ParkedWork(
            id=parked_id(SERVICE, event.topic, event.id),
            service=SERVICE,
            kind=ParkedKind.REFUSAL,
            sponsor=self._reference.registry.scope(event.sponsor),
            subject=event.subject,
            topic=event.topic,
            event_id=event.id,
            received_at=body.received_at,
            parked_at=self._clock.now(),
            reason=f"{body.status}: {body.reason} (sha256 {body.content_sha256}, by {body.source})",
            size=body.bytes_kept,
        )
        self._parked.keep(work, b"", self._answer(event, work))

    def park(self, message: Unprocessable) -> None:
        """A message that no handler could take (``shared.messaging.worker.Parking``)."""
        event = message.event
        sponsor = self._reference.registry.scope(event.sponsor) if event else UNASSIGNED
        work = parked_work(message, SERVICE, sponsor, self._clock)
        is_asked = event is not None and message.topic in _ANSWERED
        self._parked.keep(work, message.content, self._answer(event, work) if event and is_asked else None)

    def approval(self, event: Event) -> None:
        """``message.parked``: an approval that reporting could not process is seen where cases are decided."""
        body = event.body(MessageParked)
        if event.answers is None:
            raise ContractError(f"{event.topic} {event.id}: answers no approval")
        self._parked.keep(self._approval(event, body, event.answers), b"", None)
        held = self._parked.find(body.parked_id, (event.sponsor,))
        if held is not None and held.attempts < body.attempts:
            failed = By(actor="reporting", authentication="service", reason=body.reason)
            self._parked.again(body.parked_id, failed)
        if body.closed_by is not None:
            closing = By(actor=body.closed_by, authentication="reporting", reason=body.closed_because or "")
            self._close(body.parked_id, closing)

    def built(self, event: Event) -> None:
        """``message.built``: whatever was parked of its approval waits no more."""
        body = event.body(MessageBuilt)
        rules = ", ".join(issue.rule_id for issue in body.issues)
        built = body.outcome is BuildOutcome.BUILT
        by = By(actor="reporting", authentication="service", reason="the approval was processed after all")
        work_id = parked_id("reporting", topics.CASE_APPROVED, body.approval_id)
        self._parked.settle(work_id, by, f"message {body.message_id}" if built else f"blocked by name: {rules}")

    def _approval(self, event: Event, body: MessageParked, approval_id: str) -> ParkedWork:
        return ParkedWork(
            id=body.parked_id,
            service="reporting",
            kind=ParkedKind.APPROVAL,
            sponsor=event.sponsor,
            subject=event.subject,
            topic=topics.CASE_APPROVED,
            event_id=approval_id,
            received_at=body.approved_at,
            parked_at=body.parked_at,
            reason=body.reason,
            attempts=body.attempts,
            size=body.size,
        )

    def _close(self, work_id: str, by: By) -> None:
        try:
            self._parked.close(work_id, by)
        except NotWaiting:  # the event came before
            return

    def _answer(self, event: Event, work: ParkedWork) -> Event:
        return event_of(
            event_id=derived_id("evt", event.id, "parked"),
            topic=topics.REPORT_PARKED,
            at=self._clock.now(),
            sponsor=work.sponsor,
            subject=event.subject,
            body=ReportParked(parked_id=work.id, reason=work.reason),
            answers=event.id,
        )
