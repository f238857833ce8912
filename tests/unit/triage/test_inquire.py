"""A case that lacks a criterion has its task by itself; attempts are kept, and nothing owed or decided changes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from shared.clock import SetClock
from shared.contracts.report_received import Sender
from tests.builders import a_content, a_receipt, a_report
from tests.unit.triage.fakes import InMemoryCases, InMemoryReference
from triage.decide import Actor, Decide
from triage.domain.amendment import Edit
from triage.domain.case import Case, CauseKind, Status
from triage.domain.inquiry import Attempt, Means, Outcome, Task
from triage.domain.refusal import Refusal
from triage.inquire import Inquire
from triage.open_case import OpenCase
from triage.ports import Conflict

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
ACTOR = Actor(name="ann", authentication="password", scopes=("helvion",))
SENDER = Sender(case_id="P-1")
NO_PATIENT = a_content(patient=None)


class Desk:
    def __init__(self) -> None:
        self.clock, reference = SetClock(NOW), InMemoryReference()
        self.cases = InMemoryCases()
        self.decide = Decide(self.cases, reference, self.clock)
        self.open = OpenCase(self.cases, reference, self.clock)
        self.inquire = Inquire(self.decide, self.cases, self.clock)

    @property
    def case(self) -> Case:
        (case,) = self.cases.heads.values()
        return case

    @property
    def task(self) -> Task:
        assert self.case.task is not None
        return self.case.task

    def receive(self, number: int = 1, **said: Any) -> None:
        receipt = a_receipt(received_at=self.clock.now())
        self.open(a_report(f"rep_{number}", sender=SENDER, receipt=receipt, **said))

    def record(self, **said: Any) -> Case:
        facts = {
            "means": Means.PHONE,
            "outcome": Outcome.NO_ANSWER,
            "reason": "asked the practice for the patient's age",
        }
        case = self.case
        return self.inquire.record(case.id, case.revision, ACTOR, Attempt(**facts | said))

    def amend(self, pointer: str, value: Any) -> None:
        case = self.case
        self.decide.amend(case.id, case.revision, ACTOR, "she told us", [Edit(pointer, value)])

    def wait(self, days: int) -> date:
        self.clock.advance(timedelta(days=days))
        return self.clock.now().date()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_invalid_report_has_its_task_by_itself_and_a_valid_one_has_none(desk: Desk) -> None:
    desk.receive(content=msgspec.structs.replace(NO_PATIENT, drugs=()))
    missing = ("identifiable patient", "suspect product")
    assert desk.task == Task(missing=missing, since=TODAY, asked=0, last=None, ask_on=TODAY)
    other = Desk()
    other.receive()
    assert (other.case.missing, other.case.task) == ((), None)


def test_an_attempt_says_when_to_ask_again_and_changes_nothing_else(desk: Desk) -> None:
    desk.receive(content=NO_PATIENT)
    before, again = desk.case, TODAY + timedelta(days=14)
    after = desk.record(ask_again=again)
    (inquiry,) = after.inquiries
    assert (inquiry.at, inquiry.actor, inquiry.version, inquiry.missing) == (NOW, "ann", 1, before.missing)
    assert (desk.task.asked, desk.task.last, desk.task.ask_on) == (1, inquiry, again)
    assert msgspec.structs.replace(after, revision=before.revision, inquiries=()) == before
    entry = desk.cases.audit[-1]
    assert (entry.action, entry.actor, entry.reason) == ("inquiry.recorded", "ann", inquiry.reason)
    said = '"phone: no_answer_yet; ask again 2026-12-07"'
    assert [(c.field, c.old, c.new) for c in entry.changes] == [("inquiries/1", None, said)]
    assert len(desk.cases.outgoing.events) == 1  # that the case was opened


def test_an_attempt_without_a_day_leaves_the_case_to_be_asked(desk: Desk) -> None:
    desk.receive(content=NO_PATIENT)
    today = desk.wait(3)
    desk.record()
    assert (desk.task.asked, desk.task.ask_on) == (1, today)


def test_that_there_was_nobody_to_ask_is_no_attempt(desk: Desk) -> None:
    desk.receive(content=NO_PATIENT)
    desk.record(means=Means.NONE, outcome=Outcome.UNREACHABLE, no_more=True, reason="an anonymous letter")
    assert (desk.task.asked, desk.task.ask_on) == (0, None)


def test_that_no_more_can_be_had_stays_on_record_and_is_undone_by_the_next_attempt(desk: Desk) -> None:
    desk.receive(content=NO_PATIENT)
    desk.record(outcome=Outcome.REFUSED, no_more=True, reason="she does not want to say more")
    assert (desk.task.missing, desk.task.ask_on) == (("identifiable patient",), None)
    assert desk.case.status is Status.INVALID
    assert desk.cases.audit[-1].action == "inquiry.given_up"
    desk.record()
    assert desk.task.ask_on == TODAY
    assert [each.no_more for each in desk.case.inquiries] == [True, False]


@pytest.mark.parametrize("said", [{"no_more": True}, {"ask_again": TODAY + timedelta(days=60)}])
def test_news_without_the_criterion_opens_it_again(said: dict[str, Any], desk: Desk) -> None:
    desk.receive(content=NO_PATIENT)
    desk.record(**said)
    desk.wait(5)
    desk.receive(2, content=msgspec.structs.replace(NO_PATIENT, narrative="The practice has moved."))
    assert (desk.task.missing, desk.task.ask_on) == (("identifiable patient",), TODAY + timedelta(days=5))
    assert (desk.task.since, desk.task.asked) == (TODAY, 1)


def test_another_rulebook_is_no_news(desk: Desk) -> None:
    desk.receive(content=NO_PATIENT)
    desk.record(no_more=True)
    again = msgspec.structs.replace(desk.case.current, number=2, kind=CauseKind.REDECISION)
    case = msgspec.structs.replace(desk.case, versions=(*desk.case.versions, again))
    assert case.task is not None
    assert case.task.ask_on is None


def test_the_criterion_closes_it_by_report_or_by_amendment(desk: Desk) -> None:
    desk.receive(content=NO_PATIENT)
    desk.record(ask_again=TODAY + timedelta(days=14))
    desk.receive(2)
    assert (desk.case.missing, desk.case.task, len(desk.case.inquiries)) == ((), None, 1)
    other = Desk()
    other.receive(content=NO_PATIENT)
    other.amend("/patient/sex", "female")
    assert other.case.task is None
    assert [c.new for c in other.cases.audit[-1].changes if c.field == "missing"] == [None]


def test_of_a_valid_case_a_day_that_was_set_counts_until_the_next_attempt(desk: Desk) -> None:
    desk.receive()
    desk.record()
    assert desk.case.task is None
    again = TODAY + timedelta(days=7)
    desk.record(reason="asked for the laboratory's values", ask_again=again)
    desk.amend("/reactions/0/onset", "2026-11-20")
    assert (desk.task.missing, desk.task.ask_on, desk.task.asked) == ((), again, 2)
    desk.record(outcome=Outcome.ANSWERED)
    assert desk.case.task is None


@pytest.mark.parametrize("days", [-1, 367])
def test_a_day_that_has_been_or_is_mistyped_is_refused(days: int, desk: Desk) -> None:
    desk.receive(content=NO_PATIENT)
    with pytest.raises(Refusal) as refused:
        desk.record(ask_again=TODAY + timedelta(days=days))
    assert [pointer for pointer, *_ in refused.value.reasons] == ["/ask_again"]
    assert desk.case.inquiries == ()


def test_it_takes_a_reason_the_revision_and_a_case_that_is_not_void(desk: Desk) -> None:
    desk.receive(content=NO_PATIENT)
    with pytest.raises(Refusal, match="reason"):
        desk.record(reason=" ")
    attempt = Attempt(means=Means.LETTER, outcome=Outcome.NO_ANSWER, reason="sent")
    with pytest.raises(Conflict):
        desk.inquire.record(desk.case.id, 7, ACTOR, attempt)
    with pytest.raises(LookupError):
        desk.inquire.record("case_none", 1, ACTOR, attempt)
    void = msgspec.structs.replace(desk.case.current, kind=CauseKind.NULLIFICATION)
    desk.cases.heads[desk.case.id] = msgspec.structs.replace(desk.case, versions=(void,))
    assert desk.case.task is None
    with pytest.raises(Refusal, match="nullified"):
        desk.record()


def test_what_its_sender_nullified_is_not_asked_for(desk: Desk) -> None:
    desk.receive(content=msgspec.structs.replace(NO_PATIENT, nullified="a duplicate"))
    assert (desk.case.status, desk.case.task) == (Status.REVIEW, None)


def test_a_case_that_was_stored_before_has_its_task(desk: Desk) -> None:
    desk.receive(content=NO_PATIENT)
    stored = msgspec.to_builtins(desk.case)
    del stored["missing"], stored["inquiries"]
    case = msgspec.convert(stored, Case)
    assert case.task is not None
    assert (case.task.missing, case.task.ask_on) == (("a minimum criterion",), TODAY)
