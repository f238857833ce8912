"""Files of messages over the wire: large ones in bounded room, hostile ones refused, what is good becomes a case."""

import json
import threading

import pytest

from shared.front import LARGE_AT_ONCE
from shared.icsr import api as icsr
from tests.e2b_files import attached, batch, message, with_draft
from tests.integration.bad_input.test_f24_size_and_pace import peak
from tests.integration.rig import Answer, Rig, send

XML = {"Content-Type": "text/xml; charset=utf-8"}
LARGE = 64 * 1024 * 1024
ROOM = LARGE_AT_ONCE * 4 * LARGE  # bytes by which one process may grow: the body twice, its tree, its hash


def post_file(rig: Rig, content: bytes) -> Answer:
    return send(rig.suite.intake_port, "POST", "/v1/icsrs?sponsor=helvion", content, {**XML, **rig.partner})


def test_a_file_with_a_draft_becomes_cases_and_a_refusal(rig: Rig) -> None:
    content = with_draft(batch("SE-FLOW-1", message("SE-FLOW-2"), "SE-FLOW-3", number="B-FLOW"), 3)
    answer = post_file(rig, content)
    told = icsr.read_acknowledgement(answer.content)
    assert (answer.status, told.code) == (200, icsr.TransmissionCode.ERROR)
    assert [each.message_number for each in told.messages] == ["SE-FLOW-1", "SE-FLOW-2"]
    case = rig.case_of(str(told.messages[0].local_report_number))
    shown = json.dumps(case)
    for words in ("Exemplon", "99000001", "SE-FLOW-1", "Orbis Demonstration AB", "A consumer reports a fall"):
        assert words in shown
    assert rig.data("triage", "parked").count_documents({"reason": {"$regex": "Message 3 of file icf_"}}) == 1


@pytest.mark.parametrize("content", [b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", b"no xml", batch("SE-CUT-1")[:-40]])
def test_what_cannot_be_read_is_refused_and_seen(rig: Rig, content: bytes) -> None:
    answer = post_file(rig, content)
    assert answer.status == 400
    rig.settle()
    assert rig.data("triage", "parked").count_documents({"subject": answer.body["refusal_id"]}) == 1


def test_large_files_at_once_are_all_taken_in_bounded_room(rig: Rig) -> None:
    before = peak(rig)
    files = [batch(attached(f"SE-LARGE-{n}", 15_000_000), number=f"B-LARGE-{n}") for n in range(8)]
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda file=file: answers.append(post_file(rig, file))) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.status for each in answers] == [200] * len(files)
    assert rig.post(b'{"narrative": "meanwhile"}').status == 202
    assert peak(rig) - before < 2 * ROOM  # of both processes


def test_a_file_over_the_limit_is_413_and_its_beginning_is_kept(rig: Rig) -> None:
    answer = post_file(rig, b"<a>" + b"x" * (LARGE + 1_000_000))
    assert (answer.status, answer.body["type"].rpartition("/")[2]) == (413, "body-too-large")
    refusal = rig.data("intake", "refusals").find_one(answer.body["refusal_id"])
    kept = rig.data("intake", "raw.files").find_one(refusal["raw_id"])
    assert (kept["length"], refusal["complete"]) == (LARGE, False)


def test_no_other_path_takes_more_than_before(rig: Rig) -> None:
    assert rig.post(b"{" + b"x" * 20_000_000).status == 413


def test_no_log_has_a_word_of_a_message(rig: Rig) -> None:
    post_file(rig, batch(message("SE-SECRET-1", worldwide_case_id="SE-SECRET-ALIAS")))
    post_file(rig, batch("SE-SECRET-2")[:-40])
    rig.settle()
    for name in ("intake.app", "intake.relay", "intake.worker", "triage.worker"):
        logged = rig.suite.supervisor.process(name).logged()
        assert "SE-SECRET" not in logged
        assert "Exemplon" not in logged
