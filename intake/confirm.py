"""What was published is confirmed end to end: triage's own event says what became of a report, and ends its publishing.

An answer that was noted already changes nothing.
"""

from collections.abc import Sequence

import msgspec

from intake.domain.records import BEFORE, State, Status
from intake.ports import Answerable
from shared.clock import Clock
from shared.contracts.audit import AuditEntry, Changed
from shared.contracts.case_opened import CaseOpened
from shared.contracts.envelope import ContractError, Event
from shared.contracts.report_parked import ReportParked
from shared.ids import derived_id


class Confirm:
    """The use case: triage's answers become the status of reports and refusals."""

    def __init__(self, kept: Sequence[Answerable], clock: Clock, service_version: str) -> None:
        """``kept`` are the stores whose events triage answers."""
        self._kept = kept
        self._clock = clock
        self._service_version = service_version

    def case_opened(self, event: Event) -> None:
        """Note that the report is a version of a case now. Raises ContractError."""
        told = event.body(CaseOpened)
        self._note(event, Status(state=State.OPENED, case_id=told.case_id, version=told.version), "opened in triage")

    def report_parked(self, event: Event) -> None:
        """Note that the report or refusal waits for a person. Raises ContractError."""
        self._note(event, Status(state=State.PARKED), event.body(ReportParked).reason)

    def _note(self, event: Event, status: Status, reason: str) -> None:
        if event.answers is None:
            raise ContractError(f"{event.topic} {event.id} answers no event")
        audit = AuditEntry(
            entry_id=derived_id("aud", event.answers, status.state),
            sponsor=event.sponsor,
            actor="intake.worker",
            authentication="service",
            at=self._clock.now(),
            action=f"report.{status.state}",
            subject=event.subject,
            reason=reason,
            service_version=self._service_version,
            changes=(_changed(status),),
        )
        for store in self._kept:
            store.settle(event.answers, status, audit)


def _changed(status: Status) -> Changed:
    before = [str(state) for state in BEFORE[status.state]]
    return Changed(field="status", old=" or ".join(before), new=msgspec.json.encode(status).decode())
