"""Triage's answer becomes the status and ends the publishing; a repeated or late answer changes nothing."""

from typing import Any

import pytest

from intake.confirm import Confirm
from intake.domain.records import State
from shared.contracts.case_opened import CaseOpened, Opening
from shared.contracts.envelope import ContractError, Event, event_of
from shared.contracts.report_parked import ReportParked
from shared.contracts.topics import CASE_OPENED, REPORT_PARKED
from tests.unit.intake.conftest import NOW, REPORT, Intake


def answer(topic: str, body: Any, question: Event | None) -> Event:
    return event_of(
        event_id="evt_answer",
        topic=topic,
        at=NOW,
        sponsor="exemplar",
        subject="case_1",
        body=body,
        answers=question.id if question else None,
    )


def opened(question: Event | None, version: int = 1) -> Event:
    told = CaseOpened(report_id="r", case_id="case_1", version=version, opening=Opening.OPENED, valid=True)
    return answer(CASE_OPENED, told, question)


def parked(question: Event) -> Event:
    return answer(REPORT_PARKED, ReportParked(parked_id="p", reason="no reader for this"), question)


@pytest.fixture
def confirm(intake: Intake) -> Confirm:
    return Confirm([intake.reports, intake.refusals], intake.clock, "1.2.3")


@pytest.fixture
def question(intake: Intake) -> Event:
    intake.post(REPORT)
    (report,) = intake.reports.kept.values()
    return report.event


def state(intake: Intake) -> tuple[State, int | None]:
    (name,) = intake.reports.kept
    held = intake.reports.find(None, name)
    assert held is not None
    return held.status.state, held.status.version


def test_an_opened_case_is_noted_and_confirmed(intake: Intake, confirm: Confirm, question: Event) -> None:
    confirm.case_opened(opened(question, version=3))
    assert state(intake) == (State.OPENED, 3)
    assert intake.reports.waiting(NOW) == set()
    assert intake.reports.actions(question.subject) == ["report.received", "report.opened"]


def test_a_repeated_answer_changes_nothing(intake: Intake, confirm: Confirm, question: Event) -> None:
    for _ in range(2):
        confirm.case_opened(opened(question))
    assert intake.reports.actions(question.subject) == ["report.received", "report.opened"]


def test_a_late_parking_does_not_take_an_opened_case_back(intake: Intake, confirm: Confirm, question: Event) -> None:
    confirm.case_opened(opened(question))
    confirm.report_parked(parked(question))
    assert state(intake) == (State.OPENED, 1)


def test_a_person_may_open_what_was_parked(intake: Intake, confirm: Confirm, question: Event) -> None:
    confirm.report_parked(parked(question))
    assert state(intake) == (State.PARKED, None)
    confirm.case_opened(opened(question))
    assert state(intake) == (State.OPENED, 1)


def test_a_refusal_that_waits_for_a_person_is_confirmed(intake: Intake, confirm: Confirm) -> None:
    intake.post(b"{")
    (refusal,) = intake.refusals.kept
    confirm.report_parked(parked(refusal.event))
    assert intake.refusals.waiting(NOW) == set()
    assert intake.refusals.kept[0].status.state == State.PARKED


def test_an_answer_to_something_unknown_changes_nothing(intake: Intake, confirm: Confirm, question: Event) -> None:
    confirm.case_opened(opened(opened(question)))
    assert state(intake) == (State.RECEIVED, None)
    assert intake.reports.waiting(NOW) == {question.id}


def test_an_answer_to_nothing_is_no_answer(confirm: Confirm) -> None:
    with pytest.raises(ContractError):
        confirm.case_opened(opened(None))
