"""However a launch ends, no process is left; a child that dies says why in one line."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.errors import LaunchError
from deploy.local.ports import free_port
from deploy.local.processes import Spec, Supervisor
from deploy.local.readiness import announced, answering, listening
from tests.integration.local.waiting import pids_in, runs, until

SLEEP = "import signal; signal.pause()"
# Writes its own id and that of a child of its own, which does not die with it.
FAMILY = (
    "import os, signal, subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
    "open(sys.argv[1], 'a').write(f'{os.getpid()} {child.pid}\\n')\n"
    "signal.pause()\n"
)
LAUNCHER = (
    "import sys\n"
    "from pathlib import Path\n"
    "from deploy.local.processes import Spec, Supervisor\n"
    "argv = (sys.executable, '-c', sys.argv[2], sys.argv[3])\n"
    "with Supervisor(Path(sys.argv[1])) as supervisor:\n"
    "    supervisor.start_all([Spec('one', argv, {}), Spec('two', argv, {})])\n"
    "    input()\n"
)


def python(name: str, code: str, *arguments: str, **more: object) -> Spec:
    return Spec(name, (sys.executable, "-c", code, *arguments), {}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_no_process_outlives_an_exception(tmp_path: Path, error: type[BaseException]) -> None:
    def launch() -> None:
        with Supervisor(tmp_path / "log") as supervisor:
            supervisor.start(python("family", FAMILY, str(tmp_path / "pids")))
            raise error

    with pytest.raises(error):
        launch()
    assert not any(runs(pid) for pid in pids_in(tmp_path / "pids", 2))


@pytest.mark.parametrize(
    ("number", "exit_code"), [(signal.SIGTERM, 143), (signal.SIGINT, -2), (signal.SIGHUP, 129), (signal.SIGKILL, -9)]
)
def test_no_process_outlives_a_launcher_that_is_ended(tmp_path: Path, number: int, exit_code: int) -> None:
    argv = [sys.executable, "-c", LAUNCHER, str(tmp_path / "log"), FAMILY, str(tmp_path / "pids")]
    launcher = subprocess.Popen(argv, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    with launcher:
        pids = pids_in(tmp_path / "pids", 4)
        os.kill(launcher.pid, number)
        assert launcher.wait(30) == exit_code
    until(lambda: not any(runs(pid) for pid in pids))


def test_what_ignores_sigterm_or_stands_still_is_killed(tmp_path: Path) -> None:
    deaf = 'import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(\'"event": "ready"\', flush=True)\n'
    with Supervisor(tmp_path / "log") as supervisor:
        one = supervisor.start(
            python("deaf", deaf + "while True: signal.pause()", ready_check=announced(60), grace=0.2)
        )
        two = supervisor.start(python("still", SLEEP))
        supervisor.kill("still", signal.SIGSTOP)
    assert one.popen.returncode == -signal.SIGKILL
    assert two.popen.returncode == -signal.SIGTERM


def test_kill_takes_the_whole_group_and_restart_starts_it_again(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "log") as supervisor:
        supervisor.start(python("family", FAMILY, str(tmp_path / "pids")))
        first = pids_in(tmp_path / "pids", 2)
        supervisor.kill("family")
        assert not any(runs(pid) for pid in first)
        supervisor.restart("family")
        second = pids_in(tmp_path / "pids", 4)[2:]
        assert all(runs(pid) for pid in second)
        supervisor.restart("family")  # of one that runs: stopped first
        assert not any(runs(pid) for pid in second)
    assert not any(runs(pid) for pid in pids_in(tmp_path / "pids", 6))


def test_a_later_batch_is_stopped_before_an_earlier_one(tmp_path: Path) -> None:
    tell = (
        "import signal, sys\n"
        "def end(*_):\n    open(sys.argv[1], 'a').write(sys.argv[2] + ' ')\n    sys.exit()\n"
        'signal.signal(signal.SIGTERM, end); print(\'"event": "ready"\', flush=True)\n'
        "while True: signal.pause()\n"
    )
    order = str(tmp_path / "order")
    with Supervisor(tmp_path / "log") as supervisor:
        for name in ("server", "service"):
            supervisor.start(python(name, tell, order, name, ready_check=announced(60)))
    assert Path(order).read_text().split() == ["service", "server"]


def test_a_child_that_dies_says_why(tmp_path: Path) -> None:
    dies = python("broken", "raise SystemExit('DAYZERO_KAFKA is not set')", ready_check=announced(60))
    with Supervisor(tmp_path / "log") as supervisor, pytest.raises(LaunchError) as told:
        supervisor.start_all([python("fine", SLEEP), dies])
    log = tmp_path / "log" / "broken.log"
    assert str(told.value) == f"broken ended with exit code 1: DAYZERO_KAFKA is not set (log: {log})"


def test_a_program_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "log") as supervisor, pytest.raises(LaunchError, match="/no/such cannot be started"):
        supervisor.start(Spec("gone", ("/no/such",), {}))


def test_a_port_in_use_is_called_that(tmp_path: Path) -> None:
    port = free_port()
    serve = f"import http.server as h; h.HTTPServer(('127.0.0.1', {port}), h.BaseHTTPRequestHandler).serve_forever()"
    with Supervisor(tmp_path / "log") as supervisor:
        supervisor.start(python("one", serve, ready_check=listening(port)))
        with pytest.raises(LaunchError, match="port is in use; choose another"):
            supervisor.start(python("two", serve, ready_check=announced(60)))


def test_never_ready_names_the_limit(tmp_path: Path) -> None:
    spec = python("slow", SLEEP, ready_check=answering(free_port()), ready_within=0.3)
    with (
        Supervisor(tmp_path / "log") as supervisor,
        pytest.raises(LaunchError, match=r"slow was not ready within 0.3 s"),
    ):
        supervisor.start(spec)


def test_check_finds_what_ended_by_itself(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "log") as supervisor:
        process = supervisor.start(python("short", SLEEP))
        supervisor.check()
        os.kill(process.pid, signal.SIGKILL)
        until(lambda: not process.alive)
        with pytest.raises(LaunchError, match="short was ended by SIGKILL"):
            supervisor.check()


def test_children_see_only_the_environment_they_are_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYZERO_SECRET_OF_ANOTHER", "x")
    code = 'import os; print(dict(os.environ), \'"event": "ready"\', flush=True); import signal; signal.pause()'
    argv = (sys.executable, "-c", code)
    with Supervisor(tmp_path / "log") as supervisor:
        process = supervisor.start(Spec("child", argv, {"DAYZERO_ONE": "1"}, announced(60)))
        assert "'DAYZERO_ONE': '1'" in process.logged()
        assert "DAYZERO_SECRET_OF_ANOTHER" not in process.logged()


def test_each_is_its_own_group_and_logs_privately(tmp_path: Path) -> None:
    with Supervisor(tmp_path / "log") as supervisor:
        process = supervisor.start(python("one", SLEEP))
        assert os.getpgid(process.pid) == os.getsid(process.pid) == process.pid
        assert process.log.stat().st_mode & 0o777 == 0o600
