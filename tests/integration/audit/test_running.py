"""While the suite runs its relays move and sign, and nothing else changes: the ledger identity holds as before."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.audit_trails import Trails
from deploy.cli.main import app
from deploy.cli.run_settings import in_environment
from deploy.local.mongod import SERVICES
from shared.audit.chain import values_of
from tests.integration.audit.made import an_entry, checked
from tests.integration.local.waiting import until
from tests.integration.rig import a_body, running


@pytest.mark.parametrize("service", SERVICES)
def test_a_relay_moves_what_waits_signs_it_and_ends_when_told(
    suite_env: dict[str, str], trails: Trails, service: str, tmp_path: Path
) -> None:
    trail, log = trails[service], tmp_path / "relay.log"
    trail.happenings.enter(an_entry())
    with log.open("wb") as out:
        environment = {**os.environ, **suite_env}
        relay = subprocess.Popen([sys.executable, "-m", f"{service}.relay"], env=environment, stderr=out, stdout=out)
        try:
            until(lambda: trail.ledger.head("helvion")[0] == 1)
            until(lambda: b"audit_checkpoint" in log.read_bytes())
            until(lambda: list(trail.sequencer.pending()) == [])
        finally:
            relay.terminate()
            assert relay.wait(timeout=20) == 0, log.read_text()
    (signed,) = [json.loads(line) for line in log.read_text().splitlines() if "audit_checkpoint" in line]
    (kept,) = trail.ledger.checkpoints("helvion")
    assert {name: signed[name] for name in kept if name in signed and name != "at"} == {
        name: kept[name] for name in ("service", "sponsor", "seq", "hash", "key_id", "signature")
    }


def test_what_a_report_becomes_is_in_the_trail_and_the_ledger_identity_holds(tmp_path: Path, bin_folder: Path) -> None:
    with running(tmp_path, bin_folder, harmed=False) as rig:
        report_id = rig.post(a_body("AUDIT-1")).body["report_id"]
        rig.case_of(report_id)
        rig.settle()
        file = tmp_path / "trail.ndjson"
        with in_environment(rig.suite.settings):
            result = CliRunner().invoke(app, ["audit", "export", "--sponsor", "helvion", "-o", str(file)])
            identity = CliRunner().invoke(app, ["ledger", "check", "--grace-minutes", "0"])
    assert (result.exit_code, identity.exit_code) == (0, 0), (result.output, identity.output)
    assert checked(file).returncode == 0
    entries = [line for line in map(json.loads, file.read_text().splitlines()) if line["kind"] == "entry"]
    actions = {(entry["service"], values_of(entry)["action"]) for entry in entries}
    assert actions >= {("intake", "report.received"), ("triage", "case.opened"), ("triage", "audit.exported")}
