"""Every event survives the wire, takes unknown fields of a later version, and refuses what is none."""

import json

import pytest

from shared.contracts.envelope import ContractError, decode, encode, from_document, to_document
from shared.contracts.report_received import ReportReceived
from tests.builders import a_content, a_report


def test_an_event_is_the_same_after_the_wire_and_after_the_outbox() -> None:
    event = a_report()
    assert encode(decode(encode(event))) == encode(event)
    assert encode(from_document(to_document(event))) == encode(event)
    assert decode(encode(event)).body(ReportReceived) == event.body(ReportReceived)
    assert event.body(ReportReceived).content == a_content()


def test_a_field_of_a_later_version_is_no_error() -> None:
    event = json.loads(encode(a_report()))
    event["data"]["added_in_a_later_version"] = 1
    event["also_added"] = {"x": 1}
    assert decode(json.dumps(event).encode()).body(ReportReceived).report_id == "rep_1"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"id": 1}', b"\xff\xfe", b'{"id":"x"}'])
def test_what_is_no_event_is_refused(content: bytes) -> None:
    with pytest.raises(ContractError):
        decode(content)


def test_a_body_that_breaks_its_promise_names_the_field() -> None:
    event = json.loads(encode(a_report()))
    event["data"]["content"]["reactions"][0]["criteria"] = ["made_up"]
    with pytest.raises(ContractError, match=r"\$\.content\.reactions\[0\]\.criteria"):
        decode(json.dumps(event).encode()).body(ReportReceived)


def test_headers_and_key_carry_identifiers_only() -> None:
    event = a_report()
    carried = b" ".join(value for _, value in event.headers()) + event.subject.encode()
    for personal in (b"Maria", b"A. B.", b"rash", b"Alvora", b"patient"):
        assert personal not in carried
