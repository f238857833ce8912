"""Every report becomes a decided case: assess it, alone or with the case that its sender already gave us.

Nothing is refused here. A report that is not valid is a case that says what is missing; a redelivered event changes
nothing and is answered again.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from shared.clock import Clock
from shared.contracts import topics
from shared.contracts.audit import AuditEntry, Changed
from shared.contracts.case_opened import CaseOpened, Opening
from shared.contracts.case_snapshot import CaseSnapshot
from shared.contracts.clinical import CaseContent, CaseIdentifier
from shared.contracts.envelope import Event, event_of
from shared.contracts.report_received import ReportReceived
from shared.ids import derived_id
from triage.domain import follow_up
from triage.domain.case import (
    Case,
    CaseVersion,
    Cause,
    CauseKind,
)
from triage.domain.due_dates import awareness_date
from triage.domain.pipeline import assess
from triage.domain.sender import sender_key
from triage.domain.trail import case_changes, content_changes, entry_for
from triage.domain.versions import Identity, NewVersion, advanced, frozen
from triage.ports import CaseStore, Conflict, ReferenceSource

_TRIES = 10


class OpenCase:
    """``report.received`` becomes the first version of a case, or a follow-up version of one."""

    def __init__(self, cases: CaseStore, reference: ReferenceSource, clock: Clock) -> None:
        """Wire the use case."""
        self._cases = cases
        self._reference = reference
        self._clock = clock

    def __call__(self, event: Event) -> None:
        """Apply the event once. Raises ContractError for a body that is not of the promised form."""
        report = self._report(event)
        for _ in range(_TRIES):
            if self._cases.is_applied(event.id):
                self._cases.answer_again(event.id)
                return
            try:
                self._apply(report)
            except Conflict:
                continue
            return
        raise Conflict(f"case of {report.body.report_id} kept changing; the message comes again")

    def together(self, events: Sequence[Event]) -> set[str]:
        """Open the cases that are new with these reports; return the events that are applied by it.

        Left to come one by one: repeats, follow-ups (also of a case that an earlier report among these opens), and
        whoever meets a conflict. Raises ContractError.
        """
        reports = [self._report(event) for event in events]
        known = self._cases.known([event.id for event in events], [report.key for report in reports if report.key])
        first: dict[str, Report] = {}
        for report in reports:
            first.setdefault(report.key or report.event.id, report)
        fresh = [report for report in first.values() if not known & {report.key, report.event.id}]
        return self._cases.add_cases([self._made(report, None) for report in fresh]) if fresh else set()

    def _report(self, event: Event) -> "Report":
        body = event.body(ReportReceived)
        sponsor = self._reference.registry.scope(event.sponsor)
        return Report(event=event, body=body, sponsor=sponsor, key=sender_key(sponsor, body.sender, body.receipt))

    def _apply(self, report: "Report") -> None:
        report, before = self._known(report)
        made = self._made(report, before)
        expected = before.revision if before else None
        self._cases.add_version(made.case, made.version, expected, made.events, made.audit, made.applied)

    def _known(self, report: "Report") -> tuple["Report", Case | None]:
        """Return the case that its sender already gave us; of a nullified one it is a new case that takes its place."""
        case = self._cases.of_sender(report.key, report.sponsor) if report.key else None
        while case is not None and case.is_void:
            key = f"{report.key}\x1f{case.id}"
            report = msgspec.structs.replace(report, key=key, nullified=case)
            case = self._cases.of_sender(key, report.sponsor)
        return report, case

    def _made(self, report: "Report", before: Case | None) -> NewVersion:
        received = report.body
        changed: tuple[Changed, ...] = ()
        if before:
            known = self._cases.version(before, before.current.number).snapshot
            version = self._follow_up(before, known, received)
            changed = content_changes(known.content, version.snapshot.content)
        else:
            version = self._initial(report)
        case = advanced(before, version, derived_id("case", received.report_id), report.key)
        opening = Opening.FOLLOW_UP if before else Opening.OPENED
        return NewVersion(
            case=case,
            version=version,
            events=(self._answer(report.event, received, case, version, opening),),
            audit=_audit(version, before, case, f"case.{opening}", changed),
            applied=report.event.id,
        )

    def _initial(self, report: "Report") -> CaseVersion:
        received, sponsor = report.body, report.sponsor
        start = awareness_date(received.receipt)
        identity = Identity(
            case_id=derived_id("case", received.report_id),
            version=1,
            sponsor=sponsor,
            first_received_on=start,
            latest_information_on=_newest(received, start),
            day_zero=None,
        )
        return self._version(self._anew(_content(received), report), identity, received, start, None)

    def _anew(self, content: CaseContent, report: "Report") -> CaseContent:
        """Return the content with the identifiers of the nullified case that this one comes after, if it does."""
        void = report.nullified
        if void is None or void.safety_report_id is None:  # nobody was told of it by us
            return content
        theirs = self._cases.version(void, void.current.number).snapshot.content
        organisation = self._reference.registry.sponsor(report.sponsor).organisation
        return follow_up.anew(content, theirs, CaseIdentifier(source=organisation, identifier=void.safety_report_id))

    def _follow_up(self, before: Case, known: CaseSnapshot, received: ReportReceived) -> CaseVersion:
        start = awareness_date(received.receipt)
        newest = _newest(received, start)
        identity = Identity(
            case_id=before.id,
            version=known.version + 1,
            sponsor=before.sponsor,
            first_received_on=known.first_received_on,  # C.1.4 is never overwritten by a follow-up
            latest_information_on=max(known.latest_information_on, newest),
            day_zero=known.day_zero,
        )
        told = _content(received)
        overtaken = any(ref.received_at and ref.received_at > received.receipt.received_at for ref in before.versions)
        # After an outage reports come in any order: what an older one says replaces nothing that a newer one said.
        content = follow_up.join(told, known.content) if overtaken else follow_up.join(known.content, told)
        # A partner tells with every report when it first had the case (C.1.4); what is new it has had since C.1.5.
        since = newest if received.latest_information_on else start
        return self._version(content, identity, received, since, before)

    def _version(
        self, content: CaseContent, identity: "Identity", received: ReportReceived, start: date, before: Case | None
    ) -> CaseVersion:
        """``start``: the day on which the facts that are new in this version were known."""
        receipt = received.receipt
        cause = Cause(
            kind=CauseKind.FOLLOW_UP if before else CauseKind.INITIAL,
            actor=receipt.actor,
            authentication=receipt.authentication,
            at=self._clock.now(),
            reason=f"report {received.report_id} received",
            report_id=received.report_id,
            received_at=receipt.received_at,
            zone=receipt.zone,
        )
        reference = self._reference.for_sponsor(identity.sponsor, cause.at.date())
        owed_by = before.owed_by(start, identity.version) if before else frozenset()
        found = assess(content, start, receipt.country, reference, owed_by)
        version = frozen(found, identity, cause, start, receipt.country, reference)
        return msgspec.structs.replace(version, queries=received.queries)

    def _answer(
        self, event: Event, received: ReportReceived, case: Case, version: CaseVersion, opening: Opening
    ) -> Event:
        body = CaseOpened(
            report_id=received.report_id,
            case_id=case.id,
            version=case.current.number,
            opening=opening,
            valid=version.valid,
        )
        return event_of(
            event_id=derived_id("evt", event.id, "opened"),
            topic=topics.CASE_OPENED,
            at=version.cause.at,
            sponsor=case.sponsor,
            subject=received.report_id,
            body=body,
            answers=event.id,
        )


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it came: its scope here, and the key by which its sender's reports of one case meet."""

    event: Event
    body: ReportReceived
    sponsor: str
    key: str | None
    nullified: Case | None = None  # of the same sender's case: it takes no report any more


