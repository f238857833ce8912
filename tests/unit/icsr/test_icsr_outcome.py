"""Reading is lenient, concluding is not: one outcome for each message (guide v5.03, section 4.2)."""

from __future__ import annotations

import pytest

from shared.icsr import api
from shared.icsr.api import MessageAcknowledgement, MessageCode, Outcome, Severity, TransmissionCode
from shared.icsr.rules.findings import element_ids, findings_in

AA, AE, AR = TransmissionCode.ACCEPTED, TransmissionCode.ERROR, TransmissionCode.REJECTED
CA, CR = MessageCode.ACCEPTED, MessageCode.REJECTED


def told(code: MessageCode | None, number: str | None = "one", comment: str | None = None) -> MessageAcknowledgement:
    return MessageAcknowledgement(message_number=number, code=code, comment=comment)


def outcome(batch: TransmissionCode | None, *messages: MessageAcknowledgement, error: str | None = None) -> Outcome:
    return api.conclude(api.Acknowledgement(code=batch, messages=messages, error=error)).messages[0].outcome


@pytest.mark.parametrize(
    ("batch", "message", "expected"),
    [
        (AA, CA, Outcome.ACCEPTED),
        (None, CA, Outcome.ACCEPTED),
        (AE, CA, Outcome.WARNINGS),
        (AA, CR, Outcome.REJECTED),
        (AE, CR, Outcome.REJECTED),
        (AR, CR, Outcome.REJECTED),
        (AR, CA, Outcome.REJECTED),
        (AR, None, Outcome.REJECTED),
        (AA, None, Outcome.UNKNOWN),
        (AE, None, Outcome.UNKNOWN),
        (None, None, Outcome.UNKNOWN),
    ],
)
def test_the_codes_decide(batch: TransmissionCode | None, message: MessageCode | None, expected: Outcome) -> None:
    assert outcome(batch, told(message)) is expected


def test_a_contradiction_is_told() -> None:
    [message] = api.conclude(api.Acknowledgement(code=AR, messages=(told(CA),))).messages
    assert message.why == "the batch is rejected (AR), though the message is accepted (CA)"


def test_one_rejected_message_explains_the_batchs_error() -> None:
    assert outcome(AE, told(CA), told(CR, "two"), error="see message two") is Outcome.ACCEPTED


@pytest.mark.parametrize("second", [CR, None])
def test_a_message_told_of_twice_and_not_alike_is_unknown(second: MessageCode | None) -> None:
    concluded = api.conclude(api.Acknowledgement(code=AE, messages=(told(CA), told(second))))
    assert [each.outcome for each in concluded.messages] == [Outcome.UNKNOWN]


def test_a_message_told_of_twice_alike_is_one() -> None:
    answer = api.Acknowledgement(code=AA, messages=(told(CR, comment="C.1.1 a"), told(CR, comment="C.1.2 b")))
    [message] = api.conclude(answer).messages
    assert [found.element_ids for found in message.findings] == [("C.1.1",), ("C.1.2",)]


def test_a_comment_of_an_accepted_message_is_a_warning_unless_it_says_the_code_again() -> None:
    assert outcome(AA, told(CA, comment="Report Loaded Successfully")) is Outcome.ACCEPTED
    assert outcome(AA, told(CA, comment="Report Loaded Successfully\nWarnings:\n1: D.3 is high.")) is Outcome.WARNINGS


def test_a_batch_that_was_not_read_is_rejected_for_every_message() -> None:
    answer = api.Acknowledgement(code=AR, error="line 3: no end tag", messages=(told(CR, None, "N.1.2 empty"),))
    found = api.outcome_of("any", answer)
    assert found is not None
    assert found.outcome is Outcome.REJECTED
    assert [each.text for each in found.findings] == ["line 3: no end tag", "N.1.2 empty"]


def test_another_message_is_not_answered_for() -> None:
    assert api.outcome_of("two", api.Acknowledgement(code=AR, messages=(told(CR),))) is None
    assert api.outcome_of("two", api.Acknowledgement(code=AA)) is None


def test_fdas_list_is_taken_apart() -> None:
    text = (
        "Safety report not loaded; Validated against 2.18 business rules;\nRejections:\n1: Data value required for tag "
        "E.i.3.2a.\n2: C.5.4 must be provided\nwhen C.1.3 = 2.\nWarnings:\n1: FDA.C.5.6.r is invalid.\n"
    )
    assert [(found.severity, found.text, found.element_ids) for found in findings_in(text, Severity.ERROR)] == [
        (Severity.ERROR, "Data value required for tag E.i.3.2a.", ("E.i.3.2a",)),
        (Severity.ERROR, "C.5.4 must be provided when C.1.3 = 2.", ("C.5.4", "C.1.3")),
        (Severity.WARNING, "FDA.C.5.6.r is invalid.", ("FDA.C.5.6.r",)),
    ]


def test_lines_without_numbers_are_faults_of_their_own() -> None:
    assert [found.text for found in findings_in("D.1 is missing\n\nD.5 is missing", Severity.ERROR)] == [
        "D.1 is missing",
        "D.5 is missing",
    ]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Data value required for tag C.3.4.3.", ("C.3.4.3",)),
        ("'G.k.9.i.2.r.1/G.k.9.i.2.r.2' with 'G.k.1'", ("G.k.9.i.2.r.1", "G.k.9.i.2.r.2", "G.k.1")),
        ("Type of report - C.1.3/A.1.4 is 2", ("C.1.3",)),
        ("B.4.k.2.1 is empty (A.1.5.2a too)", ("G.k.2.2", "E.i.3.2a")),
        ("safetyreportid is not unique; receiptdate too", ("C.1.1", "C.1.5")),
        ("G.k(2).4.r[1].1a is no number", ("G.k.4.r.1a",)),
        ("D.8.r.1.KR.1a unknown", ("D.8.r.1.KR.1a",)),
        ("ACK.B.r.7, version 2.18, e.g. N.N., H.E.L.P, A.9.9.9 and nothing of a serious duplicate", ()),
        ("A.1" + "a" * 50_000 + "Z", ()),
    ],
)
def test_elements_are_found_where_the_text_names_them(text: str, ids: tuple[str, ...]) -> None:
    assert element_ids(text) == ids
