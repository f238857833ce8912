"""What was sent is what was approved, byte for byte; a version waits while an earlier one is on its way."""

import msgspec
import pytest

from reporting.domain.records import Submission, SubmissionState
from reporting.ports import GatewayError
from reporting.submit import file_name
from shared.contracts import topics
from shared.contracts.submission_sent import SubmissionSent
from tests.unit.reporting.cases import EU, acknowledgement, approved, mild
from tests.unit.reporting.desk import Desk


def test_a_message_is_handed_over_as_it_was_built_and_told() -> None:
    desk = Desk()
    message = desk.built(approved())
    assert desk.send() == 1
    name = f"TEST_fda_post_marketing_{message.batch_number}.xml"
    assert desk.gateway.files == {name: message.content}
    submission = desk.submission(approved())
    assert (submission.state, submission.active) == (SubmissionState.SENT, True)
    [told] = desk.submissions.events
    assert (told.topic, told.answers) == (topics.SUBMISSION_SENT, None)
    assert told.body(SubmissionSent).file_name == name


def test_sending_again_sends_nothing() -> None:
    desk = Desk()
    desk.built(approved())
    assert [desk.send(), desk.send()] == [1, 0]


def test_a_crash_before_the_mark_costs_another_delivery_of_the_same_file() -> None:
    desk = Desk()
    message = desk.built(approved())
    desk.submit.promote()
    desk.gateway.hand_over(file_name(desk.submission(approved())), message.content)
    assert desk.send() == 1
    [delivery] = desk.submissions.deliveries
    assert (delivery.repeated, delivery.sha256) == (True, message.sha256)
    assert (len(desk.gateway.files), len(desk.submissions.kept)) == (1, 1)


def test_a_later_version_waits_for_the_answer_to_the_earlier_one() -> None:
    desk = Desk()
    first, second = approved(), approved(approval_id="apr_2", version=2)
    desk.built(second)
    message = desk.built(first)
    assert desk.send() == 1
    assert desk.send() == 0
    assert (desk.submission(first).active, desk.submission(second).active) == (True, False)
    desk.acknowledge("a.xml", acknowledgement(message.batch_number))
    assert desk.send() == 1
    assert (desk.submission(first).active, desk.submission(second).active) == (False, True)


def test_destinations_do_not_wait_for_one_another() -> None:
    desk = Desk()
    desk.built(approved())
    desk.built(approved(approval_id="apr_2", destination=EU, decision=mild().decision))
    assert desk.send() == 2


def test_a_gateway_that_is_away_is_tried_again() -> None:
    desk = Desk()
    desk.built(approved())
    desk.gateway.fault = GatewayError("full")
    desk.submit.promote()
    sent, faults = desk.submit.hand_over()
    assert (sent, [str(fault) for fault in faults]) == (0, ["full"])
    assert desk.submission(approved()).state is SubmissionState.WAITING
    assert desk.send() == 1


def test_a_message_that_cannot_go_waits_for_a_person_and_is_not_overtaken() -> None:
    desk = Desk()
    desk.built(approved())
    desk.built(approved(approval_id="apr_2", version=2))
    desk.gateway.fault = GatewayError("another file lies there", permanent=True)
    assert desk.send() == 0
    submission = desk.submission(approved())
    assert (submission.state, submission.active) == (SubmissionState.FAILED, True)
    assert desk.submissions.faults == {submission.submission_id: "another file lies there"}
    assert desk.send() == 0


def test_bytes_that_are_not_those_that_were_built_are_never_handed_over() -> None:
    desk = Desk()
    message = desk.built(approved())
    desk.messages.messages["apr_1"] = msgspec.structs.replace(message, content=message.content + b" ")
    assert desk.send() == 0
    assert desk.gateway.files == {}
    assert desk.submission(approved()).state is SubmissionState.FAILED


@pytest.mark.parametrize(
    ("test", "destination", "expected"),
    [(True, "fda_ind", "TEST_fda_ind_bat_1.xml"), (False, "../etc/x y", "---etc-x-y_bat_1.xml")],
)
def test_file_names_stay_in_their_folder(test: bool, destination: str, expected: str) -> None:
    desk = Desk()
    desk.built(approved())
    submission: Submission = desk.submission(approved())
    renamed = msgspec.structs.replace(submission, test=test, destination=destination, batch_number="bat_1")
    assert file_name(renamed) == expected
