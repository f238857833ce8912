"""What became of an approval comes back to its case: built or blocked, sent, accepted or rejected.

An acknowledgement closes its own obligations only; a rejection reopens them and keeps their due dates (DOMAIN 6, 21).
"""

import msgspec

from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.envelope import ContractError, Event, event_of
from shared.contracts.message_built import BuildOutcome, MessageBuilt
from shared.contracts.message_parked import MessageParked
from shared.contracts.submission_acknowledged import AcknowledgementOutcome, SubmissionAcknowledged
from shared.contracts.submission_noted import SubmissionNoted
from shared.contracts.submission_sent import SubmissionSent
from shared.ids import derived_id
from triage.domain.case import SETTLED, Case, GivenApproval, Obligation, ObligationState, Status
from triage.domain.nullification import settled
from triage.domain.obligations import closed_if_done, completed, earliest_due
from triage.domain.trail import case_changes, entry_for
from triage.ports import CaseStore, Conflict

_TRIES = 10
_FINAL = {ObligationState.REJECTED, ObligationState.FULFILLED}
_STOPPED = {ObligationState.REJECTED, ObligationState.BLOCKED}
_NOT_BUILT = {ObligationState.APPROVED, ObligationState.BLOCKED}
ACTOR = "reporting"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What an event says of one approval."""

    approval_id: str
    case_id: str
    state: ObligationState
    errors: tuple[str, ...] = ()
    file_name: str | None = None
    schema_checked: bool | None = None
    acknowledgement: str | None = None
    overtakes: frozenset[ObligationState] = frozenset(ObligationState) - _FINAL


class CloseCase:
    """Applies reporting's events to the case, each once."""

    def __init__(self, cases: CaseStore, clock: Clock) -> None:
        """Wire the use case."""
        self._cases = cases
        self._clock = clock

    def built(self, event: Event) -> None:
        """``message.built``: the answer to our approval; it confirms the approval's event."""
        self._apply(event, _built(event.body(MessageBuilt)), None)
        if event.answers:
            self._cases.confirm(event.answers)

    def parked(self, event: Event) -> None:
        """``message.parked``: the approved message could not be built, and nobody sees that but through the case."""
        body = event.body(MessageParked)
        if event.answers is None:
            raise ContractError(f"{event.topic} {event.id}: answers no approval")
        case = self._cases.get(event.subject, (event.sponsor,))
        if case is None:
            raise LookupError(f"no case {event.subject} of {event.sponsor}")
        if body.closed_by is None and case.approved_since(event.answers) is None:
            self._apply(event, _parked(event.answers, case.id, body), None)
        self._cases.confirm(event.answers)

    def sent(self, event: Event) -> None:
        """``submission.sent``."""
        body = event.body(SubmissionSent)
        outcome = Outcome(
            approval_id=body.approval_id, case_id=body.case_id, state=ObligationState.SENT, file_name=body.file_name
        )
        self._apply(event, outcome, body.submission_id)

    def acknowledged(self, event: Event) -> None:
        """``submission.acknowledged``."""
        body = event.body(SubmissionAcknowledged)
        accepted = body.outcome is AcknowledgementOutcome.ACCEPTED
        outcome = Outcome(
            approval_id=body.approval_id,
            case_id=body.case_id,
            state=ObligationState.FULFILLED if accepted else ObligationState.REJECTED,
            errors=body.errors,
            acknowledgement=f"{body.outcome} {body.acknowledged_at.isoformat()}",
        )
        self._apply(event, outcome, body.submission_id)

    def _apply(self, event: Event, outcome: Outcome, submission_id: str | None) -> None:
        for _ in range(_TRIES):
            if self._cases.is_applied(event.id):
                self._cases.answer_again(event.id)
                return
            case = self._cases.get(outcome.case_id, (event.sponsor,))
            if case is None:
                raise LookupError(f"no case {outcome.case_id} of {event.sponsor}")
            after = told(case, outcome)
            answers = [self._noted(event, case.id, submission_id)] if submission_id else []
            audit = entry_for(
                case.sponsor,
                case.id,
                f"obligation.{outcome.state}",
                "; ".join(outcome.errors) or event.topic,
                self._clock.now(),
                actor=ACTOR,
                authentication="service",
                changes=case_changes(case, after),
                discloses=case.blinded_trial,
            )
            try:
                self._cases.update(after, case.revision, answers, audit, event.id)
            except Conflict:
                continue
            return
        raise Conflict(f"case {outcome.case_id} kept changing; the message comes again")

    def _noted(self, event: Event, case_id: str, submission_id: str) -> Event:
        return event_of(
            event_id=derived_id("evt", event.id, "noted"),
            topic=topics.SUBMISSION_NOTED,
            at=self._clock.now(),
            sponsor=event.sponsor,
            subject=submission_id,
            body=SubmissionNoted(submission_id=submission_id, case_id=case_id),
            answers=event.id,
        )


