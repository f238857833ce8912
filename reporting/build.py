"""One approval is one transmission attempt: exactly one message, or one block by name (DOMAIN 21).

A message is stored only if it breaks no rule, and before the submission that points at it; a crash between the two is
repaired when the approval comes again.
"""

from collections.abc import Iterable
from pathlib import Path

from reporting.domain import events
from reporting.domain.icsr_of_case import creation_instant, icsr_of
from reporting.domain.records import (
    Blocked,
    History,
    Message,
    Submission,
    SubmissionState,
    batch_number_of,
    message_id_of,
    submission_id_of,
)
from reporting.domain.trail import entry_for
from reporting.ports import Messages, Submissions, Taken
from shared.clock import Clock
from shared.contracts.audit import Changed
from shared.contracts.case_approved import CaseApproved
from shared.contracts.envelope import ContractError, Event
from shared.contracts.message_built import BuildIssue
from shared.icsr import api
from shared.ids import sha256


class Build:
    """Takes ``case.approved``."""

    def __init__(self, messages: Messages, submissions: Submissions, clock: Clock, schemas: Path | None) -> None:
        """Use these; ``schemas`` is the folder of ICH's schema set, None for structural checks only."""
        self._messages = messages
        self._submissions = submissions
        self._clock = clock
        self._schemas = schemas

    def __call__(self, event: Event) -> None:
        """Build what was approved, or say again what became of it. Raises ContractError."""
        approved = event.body(CaseApproved)
        if not event.sponsor == approved.snapshot.sponsor == approved.sponsor.sponsor:
            raise ContractError(f"{event.topic} {event.id}: the event and its body name different sponsors")
        known = self._messages.of_approval(event.sponsor, approved.approval_id)
        if known is not None:
            self._repeat(event)
        built = known or self._settle(approved, event)
        if isinstance(built, Message):
            self._open(built)

    def _repeat(self, event: Event) -> None:
        if not self._messages.answer_again(event.id, self._clock.now()):
            raise ContractError(f"{event.topic} {event.id}: its approval was handled under another event")

    def _settle(self, approved: CaseApproved, event: Event) -> Message | Blocked:
        snapshot = approved.snapshot
        while True:
            history = self._messages.history(snapshot.sponsor, snapshot.case_id, approved.destination.destination)
            built = self._build(approved, history)
            try:
                return self._keep(built, event)
            except Taken:  # another builder was faster with this C.1.2: a later one is free
                continue

    def _keep(self, built: Message | Blocked, event: Event) -> Message | Blocked:
        approval = built.approval
        if isinstance(built, Message):
            changes = (Changed(field="sha256", new=f'"{built.sha256}"'),)
            said, rule = approval.approval, approval.decision.rule_id
            audit = entry_for(
                built.sponsor, built.message_id, "message.built", said.reason, built.built_at, said, changes, rule
            )
            self._messages.add(built, events.built(built, event), audit)
        else:
            rules = ", ".join(issue.rule_id for issue in built.issues)
            audit = entry_for(
                approval.snapshot.sponsor,
                approval.approval_id,
                "message.blocked",
                rules,
                built.built_at,
                approval.approval,
            )
            self._messages.add_blocked(built, events.blocked(built, event), audit)
        return built

    def _open(self, message: Message) -> None:
        audit = entry_for(
            message.sponsor,
            submission_id_of(message.approval.approval_id),
            "submission.opened",
            message.message_id,
            self._clock.now(),
            message.approval.approval,
        )
        self._submissions.open(submission_of(message), audit)

    def _build(self, approved: CaseApproved, history: History) -> Message | Blocked:
        now = self._clock.now()
        created = creation_instant(now, history)
        mapped = icsr_of(approved, created)
        written = api.write(mapped.batch, mapped.note, first=not history.is_told)
        issues = mapped.issues or _errors(written.issues)
        checked = False
        if not issues and written.xml is not None:
            checked, issues = _verified(written.xml, self._schemas)
        if issues or written.xml is None:
            return Blocked(approval=approved, issues=issues, built_at=now)
        return Message(
            message_id=message_id_of(approved.approval_id),
            approval=approved,
            batch_number=batch_number_of(approved.approval_id),
            created=created,
            content=written.xml,
            sha256=sha256(written.xml),
            schema_checked=checked,
            built_at=now,
            left_out=mapped.left_out,
        )


def _verified(xml: bytes, schemas: Path | None) -> tuple[bool, tuple[BuildIssue, ...]]:
    """Hold the file as written to the structure that every reader needs, and to the schema set where there is one."""
    schema = api.check_schema(xml, schemas)
    return schema.checked, _errors((*api.check_structure(xml), *schema.issues))


def _errors(issues: Iterable[api.Issue]) -> tuple[BuildIssue, ...]:
    return tuple(
        BuildIssue(rule_id=issue.rule_id, element_id=issue.element_id, words=f"{issue.message} {issue.cure}")
        for issue in issues
        if issue.severity is api.Severity.ERROR
    )


def submission_of(message: Message) -> Submission:
    """Return the submission of a message, waiting."""
    approval, snapshot = message.approval, message.approval.snapshot
    return Submission(
        submission_id=submission_id_of(approval.approval_id),
        sponsor=snapshot.sponsor,
        message_id=message.message_id,
        approval_id=approval.approval_id,
        case_id=snapshot.case_id,
        version=snapshot.version,
        destination=approval.destination.destination,
        test=approval.destination.test,
        safety_report_id=approval.safety_report_id,
        batch_number=message.batch_number,
        sha256=message.sha256,
        c_1_5=snapshot.latest_information_on,
        state=SubmissionState.WAITING,
        active=False,
    )
