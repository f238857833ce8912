"""The stand-in regulator reads files and writes files, and rejects a death without its date once."""

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.demo.regulator import Regulator
from shared.clock import SetClock
from shared.icsr import api as icsr
from shared.icsr.model.dates import TS
from tests.golden.icsr import models

EU = "EVHUMAN"
CLOCK = SetClock(datetime(2026, 4, 2, 8, 30, tzinfo=UTC))


@pytest.fixture
def regulator(tmp_path: Path) -> Regulator:
    for name in ("outgoing", "incoming"):
        (tmp_path / name).mkdir()
    return Regulator(tmp_path / "outgoing", tmp_path / "incoming", CLOCK, None)


def lay(tmp_path: Path, number: str, dated: bool) -> None:
    """Lay a message about a death, with or without its date, where the regulator looks.

    It goes to the EU, for FDA's rule on trials would stop it here before it is sent.
    """
    batch = dataclasses.replace(models.rich(), batch_receiver=EU)
    message = dataclasses.replace(batch.messages[0], message_receiver=EU)
    date = TS("202603") if dated else None
    death = dataclasses.replace(message.report.death, death_date=date)
    report = dataclasses.replace(message.report, death=death)
    messages = (dataclasses.replace(message, report=report),)
    written = icsr.write(dataclasses.replace(batch, batch_number=number, messages=messages))
    assert written.xml is not None, written.issues
    (tmp_path / "outgoing" / f"{number}.xml").write_bytes(written.xml)


def answer(tmp_path: Path, number: str) -> icsr.Acknowledgement:
    return icsr.read_acknowledgement((tmp_path / "incoming" / f"ack-{number}.xml").read_bytes())


def test_a_message_is_accepted_under_its_own_numbers(tmp_path: Path, regulator: Regulator) -> None:
    lay(tmp_path, "B-1", dated=True)
    assert regulator.answer_new() == 1
    found = answer(tmp_path, "B-1")
    batch = models.rich()
    assert (found.batch_number, found.code) == ("B-1", icsr.TransmissionCode.ACCEPTED)
    assert (found.sender, found.receiver) == (EU, batch.batch_sender)
    assert found.date == TS("20260402083000+0000")
    assert [(m.message_number, m.code) for m in found.messages] == [
        (batch.messages[0].message_id, icsr.MessageCode.ACCEPTED)
    ]


def test_a_file_is_answered_once(tmp_path: Path, regulator: Regulator) -> None:
    lay(tmp_path, "B-1", dated=True)
    regulator.answer_new()
    assert regulator.answer_new() == 0


def test_a_death_without_a_date_is_rejected_once_and_by_element(tmp_path: Path, regulator: Regulator) -> None:
    lay(tmp_path, "B-1", dated=False)
    regulator.answer_new()
    found = answer(tmp_path, "B-1")
    assert found.code is icsr.TransmissionCode.ERROR
    assert found.messages[0].code is icsr.MessageCode.REJECTED
    assert "D.9.1" in (found.messages[0].comment or "")
    lay(tmp_path, "B-2", dated=False)
    regulator.answer_new()
    assert answer(tmp_path, "B-2").code is icsr.TransmissionCode.ACCEPTED


def test_a_file_that_is_no_message_is_a_fault_that_the_demo_tells(tmp_path: Path, regulator: Regulator) -> None:
    (tmp_path / "outgoing" / "odd.xml").write_bytes(b"<odd/>")
    regulator.answer_new()
    assert regulator.answered[0].faults
    assert list((tmp_path / "incoming").iterdir()) == []


def test_a_file_that_is_being_written_is_not_looked_at(tmp_path: Path, regulator: Regulator) -> None:
    (tmp_path / "outgoing" / ".half.xml").write_bytes(b"<odd")
    assert regulator.answer_new() == 0
