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


def test_a_namespace_and_the_case_of_codes_do_not_matter() -> None:
    written = api.write_acknowledgement(acknowledgement()).decode()
    bare = re.sub(r' xmlns(:xsi)?="[^"]*"| xsi:\w+="[^"]*"', "", written).replace('"CA"', '"ca"')
    assert api.read_acknowledgement(bare.encode()) == acknowledgement()
    prefixed = re.sub(r"<(/?)(\w)", r"<\1h:\2", written.partition("?>")[2]).replace("xmlns=", "xmlns:h=")
    assert api.read_acknowledgement(prefixed.encode()) == acknowledgement()


_R2 = """<?xml version="1.0" encoding="ISO-8859-1"?>
{doctype}<ICHICSRACK lang="en">
<ichicsrmessageheader><messagenumb>ACK-7</messagenumb><messagesenderidentifier>EVHUMAN</messagesenderidentifier>
<messagereceiveridentifier>ORBIS</messagereceiveridentifier><messagedate>20260402101500</messagedate>
</ichicsrmessageheader>
<acknowledgment><messageacknowledgment><icsrmessagenumb>B-1</icsrmessagenumb><icsrmessagedate>2026</icsrmessagedate>
<transmissionacknowledgmentcode>{batch}</transmissionacknowledgmentcode></messageacknowledgment>
<reportacknowledgment><safetyreportid>SE-ORBIS-0001</safetyreportid><localreportnumb>EU-5</localreportnumb>
<reportacknowledgmentcode>{report}</reportacknowledgmentcode>
<errormessagecomment>reactionoutcome: länge</errormessagecomment></reportacknowledgment></acknowledgment>
</ICHICSRACK>"""


def _r2(batch: str = "02", report: str = "02", doctype: str = "") -> bytes:
    return _R2.format(batch=batch, report=report, doctype=doctype).encode("iso-8859-1")


def test_an_r2_answer_is_read_under_r3s_names() -> None:
    read = api.read_acknowledgement(_r2())
    assert (read.release, read.code, read.unread) == (api.Release.R2, api.TransmissionCode.ERROR, ())
    assert (read.ack_batch_number, read.sender, read.receiver, read.batch_number) == (
        "ACK-7",
        "EVHUMAN",
        "ORBIS",
        "B-1",
    )
    [message] = api.conclude(read).messages
    assert (message.message_number, message.local_report_number) == ("SE-ORBIS-0001", "EU-5")
    assert message.outcome is api.Outcome.REJECTED
    assert [(found.text, found.element_ids) for found in message.findings] == [("reactionoutcome: länge", ("E.i.7",))]


def test_codes_that_r2_does_not_have_are_listed() -> None:
    read = api.read_acknowledgement(_r2("09", "7"))
    assert (read.code, read.messages[0].code, len(read.unread)) == (None, None, 2)
    assert api.read_acknowledgement(_r2("3", "1")).code is api.TransmissionCode.REJECTED


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE ichicsrack SYSTEM "ich-icsrack-v1_1.dtd">',
        "<!DOCTYPE ICHICSRACK PUBLIC '-//ICHM2//DTD ICH ICSR ack//EN' 'http://example.org/icsrack.dtd'>",
    ],
)
def test_r2s_own_doctype_is_passed_over(doctype: str) -> None:
    assert api.read_acknowledgement(_r2(doctype=doctype)) == api.read_acknowledgement(_r2())


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE ichicsrack SYSTEM "a.dtd" [<!ENTITY x "y">]>',
        "<!DOCTYPE ichicsrack [<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;]>",
        '<!DOCTYPE ichicsr SYSTEM "ich-icsr-v2.1.dtd">',
        '<!DOCTYPE ichicsrack SYSTEM "a.dtd"><!DOCTYPE ichicsrack [<!ENTITY x "y">]>',
        '<!DOCTYPE ichicsrack SYSTEM "a>b',
    ],
)
def test_a_doctype_that_defines_or_names_anything_else_is_refused(doctype: str) -> None:
    with pytest.raises(api.RefusedXml, match="DOCTYPE"):
        api.read_acknowledgement(_r2(doctype=doctype))


_ANSWERED = re.compile(r'<acknowledgement typeCode="CA">.*?</acknowledgement>', re.DOTALL)


@pytest.mark.parametrize("number", ["", "<targetMessage/>"])
def test_a_second_answer_in_a_message_is_not_lost(number: str) -> None:
    written = api.write_acknowledgement(acknowledgement()).decode()
    first = _ANSWERED.findall(written)[0]
    second = first.replace('"CA"', '"CR"')
    if number:
        second = re.sub("<targetMessage>.*?</targetMessage>", number, second)
    read = api.read_acknowledgement(written.replace(first, first + second).encode())
    found = api.outcome_of(acknowledgement().messages[0].message_number or "", read)
    assert found is not None
    assert (found.outcome, found.why) == (api.Outcome.UNKNOWN, "the message is told of twice, and not alike")


def test_a_second_answer_to_the_batch_is_not_lost() -> None:
    written = api.write_acknowledgement(acknowledgement()).decode()
    batch = written[written.rindex("<acknowledgement ") : written.rindex("</MCCI")]
    other = re.sub('typeCode="A."', 'typeCode="AR"', batch)
    read = api.read_acknowledgement(written.replace(batch, batch + other).encode())
    assert (read.code, read.batch_number) == (api.TransmissionCode.REJECTED, acknowledgement().batch_number)
    assert [words for words in read.unread if "not alike" in words]


def test_what_r2_says_twice_is_kept() -> None:
    twice = _r2().replace(
        b"</errormessagecomment>", b"</errormessagecomment><errormessagecomment>B</errormessagecomment>"
    )
    twice = twice.replace(b"<localreportnumb>", b"<localreportnumb>EU-4</localreportnumb><localreportnumb>")
    read = api.read_acknowledgement(twice)
    assert (read.messages[0].comment or "").splitlines()[1] == "B"
    assert (read.messages[0].local_report_number, read.unread) == ("EU-4", ("localreportnumb is stated again: EU-5",))
    code = b"<reportacknowledgmentcode>02</reportacknowledgmentcode>"
    [message] = api.conclude(api.read_acknowledgement(_r2().replace(code, code.replace(b"2", b"1") + code))).messages
    assert (message.message_number, message.outcome) == ("SE-ORBIS-0001", api.Outcome.UNKNOWN)


@pytest.mark.parametrize(
    ("before", "in_what"), [("<acknowledgementDetail>", "acknowledgement"), ("<receiver ", "MCCI")]
)
def test_an_element_that_no_answer_has_is_listed(before: str, in_what: str) -> None:
    written = api.write_acknowledgement(acknowledgement()).decode()
    read = api.read_acknowledgement(written.replace(before, f"<odd>rejected</odd>{before}", 1).encode())
    assert len(read.unread) == 1
    assert re.match(f"{in_what}.*: odd is no element", read.unread[0])
    assert len(api.read_acknowledgement(_r2().replace(b"<messagenumb>", b"<odd/><messagenumb>")).unread) == 1