def _newest(received: ReportReceived, start: date) -> date:
    """The source's own date of its newest fact (C.1.5) where it states one between awareness and receipt."""
    at_site = awareness_date(msgspec.structs.replace(received.receipt, first_aware_at=None))
    stated = received.latest_information_on
    return min(at_site, max(start, date.fromisoformat(stated))) if stated else at_site


def _content(received: ReportReceived) -> CaseContent:
    """What was received and from what kind of sender, whose own number is one of the case's (C.1.9.1.r)."""
    sender = received.sender
    content = msgspec.structs.replace(received.content, received_from=(sender.type,) if sender.type else ())
    if not (sender.organisation and sender.case_id):
        return content
    theirs = CaseIdentifier(source=sender.organisation, identifier=sender.case_id)
    others = tuple(dict.fromkeys((*content.other_case_ids, theirs)))
    return msgspec.structs.replace(content, other_case_ids=others)


def _audit(
    version: CaseVersion, before: Case | None, case: Case, action: str, changed: tuple[Changed, ...]
) -> AuditEntry:
    cause = version.cause
    return entry_for(
        case.sponsor,
        case.id,
        action,
        cause.reason,
        cause.at,
        actor=cause.actor,
        authentication=cause.authentication,
        changes=(*case_changes(before, case), *changed),
        rule=version.rulebook,
        discloses=case.blinded_trial,
    )
