"""Acknowledgements of every kind end stored, applied once or in sight of a person, and their files put away."""

from datetime import timedelta

import pytest

from reporting.domain.records import Message
from shared.icsr.api import MessageCode
from tests.integration.reporting.office import Office
from tests.unit.reporting.cases import acknowledgement, approved


@pytest.fixture
def sent(office: Office) -> Message:
    message = office.built(approved())
    office.send()
    return message


def states(office: Office) -> list[str]:
    return [row["state"] for row in office.database["acknowledgements"].find().sort("file_name", 1)]


def put_away(office: Office, folder: str) -> list[str]:
    place = office.incoming / folder
    return sorted(path.name for path in place.iterdir()) if place.exists() else []


def test_an_answer_is_applied_and_archived(office: Office, sent: Message) -> None:
    office.answer("a.xml", acknowledgement(sent.batch_number))
    assert office.collect() == 1
    assert (states(office), office.row("apr_1")["state"]) == (["applied"], "accepted")
    assert (put_away(office, "archive"), put_away(office, "unmatched")) == (["a.xml"], [])
    assert office.collect() == 0


def test_a_duplicate_is_kept_once(office: Office, sent: Message) -> None:
    for name in ("a.xml", "b.xml"):
        office.answer(name, acknowledgement(sent.batch_number))
    office.collect()
    assert states(office) == ["applied"]
    assert put_away(office, "archive") == ["a.xml", "b.xml"]
    assert len(office.row("apr_1")["outbox"]) == 2


def test_repetition_and_contradiction_change_nothing(office: Office, sent: Message) -> None:
    office.answer("a.xml", acknowledgement(sent.batch_number))
    office.answer("b.xml", acknowledgement(sent.batch_number, ack_batch_number="ACK-2"))
    office.answer("c.xml", acknowledgement(sent.batch_number, MessageCode.REJECTED, ack_batch_number="ACK-3"))
    office.collect()
    assert states(office) == ["applied", "repeated", "conflict"]
    assert office.row("apr_1")["state"] == "accepted"
    assert put_away(office, "unmatched") == ["c.xml"]


def test_unknown_malformed_and_hostile_answers_are_listed(office: Office, sent: Message) -> None:
    office.answer("a.xml", acknowledgement("bat_unknown"))
    office.answer("b.ack", b"")
    office.answer("c.xml", b"\xff\xfe not xml")
    office.answer("d.xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')
    assert office.collect() == 4
    assert states(office) == ["unmatched"] * 4
    assert put_away(office, "unmatched") == ["a.xml", "b.ack", "c.xml", "d.xml"]
    assert len(office.acknowledgements.unmatched()) == len(list(office.acknowledgements.ledger_facts())) == 4
    assert office.row("apr_1")["state"] == "sent"


def test_an_answer_to_a_later_attempt_before_the_earlier_ones_answer_is_unmatched(
    office: Office, sent: Message
) -> None:
    second = office.built(approved(approval_id="apr_2", version=2))
    office.send()
    office.answer("b.xml", acknowledgement(second.batch_number))
    office.collect()
    assert states(office) == ["unmatched"]
    assert [office.row(each)["state"] for each in ("apr_1", "apr_2")] == ["sent", "waiting"]


def test_an_answer_during_the_hand_over_stays_in_the_folder(office: Office) -> None:
    message = office.built(approved())
    office.submit.promote()
    office.answer("a.xml", acknowledgement(message.batch_number))
    assert office.collect() == 0
    office.send()
    assert office.collect() == 1
    assert office.row("apr_1")["state"] == "accepted"


def test_a_crash_after_applying_is_repaired(office: Office, sent: Message) -> None:
    answer = acknowledgement(sent.batch_number)
    office.answer("a.xml", answer)
    office.collect()
    office.database["acknowledgements"].update_one({}, {"$set": {"state": "received"}})
    office.answer("a.xml", answer)  # as if killed before it was put away
    office.clock.advance(timedelta(seconds=5))
    office.collect()
    assert states(office) == ["applied"]
    assert len(office.row("apr_1")["outbox"]) == 2


def test_a_noted_event_is_confirmed(office: Office, sent: Message) -> None:
    event_id = office.row("apr_1")["outbox"][0]["event"]["id"]
    assert len(list(office.submissions.outbox.due(office.clock.now()))) == 1
    office.submissions.confirm(event_id, office.clock.now())
    assert list(office.submissions.outbox.due(office.clock.now())) == []
