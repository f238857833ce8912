"""Every approved expedited decision has one message per attempt and at most one active submission (DOMAIN 21)."""

from datetime import timedelta

import pytest

from reporting.submit import file_name
from shared.contracts import topics
from shared.icsr.api import MessageCode, TransmissionCode
from shared.ids import sha256
from tests.integration.reporting.office import Office
from tests.unit.reporting.cases import EU, acknowledgement, approved, event, mild, with_reaction


def test_redelivery_changes_nothing_and_asks_for_the_answer_again(office: Office) -> None:
    first = office.built(approved())
    row = office.database["messages"].find_one({}, {"outbox": 0})
    outbox = office.messages.outboxes[0]
    outbox.confirm(office.database["messages"].distinct("outbox.event.id")[0], office.clock.now())
    assert list(outbox.due(office.clock.now())) == []
    office.clock.advance(timedelta(minutes=1))
    assert office.built(approved()) == first
    assert office.database["messages"].find_one({}, {"outbox": 0}) == row
    [pending] = outbox.due(office.clock.now())
    assert (pending.event.topic, pending.event.answers) == (topics.MESSAGE_BUILT, "apr_1")
    assert office.database["submissions"].count_documents({}) == 1


def test_redelivery_of_a_block_changes_nothing(office: Office) -> None:
    body = approved(with_reaction(coding=None))
    for _ in range(2):
        office.build(event(body))
    assert office.database["blocked_builds"].count_documents({}) == 1
    assert office.database["messages"].count_documents({}) == 0
    assert office.database["submissions"].count_documents({}) == 0


def test_a_crash_between_message_and_submission_is_repaired_by_redelivery(office: Office) -> None:
    message = office.built(approved())
    office.database["submissions"].delete_many({})  # as if killed before it was written
    assert office.send() == 0
    assert office.built(approved()) == message
    office.send()
    assert list(office.files().values()) == [message.content]


def test_a_crash_between_file_and_mark_is_another_delivery_of_one_submission(office: Office) -> None:
    message = office.built(approved())
    office.submit.promote()
    [submission] = office.submissions.to_hand_over()
    name = file_name(submission)
    (office.outgoing / name).write_bytes(message.content)  # as if killed before the mark
    office.send()
    assert office.files() == {name: message.content}
    row = office.row("apr_1")
    assert (row["state"], [delivery["repeated"] for delivery in row["deliveries"]]) == ("sent", [True])
    assert row["deliveries"][0]["sha256"] == sha256(message.content)
    assert [entry["event"]["topic"] for entry in row["outbox"]] == [topics.SUBMISSION_SENT]


def test_the_file_is_named_for_its_test_destination_and_written_once(office: Office) -> None:
    message = office.built(approved())
    office.send()
    office.send()
    assert office.files() == {f"TEST_fda_post_marketing_{message.batch_number}.xml": message.content}


def test_bytes_changed_in_the_store_never_reach_the_folder(office: Office) -> None:
    office.built(approved())
    office.database["messages"].update_one({}, {"$set": {"content": b"<changed/>"}})
    office.send()
    assert office.files() == {}
    row = office.row("apr_1")
    assert (row["state"], row["active"]) == ("failed", True)
    assert "restore it" in row["fault"]["words"]


def test_a_second_version_waits_for_the_answer_to_the_first(office: Office) -> None:
    second = office.built(approved(approval_id="apr_2", version=2))
    first = office.built(approved())
    office.send()
    office.send()
    assert office.active() == ["apr_1"]
    assert office.row("apr_2")["state"] == "waiting"
    office.answer("a.xml", acknowledgement(first.batch_number))
    office.collect()
    assert office.active() == []
    office.send()
    assert office.active() == ["apr_2"]
    assert sorted(office.files().values()) == sorted([first.content, second.content])


def test_many_attempts_are_never_active_together(office: Office) -> None:
    messages = [office.built(approved(approval_id=f"apr_{n}", version=n)) for n in range(1, 6)]
    created = [message.created for message in messages]
    assert created == sorted(set(created))
    for number, message in enumerate(messages, 1):
        office.send()
        assert office.active() == [f"apr_{number}"]
        office.answer(f"{number}.xml", acknowledgement(message.batch_number))
        office.collect()


def test_a_rejected_message_is_corrected_sent_again_and_accepted(office: Office) -> None:
    first = office.built(approved())
    office.send()
    rejected = acknowledgement(
        first.batch_number, MessageCode.REJECTED, transmission=TransmissionCode.REJECTED, comment="D.5 missing"
    )
    office.answer("r.ack", rejected)
    office.collect()
    row = office.row("apr_1")
    assert (row["state"], row["active"], row["acknowledgement"]["errors"]) == ("rejected", False, ["D.5 missing"])
    second = office.built(approved(approval_id="apr_2", version=2))
    office.send()
    office.answer("a.ack", acknowledgement(second.batch_number, ack_batch_number="ACK-2"))
    office.collect()
    assert [office.row(each)["state"] for each in ("apr_1", "apr_2")] == ["rejected", "accepted"]
    topics_told = [entry["event"]["topic"] for entry in office.row("apr_2")["outbox"]]
    assert topics_told == [topics.SUBMISSION_SENT, topics.SUBMISSION_ACKNOWLEDGED]


@pytest.mark.parametrize(("days", "amendment"), [(0, True), (1, False)])
def test_only_what_changes_without_news_is_an_amendment(office: Office, days: int, amendment: bool) -> None:
    first = office.built(approved())
    office.send()
    office.answer("a.ack", acknowledgement(first.batch_number))
    office.collect()
    latest = approved().snapshot.latest_information_on + timedelta(days=days)
    second = office.built(approved(approval_id="apr_2", version=2, latest_information_on=latest))
    assert (b"Assessed and complete" in second.content) is amendment
    elsewhere = approved(approval_id="apr_3", version=2, destination=EU, decision=mild().decision)
    assert b"Assessed and complete" not in office.built(elsewhere).content


def test_the_answer_of_one_destination_leaves_the_other_open(office: Office) -> None:
    fda = office.built(approved())
    office.built(approved(approval_id="apr_2", destination=EU, decision=mild().decision))
    office.send()
    office.answer("a.xml", acknowledgement(fda.batch_number))
    office.collect()
    assert [office.row(each)["state"] for each in ("apr_1", "apr_2")] == ["accepted", "sent"]
