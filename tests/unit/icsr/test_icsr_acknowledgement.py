"""Answers are written whole and read leniently (guide v5.03, section 4)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from shared.icsr import api
from tests.golden.icsr.models import acknowledgement


def test_an_answer_is_read_back_equal() -> None:
    assert api.read_acknowledgement(api.write_acknowledgement(acknowledgement())) == acknowledgement()


@pytest.mark.parametrize(
    ("field", "named"),
    [("ack_batch_number", "M.1"), ("sender", "M.2"), ("receiver", "M.3"), ("date", "M.4"), ("code", "A.4")],
)
def test_an_answer_without_a_required_element_is_not_written(field: str, named: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"ACK.{named}")):
        api.write_acknowledgement(replace(acknowledgement(), **{field: None}))  # type: ignore[arg-type]


def test_a_message_answer_needs_its_number_and_code() -> None:
    with pytest.raises(ValueError, match=r"ACK\.B\.r\.1.*ACK\.B\.r\.6"):
        api.write_acknowledgement(replace(acknowledgement(), messages=(api.MessageAcknowledgement(),)))


def test_a_text_that_xml_cannot_carry_is_not_written() -> None:
    with pytest.raises(ValueError, match=r"U\+0007"):
        api.write_acknowledgement(replace(acknowledgement(), error="bell \x07"))


def test_an_empty_answer_is_still_an_answer() -> None:
    read = api.read_acknowledgement(b'<MCCI_IN200101UV01 xmlns="urn:hl7-org:v3"/>')
    assert read == api.Acknowledgement()


def test_what_can_not_be_understood_is_listed() -> None:
    written = api.write_acknowledgement(acknowledgement()).decode()
    odd = written.replace('typeCode="CA"', 'typeCode="XX"').replace('"20260401120100+0200"', '"yesterday"')
    read = api.read_acknowledgement(odd.encode())
    assert read.messages[0].code is None
    assert read.batch_date is None
    assert len(read.unread) == 2


def test_empty_ids_are_absent_and_several_are_told_apart_by_root() -> None:
    written = api.write_acknowledgement(acknowledgement()).decode()
    sender = '<id root="2.16.840.1.113883.3.989.2.1.3.17" extension="ZZFDATST_PREMKT"/>'
    two = written.replace(sender, f'<id root="1.2.3" extension="other"/>{sender}')
    assert api.read_acknowledgement(two.encode()).sender == "ZZFDATST_PREMKT"
    empty = written.replace('extension="ZZFDATST_PREMKT"', 'extension=""')
    assert api.read_acknowledgement(empty.encode()).sender is None