def told(case: Case, outcome: Outcome) -> Case:
    """Return the case that knows of an outcome. Events may come out of order: what is final is not undone."""
    before = next((a for a in case.approvals if a.id == outcome.approval_id), None)
    if before is None:
        raise LookupError(f"case {case.id} has no approval {outcome.approval_id}")
    given = _advanced(before, outcome)
    approvals = tuple(given if a.id == given.id else a for a in case.approvals)
    obligations = tuple(_served(o, given, approvals) for o in case.obligations)
    revision = case.revision + 1
    changed = completed(msgspec.structs.replace(case, revision=revision, approvals=approvals, obligations=obligations))
    changed = settled(msgspec.structs.replace(changed, due=earliest_due(changed.obligations, case.decisions)))
    if before.state not in outcome.overtakes:  # old news moves nothing
        return changed
    resumed = before.state is ObligationState.BLOCKED and given.state not in _STOPPED
    return _placed(_resumed(changed, given) if resumed else changed, given)


def _served(owed: Obligation, given: GivenApproval, approvals: tuple[GivenApproval, ...]) -> Obligation:
    """What was accepted stays so, and news of an older attempt does not undo what a newer one says."""
    if owed.id not in given.obligations or owed.state in SETTLED:
        return owed
    is_overtaken = any(a.version > given.version and owed.id in a.obligations for a in approvals)
    if is_overtaken and given.state is not ObligationState.FULFILLED:
        return owed
    return msgspec.structs.replace(owed, state=given.state, errors=given.errors)


def _advanced(given: GivenApproval, outcome: Outcome) -> GivenApproval:
    facts = {
        name: value
        for name in ("file_name", "schema_checked", "acknowledgement")
        if (value := getattr(outcome, name)) is not None
    }
    if given.state not in outcome.overtakes:
        return msgspec.structs.replace(given, **facts)
    return msgspec.structs.replace(given, state=outcome.state, errors=outcome.errors, **facts)


def _resumed(case: Case, given: GivenApproval) -> Case:
    """What was parked was built after all: the case stands as approved again, unless it has moved on meanwhile."""
    current = [a for a in case.approvals if a.version == case.current.number]
    if case.status is not Status.REVIEW or given not in current or any(a.state in _STOPPED for a in current):
        return case
    return msgspec.structs.replace(case, status=Status.APPROVED, note=None)


def _placed(case: Case, given: GivenApproval) -> Case:
    """Put the case where it belongs in the queue: back to review when stopped, closed when nothing is owed."""
    if given.state in _STOPPED:
        words = f"{given.destination} {given.state}: {'; '.join(given.errors)}"
        return msgspec.structs.replace(case, status=Status.REVIEW, note=words)
    return closed_if_done(case)


def _built(body: MessageBuilt) -> Outcome:
    blocked = body.outcome is BuildOutcome.BLOCKED
    return Outcome(
        approval_id=body.approval_id,
        case_id=body.case_id,
        state=ObligationState.BLOCKED if blocked else ObligationState.BUILT,
        errors=tuple(f"{issue.element_id} {issue.rule_id}: {issue.words}" for issue in body.issues),
        schema_checked=body.schema_checked,
        overtakes=frozenset(_NOT_BUILT),  # it may come after the news that the file was sent
    )


def _parked(approval_id: str, case_id: str, body: MessageParked) -> Outcome:
    return Outcome(
        approval_id=approval_id,
        case_id=case_id,
        state=ObligationState.BLOCKED,
        errors=(f"could not be built, and waits for a person as {body.parked_id}: {body.reason}",),
        overtakes=frozenset(_NOT_BUILT),  # news that came late: it may have been built meanwhile
    )
