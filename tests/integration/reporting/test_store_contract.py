"""The stores in memory, which the use cases are tested on, promise what MongoDB's do: one test for both."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from reporting.build import submission_of
from reporting.domain import events
from reporting.domain.answer import answer_to
from reporting.domain.records import (
    AcknowledgementState,
    Blocked,
    Delivery,
    History,
    Message,
    ReceivedAcknowledgement,
    Submission,
    SubmissionState,
)
from reporting.domain.trail import entry_for
from reporting.ports import Acknowledgements, Messages, Submissions, Taken
from reporting.store.acknowledgements import MongoAcknowledgements
from reporting.store.messages import MongoMessages
from reporting.store.submissions import MongoSubmissions
from shared.contracts.message_built import BuildIssue
from shared.icsr.api import read_acknowledgement
from shared.ids import sha256
from tests.unit.reporting.cases import EU, NOW, SPONSOR, acknowledgement, approved, event, mild
from tests.unit.reporting.fakes import FakeAcknowledgements, FakeMessages, FakeSubmissions

AUDIT = entry_for(SPONSOR, "subject", "action", "reason", NOW)
CREATED = NOW.replace(microsecond=0)


@dataclass(frozen=True)
class Stores:
    messages: Messages
    submissions: Submissions
    acknowledgements: Acknowledgements


@pytest.fixture(params=["memory", "mongodb"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        submissions = FakeSubmissions()
        return Stores(FakeMessages(submissions), submissions, FakeAcknowledgements())
    database = request.getfixturevalue("database")
    return Stores(MongoMessages(database), MongoSubmissions(database), MongoAcknowledgements(database))


def message(number: int = 1, **changes: Any) -> Message:
    """A message whose approval, version and creation follow ``number``."""
    body = approved(approval_id=f"apr_{number}", version=number, **changes)
    return Message(
        message_id=f"msg_{number}",
        approval=body,
        batch_number=f"bat_{number}",
        created=CREATED + timedelta(seconds=number),
        content=b"<a/>",
        sha256=sha256(b"<a/>"),
        schema_checked=False,
        built_at=NOW,
    )


def add(stores: Stores, built: Message) -> None:
    stores.messages.add(built, events.built(built, event(built.approval)), AUDIT)


def opened(stores: Stores, number: int = 1, **changes: Any) -> Submission:
    submission = submission_of(message(number, **changes))
    stores.submissions.open(submission, AUDIT)
    return submission


def sent(stores: Stores, submission: Submission) -> Submission:
    assert stores.submissions.activate(submission, AUDIT)
    delivery = Delivery(at=NOW, file_name="a.xml", sha256=submission.sha256, repeated=False)
    stores.submissions.mark_sent(submission, delivery, events.sent(submission, delivery), AUDIT)
    return now(stores, submission)


def now(stores: Stores, submission: Submission) -> Submission:
    found = stores.submissions.of_batch(submission.batch_number)
    assert found is not None
    return found


def received(content: bytes = b"ack") -> ReceivedAcknowledgement:
    return ReceivedAcknowledgement(
        acknowledgement_id="ack_1",
        sponsor=SPONSOR,
        file_name="a.xml",
        content=content,
        sha256=sha256(content),
        received_at=NOW,
        state=AcknowledgementState.RECEIVED,
        reason="matched",
        submission_id="sub_1",
    )


def close(stores: Stores, submission: Submission) -> bool:
    answer = answer_to(submission, read_acknowledgement(acknowledgement(submission.batch_number)))
    assert answer is not None
    return stores.submissions.close(submission, received(), events.acknowledged(submission, answer, NOW), AUDIT)


def test_a_message_is_kept_once_and_read_back_equal(stores: Stores) -> None:
    add(stores, message())
    add(stores, msgspec.structs.replace(message(), content=b"<b/>"))
    assert stores.messages.of_approval(SPONSOR, "apr_1") == message()
    assert stores.messages.content(SPONSOR, "msg_1") == b"<a/>"


def test_another_sponsor_sees_nothing(stores: Stores) -> None:
    add(stores, message())
    assert stores.messages.of_approval("other", "apr_1") is None
    assert stores.messages.history("other", "case_1", "fda_post_marketing") == History()
    with pytest.raises(LookupError):
        stores.messages.content("other", "msg_1")


def test_two_messages_of_a_case_never_share_their_creation_at_one_destination(stores: Stores) -> None:
    add(stores, message())
    with pytest.raises(Taken):
        add(stores, msgspec.structs.replace(message(2), created=message().created))
    elsewhere = message(3, destination=EU, decision=mild().decision)
    add(stores, msgspec.structs.replace(elsewhere, created=message().created))
    assert stores.messages.of_approval(SPONSOR, "apr_2") is None


def test_a_block_is_kept_once_and_read_back_equal(stores: Stores) -> None:
    issue = BuildIssue(rule_id="uncoded_reaction", element_id="E.i.2.1b", words="code it")
    blocked = Blocked(approval=approved(), issues=(issue,), built_at=NOW)
    for build in (blocked, msgspec.structs.replace(blocked, issues=())):
        stores.messages.add_blocked(build, events.blocked(build, event(approved())), AUDIT)
    assert stores.messages.of_approval(SPONSOR, "apr_1") == blocked


def test_the_answer_is_asked_for_by_its_question(stores: Stores) -> None:
    add(stores, message())
    assert [stores.messages.answer_again(each, NOW) for each in ("apr_1", "apr_9")] == [True, False]


def test_history_tells_the_newest_creation_and_what_was_accepted(stores: Stores) -> None:
    for number in (1, 2):
        add(stores, message(number))
    assert close(stores, sent(stores, opened(stores)))
    expected = History(last_created=CREATED + timedelta(seconds=2), is_told=True)
    assert stores.messages.history(SPONSOR, "case_1", "fda_post_marketing") == expected
    assert stores.messages.history(SPONSOR, "case_1", "eu_post_marketing") == History()


def test_a_submission_is_opened_once(stores: Stores) -> None:
    submission = sent(stores, opened(stores))
    opened(stores)
    assert now(stores, submission).state is SubmissionState.SENT


def test_the_oldest_version_of_each_place_waits_in_front(stores: Stores) -> None:
    later, earlier = opened(stores, 2), opened(stores, 1)
    elsewhere = opened(stores, 3, destination=EU, decision=mild().decision)
    assert list(stores.submissions.waiting()) == [earlier, elsewhere]
    assert stores.submissions.activate(earlier, AUDIT)
    assert list(stores.submissions.waiting()) == [later, elsewhere]


def test_one_is_active_at_a_place(stores: Stores) -> None:
    first, second = opened(stores, 1), opened(stores, 2)
    elsewhere = opened(stores, 3, destination=EU, decision=mild().decision)
    assert [stores.submissions.activate(each, AUDIT) for each in (first, first, second, elsewhere)] == [
        True,
        False,
        False,
        True,
    ]
    assert [each.submission_id for each in stores.submissions.to_hand_over()] == [
        first.submission_id,
        elsewhere.submission_id,
    ]


def test_what_is_sent_or_failed_is_not_handed_over_again(stores: Stores) -> None:
    sent(stores, opened(stores))
    failed = opened(stores, 2, destination=EU, decision=mild().decision)
    assert stores.submissions.activate(failed, AUDIT)
    stores.submissions.mark_failed(failed, "another file lies there", AUDIT)
    assert list(stores.submissions.to_hand_over()) == []
    assert (now(stores, failed).state, now(stores, failed).active) == (SubmissionState.FAILED, True)


def test_what_is_not_active_is_not_marked(stores: Stores) -> None:
    submission = opened(stores)
    delivery = Delivery(at=NOW, file_name="a.xml", sha256=submission.sha256, repeated=False)
    stores.submissions.mark_sent(submission, delivery, events.sent(submission, delivery), AUDIT)
    stores.submissions.mark_failed(submission, "words", AUDIT)
    assert now(stores, submission) == submission


def test_what_is_sent_is_closed_once(stores: Stores) -> None:
    submission = opened(stores)
    assert not close(stores, submission)
    submission = sent(stores, submission)
    assert [close(stores, submission), close(stores, submission)] == [True, False]
    closed = now(stores, submission)
    assert (closed.state, closed.outcome, closed.active) == (SubmissionState.ACCEPTED, "accepted", False)


def test_an_unknown_batch_is_nobodys(stores: Stores) -> None:
    opened(stores)
    assert stores.submissions.of_batch("bat_9") is None


def test_an_acknowledgement_is_kept_once_with_its_newest_state(stores: Stores) -> None:
    assert stores.acknowledgements.find(received().sha256) is None
    applied = msgspec.structs.replace(received(), state=AcknowledgementState.APPLIED)
    for state in (received(), applied):
        stores.acknowledgements.keep(state, AUDIT)
    assert stores.acknowledgements.find(received().sha256) == applied
