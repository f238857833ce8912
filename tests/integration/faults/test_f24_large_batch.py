"""A batch of any number of messages is read in the memory of its largest message (guide v5.03, section 3.1)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from shared.icsr.e2b.writer import write_batch
from tests.golden.icsr.models import rich

MESSAGES = 2_000
MEGABYTE = 1024 * 1024
_NUMBER = b"US-ORBIS-0002"
_PEAK = 300
_SECONDS = 600  # of a machine that does much else

# A process of its own, whose peak is that of reading; getrusage's would include that of whoever started it.
_READER = r"""
import json, pathlib, re, sys
from shared.icsr import api

numbers, last = set(), None
with open(sys.argv[1], "rb") as file:
    for part in api.read_stream(file):
        last = part
        if part.number:
            [message] = part.batch.messages
            numbers.add(message.message_id)
            assert part.number == len(numbers) and not part.batch.unknown
peak = int(re.search("VmHWM:\s+(\d+)", pathlib.Path("/proc/self/status").read_text())[1])  # kB
print(json.dumps({"messages": len(numbers), "sender": last.batch.batch_sender, "peak": peak}))
"""


def _pieces() -> Iterator[bytes]:
    [message] = rich().messages
    narrative = replace(message.report.narrative, case_narrative="Told at length. " * 1300)
    long = replace(message, report=replace(message.report, narrative=narrative))
    whole = write_batch(replace(rich(), messages=(long,)))
    begins, ends = whole.index(b"<PORR_IN049016UV"), whole.index(b"</PORR_IN049016UV>") + len(b"</PORR_IN049016UV>")
    yield whole[:begins]
    for number in range(MESSAGES):
        yield whole[begins:ends].replace(_NUMBER, b"US-ORBIS-%08d" % number) + b"\n"
    yield whole[ends:]


def test_two_thousand_messages_are_read_in_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "batch.xml"
    with file.open("wb") as out:
        out.writelines(_pieces())
    assert file.stat().st_size > 100_000_000
    command = [sys.executable, "-c", _READER, str(file)]
    done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert (found["messages"], found["sender"]) == (MESSAGES, "ORBIS")
    assert found["peak"] * 1024 < _PEAK * MEGABYTE
