"""A seven-day report may be incomplete: the day by which the rest is due is kept until a report or a person ends it."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from shared.clock import SetClock
from shared.contracts.report_received import Sender
from tests.builders import DICTIONARY, a_receipt, a_report
from tests.unit.triage.fakes import InMemoryCases, InMemoryReference
from tests.unit.triage.rules.cases import BOOKS, DEFAULTS, content
from tests.unit.triage.rules.registry import SPONSOR
from tests.unit.triage.signing import signing
from triage.close_case import Outcome, told
from triage.completeness import Completeness, waiting
from triage.decide import Actor, Decide
from triage.domain.amendment import Edit
from triage.domain.case import Case, Obligation, ObligationState, Status
from triage.domain.pipeline import Reference
from triage.domain.refusal import Refusal
from triage.domain.registry import DestinationIds, Registry
from triage.downgrade import Downgrade
from triage.nullify import Nullify
from triage.open_case import OpenCase
from triage.significance import Significance

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = a_receipt(received_at=datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
EARLIER = a_receipt(received_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
ACTOR = Actor(name="dr.test", authentication="password", scopes=("helvion",))
SECOND = Actor(name="dr.second", authentication="password", scopes=("helvion",))
SENDER = Sender(case_id="P-1")
IDS = DestinationIds(batch_sender="H", batch_receiver="T", message_sender="H", message_receiver="T", test=True)
REGISTERED = msgspec.structs.replace(SPONSOR, destinations={each.id: IDS for each in BOOKS["yes"].destinations})
TRIAL = {"type": "study", "study_type": "1", "product": "imp", "country": "CA"}
LIFE_THREATENING = content({**DEFAULTS, **TRIAL, "serious": "life_threatening"})
SERIOUS = content({**DEFAULTS, **TRIAL})


class Signed(InMemoryReference):
    """Every rule is signed off."""

    registry = Registry(sponsors={"helvion": REGISTERED})

    def for_sponsor(self, scope: str, today: date) -> Reference:
        return Reference(sponsor=REGISTERED, rulebook=BOOKS["yes"], terminology=DICTIONARY, today=today)


class Desk:
    def __init__(self) -> None:
        clock, reference = SetClock(NOW), Signed()
        self.cases = InMemoryCases()
        self.decide = Decide(self.cases, reference, clock)
        self.open = OpenCase(self.cases, reference, clock)
        self.completeness = Completeness(self.decide, self.cases)
        self.significance = Significance(self.decide, self.cases)
        self.nullify = Nullify(self.decide, self.cases, clock)
        self.downgrade = Downgrade(self.decide, self.cases, clock)

    @property
    def case(self) -> Case:
        (case,) = self.cases.heads.values()
        return case

    def of_canada(self) -> list[Obligation]:
        return [each for each in self.case.obligations if each.destination == "ca_trials"]

    def approve(self) -> Case:
        return self.decide.approve(self.case.id, self.case.revision, ACTOR, signing(ACTOR), "as it is")

    def acknowledge(self, state: ObligationState = ObligationState.FULFILLED) -> Case:
        for each in [one for one in self.case.approvals if one.state is ObligationState.APPROVED]:
            self.hear(each.id, state)
        return self.case

    def hear(self, approval_id: str, state: ObligationState) -> Case:
        outcome = Outcome(approval_id=approval_id, case_id=self.case.id, state=state)
        self.cases.heads[self.case.id] = told(self.case, outcome)
        return self.case

    def amend(self) -> Case:
        edit = Edit("/reactions/0/onset", "2026-11-20")
        return self.decide.amend(self.case.id, self.case.revision, ACTOR, "known now", [edit])

    def state_complete(self) -> Case:
        case = self.case
        return self.completeness.state(case.id, case.revision, ACTOR, signing(ACTOR), "the site has no more")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_seven_day_report_makes_its_completion_due(desk: Desk) -> None:
    desk.open(a_report("rep_1", content=LIFE_THREATENING))
    first, rest = desk.of_canada()
    assert (str(first.due), first.completion) == ("2026-11-30", False)
    assert (str(rest.due), rest.completion, rest.rule_id) == ("2026-12-08", True, first.rule_id)
    assert "8 days later" in rest.arithmetic
    assert str(desk.case.due) == "2026-11-30"


def test_a_fifteen_day_report_makes_none(desk: Desk) -> None:
    desk.open(a_report("rep_1", content=SERIOUS))
    assert not [each for each in desk.case.obligations if each.completion]


def test_the_first_report_does_not_complete_itself_and_the_case_stays_open(desk: Desk) -> None:
    desk.open(a_report("rep_1", content=LIFE_THREATENING))
    desk.approve()
    case = desk.acknowledge()
    first, rest = desk.of_canada()
    assert (first.state, rest.state) == (ObligationState.FULFILLED, ObligationState.OPEN)
    assert (case.status, str(case.due)) == (Status.APPROVED, "2026-12-08")


def test_a_later_version_completes_it(desk: Desk) -> None:
    desk.open(a_report("rep_1", content=LIFE_THREATENING))
    desk.approve()
    desk.acknowledge()
    desk.amend()
    desk.approve()
    case = desk.acknowledge()
    assert {each.state for each in case.obligations} == {ObligationState.FULFILLED}
    assert (case.status, case.due) == (Status.CLOSED, None)


def test_what_was_rejected_and_told_again_is_not_complete_by_that(desk: Desk) -> None:
    desk.open(a_report("rep_1", content=LIFE_THREATENING))
    desk.approve()
    desk.acknowledge(ObligationState.REJECTED)
    desk.amend()
    desk.approve()
    desk.acknowledge()
    first, rest = desk.of_canada()
    assert (first.state, rest.state) == (ObligationState.FULFILLED, ObligationState.OPEN)


def test_a_person_signs_that_nothing_was_left_out(desk: Desk) -> None:
    desk.open(a_report("rep_1", content=LIFE_THREATENING))
    desk.approve()
    desk.acknowledge()
    waits = waiting(desk.case)
    case = desk.state_complete()
    assert {each.destination for each in waits} >= {"ca_trials", "eu_ctr"}
    assert {each.state for each in case.obligations if each.completion} == {ObligationState.COMPLETE}
    assert {each.errors for each in case.obligations if each.completion} == {("the site has no more",)}
    assert (case.status, case.due) == (Status.CLOSED, None)
    entry = desk.cases.audit[-1]
    assert (entry.action, entry.reason, entry.signature) == (
        "report.complete",
        "the site has no more",
        case.signatures[-1].signature.signature_id,
    )


def test_it_may_be_said_before_the_answer_and_the_answer_closes_the_case(desk: Desk) -> None:
    desk.open(a_report("rep_1", content=LIFE_THREATENING))
    desk.approve()
    assert desk.state_complete().status is Status.APPROVED
    assert desk.acknowledge().status is Status.CLOSED


def test_before_a_report_was_approved_there_is_nothing_to_call_complete(desk: Desk) -> None:
    desk.open(a_report("rep_1", content=LIFE_THREATENING))
    with pytest.raises(Refusal, match="approve the first report first"):
        desk.state_complete()


def test_a_follow_up_makes_no_second_completion_due(desk: Desk) -> None:
    desk.open(a_report("rep_1", sender=SENDER, content=LIFE_THREATENING))
    more = msgspec.structs.replace(LIFE_THREATENING, narrative="More of it.")
    desk.open(a_report("rep_2", sender=SENDER, receipt=LATER, content=more))
    assert [str(each.due) for each in desk.of_canada() if each.completion] == ["2026-12-08"]


def test_an_upgrade_makes_its_own_completion_due(desk: Desk) -> None:
    desk.open(a_report("rep_1", sender=SENDER, content=SERIOUS))
    desk.open(a_report("rep_2", sender=SENDER, receipt=LATER, content=LIFE_THREATENING))
    assert [str(each.due) for each in desk.of_canada() if each.completion] == ["2026-12-12"]


def states(desk: Desk) -> list[tuple[str, ObligationState]]:
    return [(str(each.due), each.state) for each in desk.of_canada() if each.completion]


def test_a_report_of_before_the_upgrade_is_not_the_first_of_it(desk: Desk) -> None:
    desk.open(a_report("rep_1", sender=SENDER, content=SERIOUS))
    desk.approve()
    desk.acknowledge()
    desk.open(a_report("rep_2", sender=SENDER, receipt=LATER, content=LIFE_THREATENING))
    with pytest.raises(Refusal, match="approve the first report first"):
        desk.state_complete()
    desk.approve()
    case = desk.acknowledge()
    assert states(desk) == [("2026-12-12", ObligationState.OPEN)]
    assert case.status is Status.APPROVED


def test_news_of_an_earlier_day_makes_the_rest_due_earlier(desk: Desk) -> None:
    desk.open(a_report("rep_1", sender=SENDER, content=LIFE_THREATENING))
    more = msgspec.structs.replace(LIFE_THREATENING, narrative="Known before.")
    desk.open(a_report("rep_2", sender=SENDER, receipt=EARLIER, content=more))
    assert [day for day, _ in states(desk)] == ["2026-12-08", "2026-12-05"]
    desk.approve()
    desk.acknowledge()
    desk.amend()
    desk.approve()
    assert desk.acknowledge().status is Status.CLOSED


def test_two_reports_that_are_accepted_after_both_were_approved_complete_it(desk: Desk) -> None:
    desk.open(a_report("rep_1", sender=SENDER, content=LIFE_THREATENING))
    desk.approve()
    desk.amend()
    desk.approve()
    assert states(desk) == [("2026-12-08", ObligationState.OPEN)]
    case = desk.acknowledge()
    assert states(desk) == [("2026-12-08", ObligationState.FULFILLED)]
    assert case.status is Status.CLOSED


def test_a_downgrade_tells_the_rest_and_ends_it(desk: Desk) -> None:
    desk.open(a_report("rep_1", content=LIFE_THREATENING))
    desk.approve()
    desk.acknowledge()
    case, edits = desk.case, [Edit("/reactions/0/criteria", []), Edit("/reactions/0/serious", False)]
    case = desk.downgrade.propose(case.id, case.revision, ACTOR, signing(ACTOR), "it was another patient's", edits)
    desk.downgrade.confirm(case.id, case.revision, SECOND, signing(SECOND), "agreed")
    desk.approve()
    case = desk.acknowledge()
    assert states(desk) == [("2026-12-08", ObligationState.FULFILLED)]
    assert (case.status, case.due) == (Status.CLOSED, None)


def test_a_follow_up_without_significance_is_not_sent_for_it_and_the_case_waits(desk: Desk) -> None:
    desk.open(a_report("rep_1", sender=SENDER, content=LIFE_THREATENING))
    desk.approve()
    desk.acknowledge()
    more = msgspec.structs.replace(LIFE_THREATENING, narrative="The postcode.")
    desk.open(a_report("rep_2", sender=SENDER, receipt=LATER, content=more))
    case = desk.case
    desk.significance.deny(case.id, case.revision, ACTOR, signing(ACTOR), "only the postcode was new")
    case = desk.approve()
    assert not [each for each in case.approvals if each.version == 2]
    assert (case.status, str(case.due)) == (Status.APPROVED, "2026-12-08")
    assert desk.state_complete().status is Status.CLOSED


def test_a_nullified_case_is_neither_complete_nor_waited_for(desk: Desk) -> None:
    desk.open(a_report("rep_1", content=LIFE_THREATENING))
    desk.approve()
    desk.acknowledge()
    case = desk.nullify.propose(desk.case.id, desk.case.revision, ACTOR, signing(ACTOR), "there was no such patient")
    desk.nullify.confirm(case.id, case.revision, SECOND, signing(SECOND), "agreed")
    with pytest.raises(Refusal, match="nullified"):
        desk.state_complete()
    desk.approve()
    case = desk.acknowledge()
    assert (case.status, case.due) == (Status.CLOSED, None)


def test_late_news_of_an_attempt_that_was_rejected_undoes_nothing(desk: Desk) -> None:
    desk.open(a_report("rep_1", content=SERIOUS))
    desk.approve()
    desk.acknowledge(ObligationState.REJECTED)
    rejected = [each.id for each in desk.case.approvals]
    desk.amend()
    desk.approve()
    closed = desk.acknowledge()
    assert closed.status is Status.CLOSED
    for each in rejected:
        case = desk.hear(each, ObligationState.SENT)
    assert (case.status, case.due) == (Status.CLOSED, None)
    assert {each.state for each in case.obligations} == {ObligationState.FULFILLED}
