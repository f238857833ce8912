"""Which use case takes which event, for the worker that consumes them and for whoever replays a parked one."""

from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.envelope import Event
from shared.messaging.worker import Handler
from triage.close_case import CloseCase
from triage.open_case import OpenCase
from triage.park import Park
from triage.partner_keys import PartnerKeys, PartnerKeyStore
from triage.ports import CaseStore, ParkedStore, ReferenceSource


def handlers(
    cases: CaseStore, parked: ParkedStore, keys: PartnerKeyStore, reference: ReferenceSource, clock: Clock
) -> dict[str, Handler]:
    """Return the handler of each topic that triage consumes."""
    park = Park(parked, reference, clock)
    close_case = CloseCase(cases, clock)
    return {
        topics.REPORT_RECEIVED: OpenCase(cases, reference, clock),
        topics.REPORT_REFUSED: park.refusal,
        topics.MESSAGE_BUILT: _both(close_case.built, park.built),
        topics.MESSAGE_PARKED: _both(park.approval, close_case.parked),
        topics.SUBMISSION_SENT: close_case.sent,
        topics.SUBMISSION_ACKNOWLEDGED: close_case.acknowledged,
        topics.KEY_NOTED: PartnerKeys(keys, reference.registry.scopes, clock).noted,
    }


def _both(first: Handler, second: Handler) -> Handler:
    """Two effects, each idempotent: after a failure between them the message comes again."""

    def handle(event: Event) -> None:
        first(event)
        second(event)

    return handle
