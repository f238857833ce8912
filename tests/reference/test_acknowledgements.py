"""Authorities' and ICH's own answers, each read to what a person reads in it (guide v5.03, section 4).

The outcomes were typed after reading the files. Needs `$DAYZERO_REFERENCE` or `../shared/reference`.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.icsr import api
from shared.icsr.api import Outcome, Release, Severity
from tests.reference.test_icsr_reference import REFERENCE, SCHEMAS

FOLDER = REFERENCE / "instances" / "ack"
E, W = Severity.ERROR, Severity.WARNING
Faults = list[tuple[Severity, tuple[str, ...]]]


@dataclass
class Expected:
    """What a file says: its batch, and of each message its number, local number, code, outcome and faults."""

    batch_number: str
    code: str
    messages: list[tuple[str, str | None, str, Outcome, Faults]]
    release: Release = Release.R3
    sender: str = "ZZFDATST"
    receiver: str = "334818134"


_SENDER_FIELDS = "3.4.3 3.4.5 3.3.2 3.4.2 3.4.6 3.3.3 3.4.8 3.4.7 3.3.5 3.4.4 3.3.1 3.4.1 3.1"
ACCEPTED, WARNINGS, REJECTED = Outcome.ACCEPTED, Outcome.WARNINGS, Outcome.REJECTED

EXPECTED = {
    "EMJQ_v34_13-missing-tags_CR-AR.ack": Expected(
        "DeepQuenceTest-20260409-v34-e7b2c095-1f4a-4d3e-a6c8-7d9f2b5e1a04",
        "AR",
        [("SR-CASE-20260331-EMJQ", "836918", "CR", REJECTED, [(E, (f"C.{n}",)) for n in _SENDER_FIELDS.split()])],
    ),
    "INDT04_causality-missing_CR-AR.ack": Expected(
        "DeepQuenceTest-20260604-24f8d585-d9c3-4f0e-bcb0-7b2666f244ef",
        "AR",
        [
            (
                "SR-CASE-20260603-INDT04",
                "895680",
                "CR",
                REJECTED,
                [
                    (E, ("G.k.9.i.2.r.1", "G.k.9.i.2.r.2", "G.k.9.i.2.r.3", "G.k.1")),
                    (W, ("FDA.C.5.6.r", "N.2.r.3")),
                ],
            )
        ],
        sender="ZZFDATST_PREMKT",
    ),
    "MEGA5_v12_CA-AA.ack": Expected(
        "DeepQuenceTest-20260529-TCM12v12-8c89bf4e",
        "AA",
        [("SR-CASE-20260529-MEGA5v12", "891962", "CA", ACCEPTED, [])],
    ),
    "R3ack-positive.ack": Expected(
        "FAERS2022Scenario1-4069-a2dd-08002b30309d",
        "AA",
        [("21ec1492-3aea-4069-a2ab-08002b30309d US-APHARMA-8744554B", "19426648", "CA", ACCEPTED, [])],
        sender="ZZFDA",
        receiver="4567AB89012",
    ),
    "TCF04_study-type-missing_CR-AR.ack": Expected(
        "DeepQuenceTest-20260429-580ba4f7-284e-4f15-a430-2dafe1068d42",
        "AR",
        [
            (
                "SR-CASE-EXAMPLE-TCF04",
                "854545",
                "CR",
                REJECTED,
                [(E, ("C.5.4", "C.1.3", "N.2.r.3")), (E, ("C.5.4", "C.1.3"))],
            )
        ],
    ),
    "ack2-01.xml": Expected(
        "icsr number",
        "AA",
        [("report id #1", None, "CA", ACCEPTED, []), ("report id #2", None, "CA", ACCEPTED, [])],
        Release.R2,
        "msg sender",
        "msg receiver",
    ),
    "ack2-02.xml": Expected(
        "icsr number",
        "AE",
        [
            ("report id #1", "local report number #1", "CR", REJECTED, [(E, ())]),
            ("report id #2", "local report number #2", "CR", REJECTED, [(E, ())]),
        ],
        Release.R2,
        "msg sender",
        "msg receiver",
    ),
    "ack3-01.xml": Expected(
        "ICSR Batch Number",
        "AA",
        [
            ("messageNumber1", "ack_messageNumber1", "CA", ACCEPTED, []),
            ("messageNumber2", "ack_messageNumber2", "CA", ACCEPTED, []),
        ],
        sender="ack sender",
        receiver="ack receiver",
    ),
    "ack3-02.xml": Expected(
        "Batch Nbr",
        "AE",
        [
            ("messageNumber1", "ack_messageNumber1", "CA", WARNINGS, [(W, ())]),
            ("messageNumber2", "ack_messageNumber2", "CA", WARNINGS, [(W, ())]),
        ],
        sender="ack sender",
        receiver="ack receiver",
    ),
}


def test_every_file_is_expected() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_answer_is_read_to_the_right_codes_and_faults(name: str) -> None:
    expected = EXPECTED[name]
    answer = api.read_acknowledgement((FOLDER / name).read_bytes())
    assert (answer.release, answer.unread) == (expected.release, ())
    assert (answer.batch_number, answer.sender, answer.receiver) == (
        expected.batch_number,
        expected.sender,
        expected.receiver,
    )
    assert answer.code is not None
    assert answer.code.value == expected.code
    codes = [each.code.value if each.code else None for each in answer.messages]
    found = [
        (each.message_number, each.local_report_number, code, each.outcome, faults(each))
        for each, code in zip(api.conclude(answer).messages, codes, strict=True)
    ]
    assert found == expected.messages


R3 = sorted((REFERENCE / "instances" / "r3").glob("*.xml"))


def faults(message: api.MessageOutcome) -> Faults:
    return [(found.severity, found.element_ids) for found in message.findings]


@pytest.mark.parametrize(
    "path", sorted((REFERENCE / "instances" / "hostile").glob("*.xml")), ids=lambda path: path.name
)
def test_hostile_files_are_refused_at_once_by_every_reader(path: Path) -> None:
    xml = path.read_bytes()
    for read in (api.read, api.read_acknowledgement, lambda xml: list(api.read_stream([xml]))):
        started = time.process_time()
        with pytest.raises(api.UnreadableMessage):
            read(xml)
        assert time.process_time() - started < 0.2


DRAFTS = [path for path in R3 if path.name.startswith("utr3")]


@pytest.mark.parametrize("path", [path for path in R3 if path not in DRAFTS], ids=lambda path: path.name)
def test_a_stream_gives_what_the_whole_file_gives(path: Path) -> None:
    xml = path.read_bytes()
    whole = api.read(xml)
    before, *messages, wrapper = api.read_stream([xml], SCHEMAS)
    assert before.batch.batch_number == whole.batch_number
    assert tuple(message for part in messages for message in part.batch.messages) == whole.messages
    unknown = [each for part in (*messages, wrapper) for each in part.batch.unknown]
    assert sorted(each.content for each in unknown) == sorted(each.content for each in whole.unknown)
    found = [issue.message for part in (*messages, wrapper) for issue in part.schema.issues]
    assert found == [issue.message for issue in api.check_schema(xml, SCHEMAS).issues]


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.name)
def test_a_stream_flags_a_draft_and_gives_the_good_message_beside_it(path: Path) -> None:
    draft = path.read_bytes()
    before, *messages, wrapper = api.read_stream([draft], SCHEMAS)
    assert messages
    for part in (before, *messages, wrapper):
        assert re.match(r"Line \d+ names '.*oid.*', a placeholder", part.draft)
        assert part.batch.messages == ()
    good = (FOLDER.parent / "r3" / "example.xml").read_bytes()
    message = good[good.index(b"<PORR_IN049016UV") : good.index(b"</PORR_IN049016UV>")] + b"</PORR_IN049016UV>"
    mixed = draft.replace(b"</PORR_IN049016UV>", b"</PORR_IN049016UV>" + message, 1)
    _, flagged, read, *_ = api.read_stream([mixed])
    assert flagged.draft
    assert (read.batch.messages, read.draft) == (api.read(good).messages, "")
