"""What we receive is answered: taken unless it says nothing, with what is wrong told in words (guide v5.03, 4.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.icsr import api
from shared.icsr.api import Issue, MessageCode, Severity, TransmissionCode
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Message, SafetyReport
from tests.golden.icsr.models import minimal, rich

NOW = TS("20260401130000+0000")
[MESSAGE] = minimal().messages


def issue(severity: Severity = Severity.ERROR, words: str = "C.1.3 is missing.") -> Issue:
    return Issue(severity, "rule", "C.1.3", "messages[0]", words, "State it.")


def test_a_message_without_fault_is_accepted_under_its_own_number() -> None:
    answer = api.answer_message(MESSAGE, ())
    assert (answer.message_number, answer.code, answer.comment) == ("SE-ORBIS-0001", MessageCode.ACCEPTED, None)
    assert (answer.receiver, answer.sender, answer.message_date) == ("ORBIS", "EXAMPLETEST", MESSAGE.message_date)


@pytest.mark.parametrize(
    ("severity", "strict", "code"),
    [
        (Severity.ERROR, False, MessageCode.ACCEPTED),
        (Severity.ERROR, True, MessageCode.REJECTED),
        (Severity.WARNING, True, MessageCode.ACCEPTED),
    ],
)
def test_only_the_strict_reject_what_breaks_a_rule(severity: Severity, strict: bool, code: MessageCode) -> None:
    answer = api.answer_message(MESSAGE, (issue(severity),), strict=strict)
    assert (answer.code, answer.comment) == (code, "1: C.1.3 is missing.")


def test_a_message_that_says_nothing_clinical_is_rejected() -> None:
    empty = Message(message_id="one", report=SafetyReport(identification=MESSAGE.report.identification))
    answer = api.answer_message(empty, (issue(),))
    assert (answer.code, answer.comment) == (
        MessageCode.REJECTED,
        "1: The message holds no patient, reaction, drug or narrative.",
    )


def test_a_message_without_its_number_goes_by_its_case() -> None:
    assert api.answer_message(replace(MESSAGE, message_id=None), ()).message_number == "SE-ORBIS-0001"


@pytest.mark.parametrize("words", ["x" * 60 + ".", "y" * 500])
def test_a_comment_has_at_most_250_characters_and_counts_the_rest(words: str) -> None:
    comment = api.answer_message(MESSAGE, [issue(words=words)] * 9).comment
    assert comment is not None
    assert len(comment) <= 250
    assert comment.startswith("1: " + words[:50])


def test_a_batch_is_answered_whole_and_read_back() -> None:
    messages = (*minimal().messages, *rich().messages)
    answers = [api.answer_message(each, ()) for each in messages]
    answer = api.answer_batch(minimal(), answers, (), number="ACK-1", date=NOW)
    assert api.read_acknowledgement(api.write_acknowledgement(answer)) == answer
    assert (answer.code, answer.batch_number, answer.error) == (TransmissionCode.ACCEPTED, "ORBIS-B-0001", None)
    assert (answer.sender, answer.receiver) == (minimal().batch_receiver, minimal().batch_sender)
    assert [each.outcome for each in api.conclude(answer).messages] == [api.Outcome.ACCEPTED] * 2


def test_a_rejected_message_makes_the_batch_an_error() -> None:
    rejected = api.answer_message(MESSAGE, (issue(),), strict=True)
    answer = api.answer_batch(minimal(), (rejected,), (issue(words="N.1.5 is missing."),), number="ACK-1", date=NOW)
    assert (answer.code, answer.error) == (TransmissionCode.ERROR, "1: N.1.5 is missing.")


def test_a_message_that_cannot_be_named_is_counted() -> None:
    nameless = replace(api.answer_message(MESSAGE, ()), message_number=None)
    answer = api.answer_batch(minimal(), (nameless,), (), number="ACK-1", date=NOW)
    assert (answer.code, answer.messages) == (TransmissionCode.ERROR, ())
    assert answer.error == "1: 1 message has no number (N.2.r.1)."
