"""Every approved expedited decision has one message per attempt and at most one active submission (DOMAIN 21)."""

from datetime import timedelta

from reporting.domain.records import Blocked
from reporting.submit import file_name
from shared.contracts import topics
from shared.contracts.case_approved import Correction, CorrectionKind
from shared.icsr.api import MessageCode, TransmissionCode, read
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


def test_an_accepted_report_is_amended_then_nullified(office: Office) -> None:
    attempts: dict[str, Correction | None] = {
        "apr_1": None,
        "apr_2": Correction(kind=CorrectionKind.AMENDMENT, reason="recoded; no news"),
        "apr_3": Correction(kind=CorrectionKind.NULLIFICATION, reason="it was another patient"),
    }
    told = []
    for version, (approval_id, correction) in enumerate(attempts.items(), 1):
        message = office.built(approved(approval_id=approval_id, version=version, correction=correction))
        office.send()
        office.answer(f"{version}.ack", acknowledgement(message.batch_number))
        office.collect()
        assert office.row(approval_id)["state"] == "accepted"
        told.append(read(message.content).messages[0].report.identification)
    said = [(each.nullification_or_amendment, each.nullification_or_amendment_reason) for each in told]
    assert said == [(None, None), ("2", "recoded; no news"), ("1", "it was another patient")]
    same = {(t.safety_report_id, t.worldwide_case_id, t.first_received, t.most_recent_information) for t in told}
    assert len(same) == 1
    assert told[0].creation_date != told[1].creation_date != told[2].creation_date


def test_a_destination_that_has_no_report_of_the_case_is_sent_no_correction(office: Office) -> None:
    office.built(approved())
    amended = Correction(kind=CorrectionKind.AMENDMENT, reason="recoded; no news")
    elsewhere = approved(approval_id="apr_2", version=2, destination=EU, decision=mild().decision, correction=amended)
    office.build(event(elsewhere))
    assert isinstance(office.messages.of_approval(elsewhere.snapshot.sponsor, "apr_2"), Blocked)


def test_the_answer_of_one_destination_leaves_the_other_open(office: Office) -> None:
    fda = office.built(approved())
    office.built(approved(approval_id="apr_2", destination=EU, decision=mild().decision))
    office.send()
    office.answer("a.xml", acknowledgement(fda.batch_number))
    office.collect()
    assert [office.row(each)["state"] for each in ("apr_1", "apr_2")] == ["accepted", "sent"]
