"""A downgrade takes two persons and still sends the pending update (DOMAIN 6)."""

from typing import Any

import pytest

from shared.clock import SetClock
from shared.contracts.case_approved import CaseApproved
from shared.contracts.topics import CASE_APPROVED
from tests.builders import a_report
from tests.unit.triage.fakes import InMemoryCases, InMemoryReference
from tests.unit.triage.signing import AT, signing
from triage.decide import Actor, Decide
from triage.domain.amendment import Edit
from triage.domain.case import Case
from triage.domain.refusal import Refusal
from triage.domain.rulebook import Kind
from triage.downgrade import Downgrade
from triage.open_case import OpenCase
from triage.ports import Conflict

FIRST = Actor(name="dr.first", authentication="password+totp", scopes=("helvion",))
SECOND = Actor(name="dr.second", authentication="password+totp", scopes=("helvion",))
STRANGER = Actor(name="dr.stranger", authentication="password+totp", scopes=("boreal",))
LOWER = [Edit("/reactions/0/criteria", []), Edit("/reactions/0/serious", False)]


class Desk:
    """A serious case whose obligations stand."""

    def __init__(self) -> None:
        self.cases, reference, clock = InMemoryCases(), InMemoryReference(), SetClock(AT)
        self.decide = Decide(self.cases, reference, clock)
        self.downgrade = Downgrade(self.decide, self.cases, clock)
        OpenCase(self.cases, reference, clock)(a_report())

    @property
    def case(self) -> Case:
        return next(iter(self.cases.heads.values()))

    def propose(self, actor: Actor = FIRST, edits: Any = LOWER, by: Actor | None = None) -> Case:
        case = self.case
        proof = signing(by or actor)
        return self.downgrade.propose(case.id, case.revision, actor, proof, "the ward was a check-up", edits)

    def confirm(self, actor: Actor = SECOND) -> Case:
        return self.downgrade.confirm(self.case.id, self.case.revision, actor, signing(actor), "agreed")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_one_person_changes_nothing(desk: Desk) -> None:
    before = desk.case
    case = desk.propose()
    assert (case.versions, case.obligations, case.decisions) == (before.versions, before.obligations, before.decisions)
    assert case.proposal is not None
    assert case.proposal.signature.meaning == "responsibility"


def test_the_same_person_cannot_confirm(desk: Desk) -> None:
    desk.propose()
    with pytest.raises(Refusal, match="another person"):
        desk.confirm(FIRST)
    assert len(desk.case.versions) == 1


def test_two_persons_make_a_version_and_both_signatures_are_of_it(desk: Desk) -> None:
    desk.propose()
    desk.confirm()
    case = desk.case
    cause = desk.cases.version(case, 2).cause
    assert [one.signer for one in cause.signatures] == ["dr.first", "dr.second"]
    assert len({one.sha256 for one in cause.signatures}) == 1
    assert case.proposal is None
    assert [entry.action for entry in desk.cases.audit] == ["case.opened", "downgrade.proposed", "downgrade.confirmed"]
    assert desk.cases.audit[-1].signature == cause.signatures[1].signature_id


def test_what_is_owed_stays_owed_and_the_pending_update_is_sent(desk: Desk) -> None:
    owed = desk.case.obligations
    assert owed
    desk.propose()
    case = desk.confirm()
    assert case.obligations == owed  # no date moved, none is gone
    assert not any(
        decision.kind is Kind.EXPEDITED for decision in case.decisions if decision.destination == "fda_postmarketing"
    )
    case = desk.decide.approve(case.id, case.revision, SECOND, signing(SECOND), "sent as it is now")
    sent = [event.body(CaseApproved) for event in desk.cases.outgoing.events if event.topic == CASE_APPROVED]
    told = {body.destination.destination: body for body in sent}
    assert {each.destination for each in owed} <= told.keys()
    for each in owed:
        assert told[each.destination].decision.obligations == (each.id,)
        assert told[each.destination].decision.due == each.due
        assert told[each.destination].snapshot.version == 2


def test_a_new_version_lets_a_proposal_lapse(desk: Desk) -> None:
    desk.propose()
    case = desk.decide.amend(desk.case.id, 2, SECOND, "onset known", [Edit("/reactions/0/onset", "2026-11-20")])
    assert case.proposal is None
    with pytest.raises(Refusal, match="No downgrade is proposed"):
        desk.confirm()


def test_a_proposal_is_declined_with_a_reason_and_nothing_changes(desk: Desk) -> None:
    before = desk.case
    desk.propose()
    case = desk.downgrade.decline(desk.case.id, 2, SECOND, "the ward was a ward")
    assert (case.proposal, case.versions) == (None, before.versions)
    assert (desk.cases.audit[-1].action, desk.cases.audit[-1].reason) == ("downgrade.declined", "the ward was a ward")


def test_nothing_is_approved_while_a_downgrade_waits(desk: Desk) -> None:
    desk.propose()
    with pytest.raises(Refusal, match="downgrade is proposed"):
        desk.decide.approve(desk.case.id, 2, SECOND, signing(SECOND), "complete")


def test_what_lowers_nothing_is_no_downgrade(desk: Desk) -> None:
    with pytest.raises(Refusal, match="amend the fields"):
        desk.propose(edits=[Edit("/reactions/0/onset", "2026-11-20")])


def test_an_edit_that_cannot_be_made_is_refused_by_field(desk: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        desk.propose(edits=[Edit("/reactions/9/criteria", [])])
    assert refused.value.reasons[0][0] == "/reactions/9/criteria"


def test_nobody_proposes_for_another(desk: Desk) -> None:
    with pytest.raises(Refusal, match="Nobody signs for another"):
        desk.propose(FIRST, by=SECOND)


def test_a_case_of_another_sponsor_is_not_there(desk: Desk) -> None:
    with pytest.raises(LookupError):
        desk.propose(STRANGER)


def test_who_read_an_older_case_is_told(desk: Desk) -> None:
    desk.propose()
    with pytest.raises(Conflict):
        desk.downgrade.confirm(desk.case.id, 1, SECOND, signing(SECOND), "agreed")
