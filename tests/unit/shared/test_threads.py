"""Threads that are first together do not crash a process; each try is a fresh process, for it happens once in each."""

import subprocess
import sys

import pytest

TOGETHER = """
import sys, threading
{setup}
sys.setswitchinterval(1e-6)
barrier = threading.Barrier(16)
def act():
    barrier.wait()
    for _ in range(50):
        {act}
threads = [threading.Thread(target=act) for _ in range(16)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
READ = (
    "from tests.unit.intake.conftest import REPORT, read",
    "assert read(REPORT).content.drugs",
)
STORED = (
    """
import msgspec
from intake.store.reports import KeptReceipt, _kept
from tests.builders import a_receipt
document = {**msgspec.to_builtins(a_receipt()), "repeat": False, "key": None}
""",
    "assert _kept(document).receipt.zone",
)
CASE = (
    """
from datetime import UTC, datetime
from triage.store.cases import _case
head = {"id": "c", "sponsor": "s", "revision": 1, "status": "needs_review", "title": "", "versions": []}
""",
    "assert _case({'head': head}).sponsor",
)


@pytest.mark.parametrize("what", [READ, STORED, CASE], ids=["a body", "a kept report", "a case"])
def test_threads_that_are_first_together(what: tuple[str, str]) -> None:
    script = TOGETHER.format(setup=what[0], act=what[1])
    tries = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) for _ in range(4)]
    ended = [(each.wait(60), (each.communicate()[1] or b"")[-300:]) for each in tries]
    assert ended == [(0, b"")] * 4
