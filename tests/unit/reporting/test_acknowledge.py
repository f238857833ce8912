"""One destination's acknowledgement closes only its own obligation (DOMAIN 21); what matches nothing stays in sight."""

import pytest

from reporting.acknowledge import TooEarly
from reporting.domain.records import AcknowledgementState, Message, ReceivedAcknowledgement, SubmissionState
from shared.contracts import topics
from shared.contracts.submission_acknowledged import AcknowledgementOutcome, SubmissionAcknowledged
from shared.icsr.api import MessageCode, TransmissionCode
from tests.unit.reporting.cases import C_1_1, EU, SPONSOR, acknowledgement, approved, mild
from tests.unit.reporting.desk import Desk

APPLIED, REPEATED = AcknowledgementState.APPLIED, AcknowledgementState.REPEATED
UNMATCHED, CONFLICT = AcknowledgementState.UNMATCHED, AcknowledgementState.CONFLICT


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def sent(desk: Desk) -> Message:
    message = desk.built(approved())
    desk.send()
    return message


def only(desk: Desk) -> ReceivedAcknowledgement:
    [kept] = desk.acknowledgements.kept.values()
    return kept


def test_an_acceptance_closes_its_submission(desk: Desk, sent: Message) -> None:
    assert desk.acknowledge("a.xml", acknowledgement(sent.batch_number)) is APPLIED
    submission = desk.submission(approved())
    assert (submission.state, submission.active) == (SubmissionState.ACCEPTED, False)
    told = desk.submissions.events[-1]
    assert told.topic == topics.SUBMISSION_ACKNOWLEDGED
    body = told.body(SubmissionAcknowledged)
    assert (body.outcome, body.errors, body.local_report_number) == (AcknowledgementOutcome.ACCEPTED, (), "FDA-77")
    assert (only(desk).sponsor, only(desk).submission_id) == (SPONSOR, submission.submission_id)


@pytest.mark.parametrize("comment", ["1. C.2.r.4 missing\n2. another", None])
def test_a_rejection_tells_the_errors(desk: Desk, sent: Message, comment: str | None) -> None:
    answer = acknowledgement(
        sent.batch_number, MessageCode.REJECTED, transmission=TransmissionCode.REJECTED, comment=comment
    )
    assert desk.acknowledge("a.xml", answer) is APPLIED
    body = desk.submissions.events[-1].body(SubmissionAcknowledged)
    assert (body.outcome, body.errors) == (AcknowledgementOutcome.REJECTED, (comment,) if comment else ())


def test_a_batch_that_could_not_be_parsed_is_a_rejection(desk: Desk, sent: Message) -> None:
    answer = acknowledgement(sent.batch_number, None, None, TransmissionCode.REJECTED)
    assert desk.acknowledge("a.xml", answer) is APPLIED
    assert desk.submission(approved()).state is SubmissionState.REJECTED


def test_one_destination_closes_only_its_own(desk: Desk, sent: Message) -> None:
    eu = approved(approval_id="apr_2", destination=EU, decision=mild().decision)
    desk.built(eu)
    desk.send()
    desk.acknowledge("a.xml", acknowledgement(sent.batch_number))
    assert desk.submission(approved()).state is SubmissionState.ACCEPTED
    assert (desk.submission(eu).state, desk.submission(eu).active) == (SubmissionState.SENT, True)


def test_the_same_bytes_again_change_nothing(desk: Desk, sent: Message) -> None:
    answer = acknowledgement(sent.batch_number)
    assert [desk.acknowledge("a.xml", answer), desk.acknowledge("b.xml", answer)] == [APPLIED, APPLIED]
    assert len(desk.submissions.events) == 2
    assert only(desk).file_name == "a.xml"


def test_the_same_verdict_again_is_a_repetition(desk: Desk, sent: Message) -> None:
    desk.acknowledge("a.xml", acknowledgement(sent.batch_number))
    assert desk.acknowledge("b.xml", acknowledgement(sent.batch_number, ack_batch_number="ACK-2")) is REPEATED
    assert len(desk.submissions.events) == 2


def test_another_verdict_is_kept_as_a_conflict_and_changes_nothing(desk: Desk, sent: Message) -> None:
    desk.acknowledge("a.xml", acknowledgement(sent.batch_number))
    assert desk.acknowledge("b.xml", acknowledgement(sent.batch_number, MessageCode.REJECTED)) is CONFLICT
    assert desk.submission(approved()).state is SubmissionState.ACCEPTED
    assert len(desk.submissions.events) == 2


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"", "unreadable: "),
        (b"<a", "unreadable: "),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "unreadable: "),
        (b"<html/>", "unreadable: The file is a 'html'"),
        (acknowledgement("bat_unknown"), "names no batch of ours"),
    ],
)
def test_what_answers_nothing_is_kept_unmatched(desk: Desk, sent: Message, answer: bytes, reason: str) -> None:
    assert desk.acknowledge("a.xml", answer) is UNMATCHED
    assert only(desk).reason.startswith(reason)
    assert (only(desk).content, only(desk).sponsor, only(desk).submission_id) == (answer, "unassigned", None)
    assert desk.submission(approved()).state is SubmissionState.SENT


