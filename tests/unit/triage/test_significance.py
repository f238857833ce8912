"""A follow-up is significant until a person signs why not; an upgrade always is, and nothing is deleted or moved."""

from datetime import UTC, datetime

import msgspec
import pytest

from shared.clock import SetClock
from shared.contracts.report_received import Sender
from tests.builders import a_content, a_receipt, a_report, with_reaction
from tests.unit.triage.fakes import InMemoryCases, InMemoryReference
from tests.unit.triage.signing import signing
from triage.decide import Actor, Decide
from triage.domain.case import Case, ObligationState, Status
from triage.domain.refusal import Refusal
from triage.open_case import OpenCase
from triage.significance import Significance

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = a_receipt(received_at=datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
ACTOR = Actor(name="dr.test", authentication="password", scopes=("helvion",))
SENDER = Sender(case_id="P-1")


class Desk:
    def __init__(self) -> None:
        clock, reference = SetClock(NOW), InMemoryReference()
        self.cases = InMemoryCases()
        self.decide = Decide(self.cases, reference, clock)
        self.open = OpenCase(self.cases, reference, clock)
        self.significance = Significance(self.decide, self.cases)

    @property
    def case(self) -> Case:
        (case,) = self.cases.heads.values()
        return case

    def deny(self) -> Case:
        case = self.case
        return self.significance.deny(case.id, case.revision, ACTOR, signing(ACTOR), "only the postcode was new")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_it_made_due_is_settled_and_stays_on_record(desk: Desk) -> None:
    desk.open(a_report("rep_1", sender=SENDER))
    first = desk.case.obligations
    desk.open(a_report("rep_2", sender=SENDER, receipt=LATER, content=a_content(narrative="More of it.")))
    case = desk.deny()
    assert case.obligations[: len(first)] == first
    new = case.obligations[len(first) :]
    assert {each.state for each in new} == {ObligationState.NOT_SIGNIFICANT}
    assert [each.due.isoformat() for each in new] == ["2026-12-12", "2026-12-12"]
    assert {each.errors for each in new} == {("only the postcode was new",)}
    assert case.due is not None
    assert case.due.isoformat() == "2026-12-08"
    entry = desk.cases.audit[-1]
    assert (entry.action, entry.reason) == ("follow_up.not_significant", "only the postcode was new")
    assert case.signatures[-1].signature.meaning == "review"


def test_the_first_report_is_told_with_it_all_the_same(desk: Desk) -> None:
    desk.open(a_report("rep_1", sender=SENDER))
    desk.open(a_report("rep_2", sender=SENDER, receipt=LATER, content=a_content(narrative="More of it.")))
    case = desk.deny()
    approved = desk.decide.approve(case.id, case.revision, ACTOR, signing(ACTOR), "complete")
    assert {each.destination for each in approved.approvals} == {"fda_postmarketing", "eu_postmarketing"}


def test_where_nothing_else_is_owed_nobody_is_told(desk: Desk) -> None:
    desk.open(a_report("rep_1", sender=SENDER))
    replace = msgspec.structs.replace
    settled = tuple(replace(each, state=ObligationState.FULFILLED) for each in desk.case.obligations)
    desk.cases.heads[desk.case.id] = replace(desk.case, obligations=settled)
    desk.open(a_report("rep_2", sender=SENDER, receipt=LATER, content=a_content(narrative="More of it.")))
    case = desk.deny()
    closed = desk.decide.approve(case.id, case.revision, ACTOR, signing(ACTOR), "nothing new")
    assert (closed.status, closed.approvals) == (Status.CLOSED, ())


def test_an_upgrade_is_significant_whatever_anybody_thinks(desk: Desk) -> None:
    desk.open(a_report("rep_1", sender=SENDER, content=with_reaction(serious=False, criteria=())))
    desk.open(a_report("rep_2", sender=SENDER, receipt=LATER))
    with pytest.raises(Refusal, match=r"not due by EU-107-SERIOUS-15D, FDA-314\.80-15D before"):
        desk.deny()


def test_a_first_report_is_no_follow_up(desk: Desk) -> None:
    desk.open(a_report("rep_1", sender=SENDER))
    with pytest.raises(Refusal, match="Only a follow-up"):
        desk.deny()
