"""One approval is one transmission attempt: exactly one message, or one block by name (DOMAIN 21)."""

import msgspec
import pytest

from reporting.domain.records import SubmissionState
from shared.contracts import topics
from shared.contracts.case_approved import Correction, CorrectionKind
from shared.contracts.envelope import ContractError
from shared.contracts.message_built import BuildOutcome, MessageBuilt
from shared.icsr.api import MessageCode, TransmissionCode
from shared.ids import sha256
from tests.unit.reporting.cases import (
    EU,
    acknowledgement,
    approved,
    event,
    mild,
    with_content,
    with_drug,
    with_reaction,
)
from tests.unit.reporting.desk import Desk

AMENDED = Correction(kind=CorrectionKind.AMENDMENT, reason="recoded")


def test_an_approval_becomes_a_message_its_submission_and_an_answer() -> None:
    desk = Desk()
    message = desk.built(approved())
    assert sha256(message.content) == message.sha256
    submission = desk.submission(approved())
    assert (submission.state, submission.active) == (SubmissionState.WAITING, False)
    assert (submission.message_id, submission.sha256) == (message.message_id, message.sha256)
    [answer] = desk.messages.answers
    assert (answer.topic, answer.answers, answer.subject) == (topics.MESSAGE_BUILT, "apr_1", "case_1")
    body = answer.body(MessageBuilt)
    assert (body.outcome, body.message_id, body.sha256) == (BuildOutcome.BUILT, message.message_id, message.sha256)
    assert (body.batch_number, body.schema_checked, body.issues) == (message.batch_number, False, ())


@pytest.mark.parametrize("rejected", [False, True])
def test_a_correction_of_what_was_never_loaded_is_blocked(rejected: bool) -> None:
    desk = Desk()
    if rejected:
        first = desk.built(approved())
        desk.send()
        answer = acknowledgement(first.batch_number, MessageCode.REJECTED, transmission=TransmissionCode.REJECTED)
        desk.acknowledge("r.ack", answer)
    blocked = desk.blocked(approved(approval_id="apr_2", version=2, correction=AMENDED))
    assert [issue.rule_id for issue in blocked.issues] == ["FDA.R0101"]


def test_a_correction_of_what_is_on_its_way_is_built() -> None:
    desk = Desk()
    desk.built(approved())
    assert b"recoded" in desk.built(approved(approval_id="apr_2", version=2, correction=AMENDED)).content


def test_an_uncoded_reaction_is_blocked_and_has_no_submission() -> None:
    desk = Desk()
    desk.blocked(approved(with_reaction(coding=None)))
    assert desk.submissions.kept == {}
    body = desk.messages.answers[0].body(MessageBuilt)
    assert (body.outcome, body.message_id) == (BuildOutcome.BLOCKED, None)
    assert [issue.rule_id for issue in body.issues] == ["uncoded_reaction"]


def test_what_a_rule_of_the_guide_forbids_is_blocked_with_its_cure() -> None:
    blocked = Desk().blocked(approved(with_drug(name="x" * 251)))
    [issue] = blocked.issues
    assert issue.element_id == "G.k.2.2"
    assert "Shorten it to 250 characters" in issue.words


def test_fda_without_its_report_type_is_blocked() -> None:
    decision = msgspec.structs.replace(approved().decision, local_criteria_report_type=None)
    issues = Desk().blocked(approved(decision=decision)).issues
    assert [issue.element_id for issue in issues] == ["FDA.C.1.7.1"]


def test_an_approval_that_comes_again_changes_nothing_and_is_answered_again() -> None:
    desk = Desk()
    first = desk.built(approved())
    assert desk.built(approved()) == first
    assert len(desk.messages.answers) == 1
    assert desk.messages.asked_again == ["apr_1"]


def test_a_block_that_comes_again_stays_blocked() -> None:
    desk = Desk()
    body = approved(with_reaction(coding=None))
    assert desk.blocked(body) == desk.blocked(body)
    assert desk.messages.asked_again == ["apr_1"]


def test_a_submission_lost_in_a_crash_is_opened_when_the_approval_comes_again() -> None:
    desk = Desk()
    desk.built(approved())
    desk.submissions.kept.clear()
    desk.built(approved())
    assert desk.submission(approved()).state is SubmissionState.WAITING


def test_an_approval_under_another_event_is_refused() -> None:
    desk = Desk()
    desk.built(approved())
    with pytest.raises(ContractError, match="handled under another event"):
        desk.build(msgspec.structs.replace(event(approved()), id="evt_other"))


@pytest.mark.parametrize("sponsor", ["someone_else", ""])
def test_an_event_of_another_sponsor_is_refused(sponsor: str) -> None:
    with pytest.raises(ContractError, match="different sponsors"):
        Desk().build(msgspec.structs.replace(event(approved()), sponsor=sponsor))


def test_creation_increases_for_each_case_and_destination() -> None:
    desk = Desk()
    first = desk.built(approved())
    second = desk.built(approved(approval_id="apr_2", version=2))
    elsewhere = desk.built(approved(approval_id="apr_3", destination=EU, decision=mild().decision))
    assert (second.created - first.created).total_seconds() == 1
    assert elsewhere.created == first.created


def test_a_narrative_that_nobody_gave_does_not_stop_a_message() -> None:
    assert b"No narrative was received." in Desk().built(approved(with_content(narrative=None))).content