@pytest.mark.parametrize(
    ("code", "message_number", "transmission"),
    [
        (MessageCode.ACCEPTED, "US-ASTERIA-99999999", TransmissionCode.ACCEPTED),
        (MessageCode.REJECTED, "US-ASTERIA-99999999", TransmissionCode.REJECTED),
        (None, None, TransmissionCode.ACCEPTED),
    ],
)
def test_an_answer_that_does_not_name_our_report_is_unmatched(
    desk: Desk, sent: Message, code: MessageCode | None, message_number: str | None, transmission: TransmissionCode
) -> None:
    answer = acknowledgement(sent.batch_number, code, message_number, transmission)
    assert desk.acknowledge("a.xml", answer) is UNMATCHED
    assert only(desk).submission_id == desk.submission(approved()).submission_id


def r2(batch_number: str, report: str, code: str = "02", batch_code: str = "02") -> bytes:
    """A destination's answer in the form that FDA and others use beside R3's."""
    return (
        '<!DOCTYPE ichicsrack SYSTEM "ich-icsrack-v1_1.dtd"><ichicsrack><acknowledgment><messageacknowledgment>'
        f"<icsrmessagenumb>{batch_number}</icsrmessagenumb>"
        f"<transmissionacknowledgmentcode>{batch_code}</transmissionacknowledgmentcode></messageacknowledgment>"
        f"<reportacknowledgment><safetyreportid>{report}</safetyreportid><localreportnumb>L-1</localreportnumb>"
        f"<reportacknowledgmentcode>{code}</reportacknowledgmentcode>"
        "<errormessagecomment>reporttype is missing</errormessagecomment></reportacknowledgment>"
        "</acknowledgment></ichicsrack>"
    ).encode()


def test_an_r2_answer_is_matched_on_batch_number_and_case_too(desk: Desk, sent: Message) -> None:
    assert desk.acknowledge("a.xml", r2(sent.batch_number, C_1_1)) is APPLIED
    body = desk.submissions.events[-1].body(SubmissionAcknowledged)
    assert (body.outcome, body.errors) == (AcknowledgementOutcome.REJECTED, ("reporttype is missing",))
    assert body.local_report_number == "L-1"


@pytest.mark.parametrize(
    ("report", "code", "batch_code"), [("US-ASTERIA-99999999", "02", "02"), (C_1_1, "9", "02"), (C_1_1, "", "01")]
)
def test_an_r2_answer_that_concludes_nothing_waits_for_a_person(
    desk: Desk, sent: Message, report: str, code: str, batch_code: str
) -> None:
    assert desk.acknowledge("a.xml", r2(sent.batch_number, report, code, batch_code)) is UNMATCHED
    assert desk.submission(approved()).state is SubmissionState.SENT


def test_an_answer_as_fda_writes_it_is_applied(desk: Desk, sent: Message) -> None:
    """Without creationTime, which the schema demands, and rejected as a whole for one message's fault."""
    text = "Safety report not loaded;\nRejections:\n1: Data value required for tag C.3.1."
    answer = acknowledgement(
        sent.batch_number, MessageCode.REJECTED, transmission=TransmissionCode.REJECTED, comment=text
    )
    assert desk.acknowledge("a.ack", answer.replace(b'<creationTime value="20260312120000+0000"/>', b"")) is APPLIED
    assert desk.submissions.events[-1].body(SubmissionAcknowledged).errors == (text,)


def test_a_rejected_batch_is_rejected_whatever_is_said_of_the_message(desk: Desk, sent: Message) -> None:
    answer = acknowledgement(sent.batch_number, transmission=TransmissionCode.REJECTED)
    assert desk.acknowledge("a.xml", answer) is APPLIED
    assert desk.submission(approved()).state is SubmissionState.REJECTED


def test_an_answer_during_the_hand_over_is_brought_again(desk: Desk) -> None:
    message = desk.built(approved())
    desk.submit.promote()
    with pytest.raises(TooEarly):
        desk.acknowledge("a.xml", acknowledgement(message.batch_number))
    assert desk.acknowledgements.kept == {}
    desk.send()
    assert desk.acknowledge("a.xml", acknowledgement(message.batch_number)) is APPLIED


def test_an_answer_to_what_was_never_sent_is_unmatched_until_it_is(desk: Desk) -> None:
    message = desk.built(approved())
    assert desk.acknowledge("a.xml", acknowledgement(message.batch_number)) is UNMATCHED
    desk.send()
    assert desk.acknowledge("a.xml", acknowledgement(message.batch_number)) is APPLIED


def test_a_crash_between_applying_and_noting_is_repaired(desk: Desk, sent: Message) -> None:
    answer = acknowledgement(sent.batch_number)
    desk.acknowledge("a.xml", answer)
    kept = only(desk)
    desk.acknowledgements.kept[kept.sha256] = desk.acknowledgements.history[-2]
    assert desk.acknowledge("a.xml", answer) is APPLIED
    assert len(desk.submissions.events) == 2
