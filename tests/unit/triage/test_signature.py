"""A signature names signer, moment and meaning, and is bound to its record (21 CFR 11.50, 11.70, 11.200(a)(2))."""

from typing import Any

import msgspec
import pytest

from shared.clock import SetClock
from shared.contracts.case_approved import CaseApproved
from shared.contracts.topics import CASE_APPROVED
from tests.builders import a_content, a_reaction, a_report
from tests.unit.triage.fakes import InMemoryCases, InMemoryReference
from tests.unit.triage.signing import AT, signing
from triage.decide import Actor, Decide
from triage.domain.amendment import Edit
from triage.domain.case import Case, CaseVersion
from triage.domain.refusal import Refusal
from triage.domain.signature import content_hash, holds
from triage.open_case import OpenCase

PHYSICIAN = Actor(name="dr.test", authentication="password+totp", scopes=("helvion",))
OTHER = Actor(name="dr.other", authentication="password+totp", scopes=("helvion",))


class Desk:
    """A case that may be approved."""

    def __init__(self) -> None:
        self.cases, reference, clock = InMemoryCases(), InMemoryReference(), SetClock(AT)
        self.decide = Decide(self.cases, reference, clock)
        OpenCase(self.cases, reference, clock)(a_report())

    @property
    def case(self) -> Case:
        return next(iter(self.cases.heads.values()))

    def version(self, number: int) -> CaseVersion:
        return self.cases.version(self.case, number)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_approval_is_signed_with_name_moment_and_meaning_and_sent_on_with_it(desk: Desk) -> None:
    case = desk.decide.approve(desk.case.id, 1, PHYSICIAN, signing(PHYSICIAN), "complete")
    (signed,) = case.signatures
    said = signed.signature
    assert (said.signer, said.full_name, said.meaning, said.at) == ("dr.test", "Dr.Test", "approval", AT)
    assert said.components == ("password", "totp")
    assert (signed.version, said.sha256) == (1, content_hash(desk.version(1)))
    assert {one.approval.signature for one in case.approvals} == {said}
    sent = [event.body(CaseApproved) for event in desk.cases.outgoing.events if event.topic == CASE_APPROVED]
    assert {body.approval.signature for body in sent} == {said}
    assert desk.cases.audit[-1].signature == said.signature_id


def test_nobody_signs_for_another(desk: Desk) -> None:
    with pytest.raises(Refusal, match="Nobody signs for another"):
        desk.decide.approve(desk.case.id, 1, PHYSICIAN, signing(OTHER), "complete")
    assert desk.case.signatures == ()
    assert len(desk.cases.audit) == 1


def test_a_signature_stays_valid_and_readable_when_a_later_unsigned_version_is_made(desk: Desk) -> None:
    desk.decide.approve(desk.case.id, 1, PHYSICIAN, signing(PHYSICIAN), "complete")
    desk.decide.amend(desk.case.id, 2, PHYSICIAN, "onset known", [Edit("/reactions/0/onset", "2026-11-20")])
    (signed,) = desk.case.signatures
    assert (signed.version, desk.case.current.number) == (1, 2)
    assert holds(signed.signature, desk.version(1))


def test_a_signature_copied_to_another_version_does_not_hold(desk: Desk) -> None:
    desk.decide.approve(desk.case.id, 1, PHYSICIAN, signing(PHYSICIAN), "complete")
    desk.decide.amend(desk.case.id, 2, PHYSICIAN, "onset known", [Edit("/reactions/0/onset", "2026-11-20")])
    assert not holds(desk.case.signatures[0].signature, desk.version(2))


def changed_snapshot(version: CaseVersion, **changes: Any) -> CaseVersion:
    return msgspec.structs.replace(version, snapshot=msgspec.structs.replace(version.snapshot, **changes))


def test_whatever_of_a_signed_version_is_changed_the_signature_holds_no_more(desk: Desk) -> None:
    version = desk.version(1)
    signature = desk.decide.approve(desk.case.id, 1, PHYSICIAN, signing(PHYSICIAN), "complete").signatures[0].signature
    other = a_content(reactions=(a_reaction(verbatim="Another"),))
    decision = msgspec.structs.replace(version.decisions[0], rule_id="ANOTHER")
    tampered = [
        changed_snapshot(version, content=other),
        changed_snapshot(version, sponsor="another"),
        msgspec.structs.replace(version, decisions=(decision, *version.decisions[1:])),
        msgspec.structs.replace(version, decisions=version.decisions[1:]),
    ]
    assert [holds(signature, each) for each in tampered] == [False] * 4
    assert holds(signature, version)
