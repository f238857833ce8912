"""What waits for a person, in whichever service: refused bodies, messages that no handler could take (DOMAIN 1, 21).

Nothing parked is ever deleted: it becomes ``replayed`` with its outcome, or ``closed`` with actor and reason.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from shared.contracts import topics


class ParkedState(StrEnum):
    """Where a parked item stands."""

    WAITING = "waiting"
    REPLAYED = "replayed"  # its event has had its effect
    CLOSED = "closed"  # a person says that there is nothing in it, and why


class ParkedKind(StrEnum):
    """What was parked."""

    MESSAGE = "message"  # an event of ours that its handler could not take, or bytes that are no event
    REFUSAL = "refusal"  # a body that intake refused and kept
    APPROVAL = "approval"  # an approval that reporting parked, as triage knows of it


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of an item's trail: who did what, when and why."""

    at: datetime
    actor: str
    action: str
    reason: str


class ParkedWork(msgspec.Struct, frozen=True, kw_only=True):
    """One parked item, without what it says. ``size`` is the bytes of its content."""

    id: str
    service: str
    kind: ParkedKind
    sponsor: str
    subject: str  # the report, refusal, case, approval or submission that it speaks of
    topic: str
    event_id: str  # the content's hash where it is no event of ours
    received_at: datetime  # a regulatory clock may run since then
    parked_at: datetime
    reason: str
    state: ParkedState = ParkedState.WAITING
    attempts: int = 1
    size: int = 0
    outcome: str | None = None
    trail: tuple[Step, ...] = ()


_OTHERWISE = "It is read and handled again; what is no event of ours is parked again: close it with the reason."
_BY_TOPIC: Mapping[str, str] = {
    topics.REPORT_RECEIVED: "The report becomes a version of a case, and intake is told.",
    topics.CASE_OPENED: "Intake notes of which case the report is a version.",
    topics.REPORT_PARKED: "Intake notes that the report waits for a person.",
    topics.CASE_APPROVED: "The approved message is built, or blocked by name, and the case is told.",
    topics.MESSAGE_BUILT: "The case notes what became of its approval.",
    topics.MESSAGE_PARKED: "The case notes that its approved message could not be built.",
    topics.SUBMISSION_SENT: "The case notes that the message was sent.",
    topics.SUBMISSION_ACKNOWLEDGED: "The case notes the acknowledgement; its obligation is closed or reopened.",
    topics.SUBMISSION_NOTED: "Reporting stops saying what the case knows.",
}
NO_REPLAY = (
    "A refused body cannot be replayed: read it, enter what it tells as a report, then close it with the report's id."
)


def on_replay(work: ParkedWork) -> str:
    """Say what replaying would do."""
    return NO_REPLAY if work.kind is ParkedKind.REFUSAL else _BY_TOPIC.get(work.topic, _OTHERWISE)
