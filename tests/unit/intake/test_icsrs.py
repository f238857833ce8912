"""Files of E2B(R3) messages: whatever breaks in between, every message ends as one report, and once (DOMAIN 1, 2)."""

from datetime import timedelta

import pytest

from intake.domain.icsr.files import MOST_REFUSALS
from intake.domain.records import Report
from intake.receive_icsrs import LEFT
from shared.icsr import api as icsr
from tests.e2b_files import batch, empty, message
from tests.unit.intake.conftest import LIMIT, NOW, Intake

THREE = ("SE-ORBIS-1", "SE-ORBIS-2", "SE-ORBIS-3")


class Broken(Exception):
    """The process is gone."""


def names(intake: Intake) -> list[str | None]:
    return [each.sender.case_id for each in intake.reports.kept.values()]


def break_at(intake: Intake, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the store fail at one message, as a process that is killed there."""
    add = intake.reports.add

    def broken(report: Report) -> None:
        if report.sender.case_id == name:
            raise Broken
        add(report)

    monkeypatch.setattr(intake.reports, "add", broken)


def test_broken_off_in_the_middle_the_same_file_ends_with_every_message_once(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_at(intake, patch, "SE-ORBIS-2")
        assert intake.post_file(batch(*THREE)).status_code == 500
    assert names(intake) == ["SE-ORBIS-1"]
    intake.clock.advance(timedelta(days=3))
    answer = intake.post_file(batch(*THREE))
    assert [each.code for each in icsr.read_acknowledgement(answer.data).messages] == [icsr.MessageCode.ACCEPTED] * 3
    assert names(intake) == list(THREE)
    first, second, _ = intake.reports.kept.values()
    held = intake.reports.find(None, first.report_id)
    assert held is not None
    assert [each.repeat for each in held.receipts] == [False, True]
    assert second.first.receipt.received_at == NOW  # its bytes were kept then: day zero is not later
    assert len(intake.files.kept) == 1


def test_a_file_that_was_left_is_brought_to_its_end_without_its_sender(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_at(intake, patch, "SE-ORBIS-3")
        intake.post_file(batch(*THREE))
    assert intake.receive_files.finish_left() == 0  # somebody may still be at work on it
    intake.clock.advance(LEFT + timedelta(seconds=1))
    assert intake.receive_files.finish_left() == 1
    assert names(intake) == list(THREE)
    assert intake.receive_files.finish_left() == 0
    (file,) = intake.files.kept.values()
    answer = intake.post_file(batch(*THREE))
    assert answer.headers["Location"].endswith(file.file_id)
    assert [each.action for each in intake.files.audit[file.file_id]] == [
        "file.received",
        "file.answered",
        "file.repeated",
    ]


def test_a_draft_among_others_is_refused_alone(intake: Intake) -> None:
    """A part without a message is what the stream makes of a draft; the messages around it are taken."""
    before, second, after = batch(*THREE).partition(b'extension="SE-ORBIS-2"')
    draft = after.replace(b"2.16.840.1.113883.3.989.2.1.1.19", b"ich-observation-code-oid", 1)
    answer = icsr.read_acknowledgement(intake.post_file(before + second + draft).data)
    assert answer.code is icsr.TransmissionCode.ERROR
    assert "'ich-observation-code-oid', a placeholder of a draft" in (answer.error or "")
    assert names(intake) == ["SE-ORBIS-1", "SE-ORBIS-3"]
    (refusal,) = intake.refusals.kept
    assert refusal.place is not None
    assert (refusal.place.number, refusal.rule) == (2, "unreadable-message")


def test_a_draft_wrapper_is_422(intake: Intake) -> None:
    content = batch("SE-ORBIS-1").replace(b'2.16.840.1.113883.3.989.2.1.1.1"', b'ich-type-of-message-in-batch-oid"')
    answer = intake.post_file(content)
    assert (answer.status_code, intake.refusals.kept[0].rule) == (422, "draft")


def test_only_so_many_messages_are_taken_at_once(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.receive_icsrs.MOST_MESSAGES", 2)
    answer = icsr.read_acknowledgement(intake.post_file(batch(*THREE, "SE-ORBIS-4")).data)
    assert names(intake) == ["SE-ORBIS-1", "SE-ORBIS-2"]
    assert "Message 3: From this message on nothing was taken" in (answer.error or "")
    (refusal,) = intake.refusals.kept
    assert refusal.rule == "too-many-messages"


def test_many_that_are_not_taken_are_one_refusal_from_the_twentieth_on(intake: Intake) -> None:
    empty = b"<PORR_IN049016UV/>" * 300
    content = batch("SE-ORBIS-1").replace(b"</PORR_IN049016UV>", b"</PORR_IN049016UV>" + empty)
    answer = intake.post_file(content)
    assert icsr.read_acknowledgement(answer.data).code is icsr.TransmissionCode.ERROR
    assert names(intake) == ["SE-ORBIS-1"]
    assert len(intake.refusals.kept) == MOST_REFUSALS
    assert intake.refusals.kept[-1].rule == "many-not-taken"
    listed = intake.client.get(answer.headers["Location"]).json
    assert listed is not None
    refused = [each["refusal_id"] for each in listed["messages"] if each.get("refusal_id")]
    assert (len(refused), refused[-1]) == (300, intake.refusals.kept[-1].refusal_id)


def test_errors_are_told_and_the_message_is_taken(intake: Intake) -> None:
    wrong = message("SE-ORBIS-1", report_type="7")
    told = icsr.read_acknowledgement(intake.post_file(batch(wrong)).data)
    assert told.code is icsr.TransmissionCode.ERROR
    assert told.messages[0].code is icsr.MessageCode.ACCEPTED
    assert "C.1.3" in (told.messages[0].comment or "")
    (report,) = intake.reports.kept.values()
    (query,) = [each for each in report.queries if each.pointer == "/report/identification/report_type"]
    assert (query.rule, query.value) == ("ICH.C.1.3.code", '"7"')
    assert report.content.report_type is None


def test_a_wrapper_that_says_nothing_of_itself_is_taken(intake: Intake) -> None:
    content = batch("SE-ORBIS-1")
    for said in (b"B-1", b"ORBIS", b"EXAMPLETEST"):
        content = content.replace(b'extension="%b"' % said, b'nullFlavor="NI"')
    told = icsr.read_acknowledgement(intake.post_file(content).data)
    assert (told.batch_number, told.code) == ("not stated", icsr.TransmissionCode.ERROR)
    assert len(intake.reports.kept) == 1


def test_a_file_over_the_limit_is_413_and_kept_up_to_it(intake: Intake) -> None:
    answer = intake.post_file(b"<a>" + b"x" * LIMIT)
    assert answer.status_code == 413
    (refusal,) = intake.refusals.kept
    assert (len(refusal.raw), refusal.complete) == (LIMIT, False)


def test_a_message_without_a_number_is_taken_and_told_of(intake: Intake) -> None:
    content = batch(message("SE-ORBIS-1")).replace(b'extension="SE-ORBIS-1"', b'nullFlavor="NI"')
    told = icsr.read_acknowledgement(intake.post_file(content).data)
    assert told.messages == ()
    assert "no number" in (told.error or "")
    assert len(intake.reports.kept) == 1


def test_the_refusal_of_a_message_names_its_file(intake: Intake) -> None:
    answer = intake.post_file(batch(empty("SE-ORBIS-1"), "SE-ORBIS-2"))
    (refusal,) = intake.refusals.kept
    file_id = answer.headers["Location"].rpartition("/")[2]
    assert file_id in refusal.reason
    assert refusal.event.data["bytes_kept"] == len(batch(empty("SE-ORBIS-1"), "SE-ORBIS-2"))
