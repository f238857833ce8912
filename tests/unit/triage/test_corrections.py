"""What a destination was told is amended or taken back whole, and only there (ICH E2B(R3) C.1.11; DOMAIN 14)."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from shared.clock import SetClock
from shared.contracts.case_approved import CaseApproved, Correction, CorrectionKind
from shared.contracts.clinical import CaseIdentifier
from shared.contracts.report_received import Sender
from shared.contracts.topics import CASE_APPROVED
from tests.builders import a_content, a_receipt, a_report
from tests.unit.triage.fakes import InMemoryCases, InMemoryReference
from tests.unit.triage.signing import AT, signing
from triage.close_case import Outcome, told
from triage.decide import Actor, Decide
from triage.domain.amendment import Edit
from triage.domain.case import Case, CaseVersion, CauseKind, ObligationState, Proposal, ProposalKind, Status
from triage.domain.refusal import Refusal
from triage.domain.rulebook import Kind
from triage.downgrade import Downgrade
from triage.nullify import Nullify
from triage.open_case import OpenCase

FIRST = Actor(name="dr.first", authentication="password+totp", scopes=("helvion",))
SECOND = Actor(name="dr.second", authentication="password+totp", scopes=("helvion",))
FDA, EU = "fda_postmarketing", "eu_postmarketing"
ACCEPTED, REJECTED, SENT = ObligationState.FULFILLED, ObligationState.REJECTED, ObligationState.SENT
PARTNER = Sender(organisation="Partner", case_id="P-1")
WHY = "The patient never took the product."


class Desk:
    """A serious case that FDA and the EU are told of."""

    def __init__(self, **facts: Any) -> None:
        self.cases, reference, clock = InMemoryCases(), InMemoryReference(), SetClock(AT)
        self.decide = Decide(self.cases, reference, clock)
        self.downgrade = Downgrade(self.decide, self.cases, clock)
        self.nullify = Nullify(self.decide, self.cases, clock)
        self.open_case = OpenCase(self.cases, reference, clock)
        self.open_case(a_report("rep_1", sender=PARTNER, **facts))

    @property
    def case(self) -> Case:
        """The case that was opened first."""
        return next(iter(self.cases.heads.values()))

    @property
    def status(self) -> str:
        return self.case.status.value

    @property
    def version(self) -> CaseVersion:
        return self.cases.version(self.case, self.case.current.number)

    def approve(self) -> dict[str, CaseApproved]:
        """Approve; return what each destination is sent by it."""
        count = len(self.cases.outgoing.events)
        self.decide.approve(self.case.id, self.case.revision, SECOND, signing(SECOND), "complete")
        sent = [e.body(CaseApproved) for e in self.cases.outgoing.events[count:] if e.topic == CASE_APPROVED]
        return {body.destination.destination: body for body in sent}

    def hear(self, state: ObligationState, *destinations: str) -> None:
        """Let these destinations, or all, answer the newest approval."""
        for given in self.case.approvals:
            if given.version == self.case.current.number and given.destination in (destinations or (FDA, EU)):
                outcome = Outcome(approval_id=given.id, case_id=self.case.id, state=state)
                self.cases.heads[self.case.id] = told(self.case, outcome)

    def amend(self) -> None:
        number = self.case.current.number
        edits = [Edit("/reactions/0/onset", f"2026-11-{number:02}")]
        self.decide.amend(self.case.id, self.case.revision, FIRST, f"onset {number}", edits)

    def follow_up(self, report_id: str = "rep_2", **content: Any) -> None:
        receipt = a_receipt(received_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
        self.open_case(a_report(report_id, sender=PARTNER, receipt=receipt, content=a_content(**content)))

    def propose(self, why: str = WHY) -> Case:
        return self.nullify.propose(self.case.id, self.case.revision, FIRST, signing(FIRST), why)

    def void(self, why: str = WHY) -> None:
        self.propose(why)
        self.nullify.confirm(self.case.id, self.case.revision, SECOND, signing(SECOND), "agreed")

    def states(self) -> dict[str, list[ObligationState]]:
        return {name: [o.state for o in self.case.obligations if o.destination == name] for name in (FDA, EU)}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def amended(reason: str) -> Correction:
    return Correction(kind=CorrectionKind.AMENDMENT, reason=reason)


def test_an_amendment_says_so_where_an_earlier_version_was_accepted_and_nowhere_else(desk: Desk) -> None:
    assert {body.correction for body in desk.approve().values()} == {None}
    desk.hear(ACCEPTED, EU)
    desk.hear(REJECTED, FDA)  # not loaded: sending it again is a first report
    before = desk.version.snapshot
    desk.amend()
    sent = desk.approve()
    assert {name: body.correction for name, body in sent.items()} == {FDA: None, EU: amended("onset 1")}
    after = sent[EU].snapshot
    assert after.latest_information_on == before.latest_information_on
    assert after.first_received_on == before.first_received_on
    assert {body.safety_report_id for body in sent.values()} == {"DE-HELV-00000001"}


@pytest.mark.parametrize("state", [ObligationState.APPROVED, ObligationState.BUILT, SENT, ACCEPTED])
def test_what_is_on_its_way_is_amended_too(state: ObligationState, desk: Desk) -> None:
    desk.approve()
    desk.hear(state)
    desk.amend()
    assert {body.correction for body in desk.approve().values()} == {amended("onset 1")}


def test_what_has_news_that_its_destination_was_not_told_is_a_follow_up_though_amended(desk: Desk) -> None:
    desk.approve()
    desk.hear(ACCEPTED)
    desk.follow_up(narrative="Recovered.")
    desk.amend()
    assert {body.correction for body in desk.approve().values()} == {None}
    desk.hear(ACCEPTED)
    desk.amend()
    assert {body.correction for body in desk.approve().values()} == {amended("onset 3")}


def test_a_downgrade_is_an_amendment_whose_reason_names_nobody(desk: Desk) -> None:
    desk.approve()
    desk.hear(ACCEPTED)
    edits = [Edit("/reactions/0/criteria", ["other_medically_important"])]
    desk.downgrade.propose(desk.case.id, desk.case.revision, FIRST, signing(FIRST), "no admission", edits)
    desk.downgrade.confirm(desk.case.id, desk.case.revision, SECOND, signing(SECOND), "agreed")
    assert {body.correction for body in desk.approve().values()} == {amended("no admission")}
    assert desk.cases.audit[-2].reason == "no admission (proposed by dr.first); agreed"


def test_a_nullification_takes_two_persons_and_both_sign_it(desk: Desk) -> None:
    before = desk.propose()
    assert (before.versions[-1].number, before.status) == (1, Status.REVIEW)
    with pytest.raises(Refusal, match="another person"):
        desk.nullify.confirm(desk.case.id, desk.case.revision, FIRST, signing(FIRST), "mine")
    with pytest.raises(Refusal, match="A nullification is proposed"):
        desk.approve()
    with pytest.raises(Refusal, match="No downgrade is proposed"):
        desk.downgrade.decline(desk.case.id, desk.case.revision, SECOND, "no")
    desk.nullify.confirm(desk.case.id, desk.case.revision, SECOND, signing(SECOND), "agreed")
    version = desk.version
    assert (version.cause.kind, version.cause.reason) == (CauseKind.NULLIFICATION, WHY)
    assert [each.signer for each in version.cause.signatures] == ["dr.first", "dr.second"]
    assert version.snapshot.content == msgspec.structs.replace(
        desk.cases.version(desk.case, 1).snapshot.content, nullified=WHY
    )
    assert [entry.action for entry in desk.cases.audit][1:] == ["nullification.proposed", "nullification.confirmed"]


def test_a_nullification_is_declined_and_nothing_changes(desk: Desk) -> None:
    desk.propose()
    desk.nullify.decline(desk.case.id, desk.case.revision, SECOND, "there was")
    assert (desk.case.proposal, desk.case.current.number) == (None, 1)


def test_who_was_told_is_told_that_it_is_void_and_then_nothing_is_owed(desk: Desk) -> None:
    desk.approve()
    desk.hear(ACCEPTED)
    due = [(o.id, o.due) for o in desk.case.obligations]
    desk.void()
    assert {d.kind for d in desk.case.decisions if d.destination in {FDA, EU}} == {Kind.EXPEDITED}
    sent = desk.approve()
    void = Correction(kind=CorrectionKind.NULLIFICATION, reason=WHY)
    assert {name: body.correction for name, body in sent.items()} == {FDA: void, EU: void}
    assert {body.snapshot.latest_information_on for body in sent.values()} == {desk.version.clock_start}
    desk.hear(ACCEPTED, FDA)
    assert desk.status == "approved"
    desk.hear(ACCEPTED, EU)
    assert desk.status == "closed"
    assert desk.states() == {FDA: [ACCEPTED], EU: [ACCEPTED]}
    assert [(o.id, o.due) for o in desk.case.obligations] == due


def test_who_was_never_told_is_not_told_that_it_is_void_and_its_obligation_says_why(desk: Desk) -> None:
    desk.approve()
    desk.hear(ACCEPTED, EU)
    desk.hear(REJECTED, FDA)
    due = [(o.id, o.due) for o in desk.case.obligations]
    desk.void()
    decided = {d.destination: d for d in desk.version.decisions}
    assert decided.keys() == {d.destination for d in desk.cases.version(desk.case, 1).decisions}
    assert (decided[EU].kind, decided[FDA].kind) == (Kind.EXPEDITED, Kind.NONE)
    assert "never told" in decided[FDA].reason
    assert desk.approve().keys() == {EU}
    assert desk.states() == {FDA: [REJECTED], EU: [ACCEPTED]}
    desk.hear(ACCEPTED, EU)
    assert desk.states() == {FDA: [ObligationState.NULLIFIED], EU: [ACCEPTED]}
    assert ([(o.id, o.due) for o in desk.case.obligations], desk.case.due) == (due, None)
    assert desk.case.status is Status.CLOSED


@pytest.mark.parametrize("content", [{}, {"patient": None}])
def test_a_case_that_nobody_was_told_of_is_void_once_it_is_approved(content: dict[str, Any]) -> None:
    desk = Desk(content=a_content(**content))  # without a patient it is no valid case
    desk.void()
    assert desk.case.status is Status.REVIEW
    assert desk.approve() == {}
    assert (desk.case.status, desk.case.safety_report_id) == (Status.CLOSED, None)
    assert {state for states in desk.states().values() for state in states} <= {ObligationState.NULLIFIED}


def test_an_answer_to_an_earlier_version_settles_nothing_before_the_nullification_is_approved(desk: Desk) -> None:
    desk.approve()
    desk.hear(ACCEPTED, EU)
    desk.hear(SENT, FDA)
    given = next(a for a in desk.case.approvals if a.destination == FDA)
    desk.void()
    desk.cases.heads[desk.case.id] = told(
        desk.case, Outcome(approval_id=given.id, case_id=desk.case.id, state=REJECTED)
    )
    assert desk.states()[FDA] == [REJECTED]


def test_what_a_destination_rejects_is_nullified_anew_for_those_who_do_not_know_it(desk: Desk) -> None:
    desk.approve()
    desk.hear(ACCEPTED)
    desk.void()
    assert desk.approve().keys() == {FDA, EU}
    desk.hear(ACCEPTED, EU)
    desk.hear(REJECTED, FDA)
    with pytest.raises(Refusal, match="nullify anew what was rejected"):
        desk.approve()
    desk.void("There was no patient.")
    sent = desk.approve()
    assert {name: body.correction.reason for name, body in sent.items() if body.correction} == {
        FDA: "There was no patient."
    }
    desk.hear(ACCEPTED)
    assert desk.case.status is Status.CLOSED


def test_a_downgraded_destination_that_was_told_is_told_that_it_is_void(desk: Desk) -> None:
    desk.approve()
    desk.hear(ACCEPTED)
    edits = [Edit("/reactions/0/criteria", []), Edit("/reactions/0/serious", False)]
    desk.downgrade.propose(desk.case.id, desk.case.revision, FIRST, signing(FIRST), "a check-up", edits)
    desk.downgrade.confirm(desk.case.id, desk.case.revision, SECOND, signing(SECOND), "agreed")
    assert {d.kind for d in desk.case.decisions if d.destination == FDA} != {Kind.EXPEDITED}
    desk.void()
    assert desk.approve().keys() == {FDA, EU}


def test_a_nullified_case_is_not_changed_any_more(desk: Desk) -> None:
    desk.approve()
    desk.hear(ACCEPTED)
    desk.void()
    with pytest.raises(Refusal, match="nullified"):
        desk.amend()
    desk.approve()
    desk.hear(ACCEPTED)
    with pytest.raises(Refusal, match="nullified already"):
        desk.propose()


def test_a_nullification_is_no_amendment(desk: Desk) -> None:
    with pytest.raises(Refusal, match="two persons"):
        desk.decide.amend(desk.case.id, desk.case.revision, FIRST, "void", [Edit("/nullified", WHY)])


def test_what_no_message_could_be_built_of_is_amended_before_it_is_nullified(desk: Desk) -> None:
    desk.approve()
    desk.hear(ACCEPTED)
    desk.follow_up(reactions=(msgspec.structs.replace(a_content().reactions[0], verbatim="odd", criteria=()),))
    with pytest.raises(Refusal) as refused:
        desk.propose()
    assert {rule for _, rule, _ in refused.value.reasons} == {"E.i.2.1b-uncoded", "serious_criterion_not_stated"}


def test_a_report_to_a_nullified_case_opens_a_new_one_that_lists_the_ids_of_the_old(desk: Desk) -> None:
    desk.approve()
    desk.hear(ACCEPTED)
    desk.void()
    desk.follow_up()
    desk.follow_up("rep_3", narrative="Recovered.")
    void, new = desk.cases.heads.values()
    assert (void.current.number, new.current.number) == (2, 2)
    others = desk.cases.version(new, 1).snapshot.content.other_case_ids
    assert CaseIdentifier(source="Helvion", identifier="DE-HELV-00000001") in others
    approved = desk.decide.approve(new.id, new.revision, SECOND, signing(SECOND), "complete")
    assert approved.safety_report_id == "DE-HELV-00000002"
    bodies = [e.body(CaseApproved) for e in desk.cases.outgoing.events if e.subject == new.id]
    assert {body.correction for body in bodies} == {None}


def test_it_takes_a_new_worldwide_id_too(desk: Desk) -> None:
    desk = Desk(content=a_content(worldwide_case_id="JP-PARTNER-1", first_sender="other"))
    desk.approve()
    desk.hear(ACCEPTED)
    desk.void()
    desk.follow_up(worldwide_case_id="JP-PARTNER-1", first_sender="other")
    content = desk.cases.version(list(desk.cases.heads.values())[1], 1).snapshot.content
    assert (content.worldwide_case_id, content.first_sender) == (None, None)
    assert "JP-PARTNER-1" in {each.identifier for each in content.other_case_ids}


def test_a_proposal_of_before_nullifications_is_of_a_downgrade(desk: Desk) -> None:
    proposal = desk.propose().proposal
    assert proposal is not None
    assert proposal.kind is ProposalKind.NULLIFICATION
    stored = msgspec.to_builtins(proposal)
    del stored["kind"]
    assert msgspec.convert(stored, Proposal).kind is ProposalKind.DOWNGRADE


def test_an_approval_of_before_corrections_is_still_read(desk: Desk) -> None:
    desk.approve()
    event = next(e for e in desk.cases.outgoing.events if e.topic == CASE_APPROVED)
    del event.data["correction"]
    assert event.body(CaseApproved).correction is None
