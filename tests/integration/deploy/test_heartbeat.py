"""A process without HTTP shows that its loop turns, and stops showing it when it hangs."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.docker import healthy
from deploy.local.broker import Broker
from shared import heartbeat
from shared.contracts import topics
from tests.integration.local.waiting import until


@pytest.mark.parametrize("door", ["reporting.worker", "reporting.relay", "reporting.sender"])
def test_a_loop_that_turns_beats_and_one_that_hangs_does_not(
    door: str, suite_env: dict[str, str], broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker.create_topics([suite_env["DAYZERO_TOPIC_PREFIX"] + topic for topic in topics.ALL])
    file = tmp_path / "heartbeat"
    monkeypatch.setenv(heartbeat.SETTING, str(file))
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", door], env={**os.environ, **suite_env}, stderr=log)
    try:
        until(file.exists, within=60)
        first = file.stat().st_mtime_ns
        until(lambda: file.stat().st_mtime_ns > first, within=60)
        assert healthy.main([]) == 0
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        os.utime(file, (0, 0))  # as if it had hung since 1970: nobody touches it again
        assert healthy.main([]) == 1
    finally:
        process.kill()
        process.wait(timeout=20)
