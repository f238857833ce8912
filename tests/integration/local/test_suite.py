"""Two suites run side by side, each in its own private folder, and both leave nothing running."""

import http.client
import itertools
import os
import stat
import sys
from pathlib import Path

import pytest

from deploy.local.errors import LaunchError
from deploy.local.ledgers import checkpoint_key
from deploy.local.ports import free_ports
from deploy.local.processes import Spec, Supervisor
from deploy.local.readiness import INSTANCE, answering, listening
from deploy.local.suite import SERVICES, Door, Options, Suite, read_settings
from shared.audit.checkpoints import Key
from shared.audit.door import KEY_SETTING
from tests.integration.local.waiting import runs

WEB = """
import http.server, os, sys
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(os.environ[sys.argv[1]])), Health).serve_forever()
"""
WORKER = """
import os, signal
from pymongo import MongoClient
with MongoClient(os.environ["DAYZERO_TRIAGE_MONGO_URI"]) as client:
    client.get_default_database()["cases"].insert_one({})
print('{"event": "ready"}', flush=True)
signal.pause()
"""
DOORS = (
    Door("intake.app", (sys.executable, "-c", WEB, "DAYZERO_INTAKE_PORT"), "DAYZERO_INTAKE_PORT"),
    Door("triage.app", (sys.executable, "-c", WEB, "DAYZERO_REVIEW_PORT"), "DAYZERO_REVIEW_PORT"),
    Door("triage.worker", (sys.executable, "-c", WORKER)),
)


@pytest.fixture
def environ(tmp_path: Path, bin_folder: Path) -> dict[str, str]:
    run = tmp_path / "run"
    run.mkdir()
    (run / "bin").symlink_to(bin_folder)  # 180 MB need not be copied for every test
    return {"PATH": os.environ["PATH"], "DAYZERO_RUN": str(run)}


def pids(suite: Suite) -> list[int]:
    names = ["mongod", "broker", *(door.name for door in suite.doors)]
    return [suite.supervisor.process(name).pid for name in names]


def test_two_demos_at_once(environ: dict[str, str]) -> None:
    options = Options(topics=("dayzero.report.received.v1",), keep_data=False)
    with Suite("demo", options, DOORS, environ) as one, Suite("demo", options, DOORS, environ) as two:
        assert one.folder != two.folder
        ports = {one.intake_port, one.review_port, two.intake_port, two.review_port}
        assert len(ports) == 4
        started = pids(one) + pids(two)
        assert all(runs(pid) for pid in started)
        one.check()
        two.check()
    assert not any(runs(pid) for pid in started)
    assert not (one.folder / "mongo").exists()
    assert not (one.folder / "secrets").exists()
    assert one.outgoing.is_dir()  # what was built stays


def test_everything_of_a_run_is_private(environ: dict[str, str]) -> None:
    with Suite("up", Options(), DOORS, environ) as suite:
        folders = [suite.folder.parent, suite.folder, suite.outgoing, suite.incoming, suite.folder / "mongo"]
        assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
        assert stat.S_IMODE(suite.settings_file.stat().st_mode) == 0o600
        assert read_settings(suite.folder) == suite.settings


def test_only_relays_are_told_where_the_key_lies_that_signs(environ: dict[str, str]) -> None:
    told = "print('{\"event\": \"ready\"}', os.environ.get('DAYZERO_CHECKPOINT_KEY'), flush=True)"
    announces = f"import os, signal; {told}; signal.pause()"
    doors = [Door(f"triage.{name}", (sys.executable, "-c", announces)) for name in ("relay", "worker")]
    with Suite("up", Options(), doors, environ) as suite:
        key = Path(suite.settings[KEY_SETTING])
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert Key.read(key).public == Key.read(checkpoint_key(key.parent)).public
        logs = [suite.supervisor.process(door.name).log.read_text() for door in doors]
    assert [str(key) in log for log in logs] == [True, False]


def test_addresses_answer_and_a_part_can_be_killed_and_started_again(environ: dict[str, str]) -> None:
    with Suite("up", Options(topics=("a",)), DOORS, environ) as suite:
        for port in (suite.intake_port, suite.review_port):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/ready")
            assert connection.getresponse().status == 200
            connection.close()
        for name in ("broker", "triage.worker", "intake.app"):
            suite.kill(name)
            with pytest.raises(LaunchError, match=f"{name} was ended by SIGKILL"):
                suite.check()
            suite.restart(name)
        suite.check()


def test_a_second_up_in_the_same_folder_is_refused(environ: dict[str, str]) -> None:
    with Suite("up", Options(), (), environ), pytest.raises(LaunchError, match="in use by another run"):
        Suite("up", Options(), (), environ).__enter__()


def test_a_fixed_port_in_use_is_refused_before_anything_starts(environ: dict[str, str]) -> None:
    with Suite("demo", Options(), DOORS, environ) as one:
        fixed = Options(intake_port=one.intake_port)
        with pytest.raises(LaunchError, match=f"port {one.intake_port} for intake is in use"):
            Suite("up", fixed, DOORS, environ).__enter__()
        assert not (one.folder.parent / "up" / "mongo").exists()


def test_a_failing_door_stops_the_whole_start(environ: dict[str, str]) -> None:
    broken = Door("triage.relay", (sys.executable, "-c", "raise SystemExit('no')"))
    suite = Suite("up", Options(), (*DOORS, broken), environ)
    with pytest.raises(LaunchError, match=r"triage.relay ended with exit code 1: no"):
        suite.__enter__()
    assert not any(suite.supervisor.process(name).alive for name in ("mongod", "broker", "intake.app"))


def elsewhere_named() -> dict[str, str]:
    named = itertools.product(("INTAKE", "TRIAGE", "REPORTING"), ("MONGO", "LEDGER"))
    return {f"DAYZERO_{service}_{kind}_URI": f"mongodb://{service}-{kind}.example/" for service, kind in named}


def test_servers_elsewhere_are_all_named_or_none(environ: dict[str, str]) -> None:
    external = elsewhere_named()
    elsewhere = {**environ, **external, "DAYZERO_KAFKA": "kafka.example:9092"}
    with Suite("up", Options(), (), elsewhere) as suite:
        assert suite.settings.items() >= {**external, "DAYZERO_KAFKA": "kafka.example:9092"}.items()
        assert not (suite.folder / "mongo").exists()
    del elsewhere["DAYZERO_TRIAGE_MONGO_URI"]
    with pytest.raises(LaunchError, match=r"DAYZERO_TRIAGE_MONGO_URI not set, though .* set all or none"):
        Suite("up", Options(), (), elsewhere).__enter__()


def test_services_get_their_settings_and_schemas_only_if_set(environ: dict[str, str]) -> None:
    tell = 'import os; print(dict(os.environ), \'"event": "ready"\', flush=True); import signal; signal.pause()'
    door = Door("teller", (sys.executable, "-c", tell))
    options = Options(site_zone="Asia/Tokyo", extra={"DAYZERO_LOG_LEVEL": "debug"})
    with Suite("up", options, (door,), {**environ, "DAYZERO_E2B_SCHEMAS": "/schemas", "OTHER": "x"}) as suite:
        told = suite.supervisor.process("teller").logged()
    assert "'DAYZERO_SITE_ZONE': 'Asia/Tokyo'" in told
    assert "'DAYZERO_LOG_LEVEL': 'debug'" in told
    assert "'DAYZERO_E2B_SCHEMAS': '/schemas'" in told
    assert "OTHER" not in told
    assert "DAYZERO_TOPIC_PREFIX" not in told


def test_an_installed_schema_set_is_found_without_a_setting(environ: dict[str, str]) -> None:
    external = elsewhere_named()
    elsewhere = {**environ, **external, "DAYZERO_KAFKA": "kafka.example:9092"}
    with Suite("up", Options(), (), elsewhere) as suite:
        assert "DAYZERO_E2B_SCHEMAS" not in suite.settings
    installed = Path(environ["DAYZERO_RUN"]) / "schemas"
    (installed / "multicacheschemas").mkdir(parents=True)
    with Suite("up", Options(), (), elsewhere) as suite:
        assert suite.settings["DAYZERO_E2B_SCHEMAS"] == str(installed)
        assert read_settings(suite.folder)["DAYZERO_E2B_SCHEMAS"] == str(installed)


def test_the_doors_are_those_of_the_services() -> None:
    assert [door.name for door in SERVICES] == [
        "intake.app",
        "intake.relay",
        "intake.worker",
        "triage.app",
        "triage.worker",
        "triage.relay",
        "reporting.worker",
        "reporting.sender",
        "reporting.relay",
    ]


def test_a_port_that_another_run_took_first_is_no_readiness(tmp_path: Path) -> None:
    """Between choosing a port and listening on it another run may take it: its answer must not pass for ours."""
    (port,) = free_ports(1)
    foreign = "\n".join(
        (
            "from http.server import BaseHTTPRequestHandler, HTTPServer",
            "class Other(BaseHTTPRequestHandler):",
            "    def do_GET(self):",
            '        self.send_response(200); self.end_headers(); self.wfile.write(b\'{"instance": "0badcafe"}\')',
            f"HTTPServer(('127.0.0.1', {port}), Other).serve_forever()",
        )
    )
    ours = Spec(
        "ours", (sys.executable, "-c", "import time; time.sleep(60)"), {INSTANCE: "0600d"}, answering(port), 1.5
    )
    with Supervisor(tmp_path / "log") as supervisor:
        supervisor.start(Spec("theirs", (sys.executable, "-c", foreign), {}, listening(port)))
        with pytest.raises(LaunchError, match="ours"):
            supervisor.start(ours)
