"""``dayzero audit``: what it says, what it writes, and with which exit code."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database
from typer.testing import CliRunner, Result

from deploy.cli.audit_trails import Trails
from deploy.cli.main import app
from shared.audit.checkpoints import Key
from shared.audit.door import KEY_SETTING
from tests.integration.audit.made import an_entry, checked, fill

Run = Callable[..., Result]


@pytest.fixture
def run(suite_env: dict[str, str], trails: Trails, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, value in suite_env.items():
        monkeypatch.setenv(name, value)
    fill(trails, Key.read(Path(suite_env[KEY_SETTING])), range(3))
    return lambda *arguments: CliRunner().invoke(app, ["audit", *map(str, arguments)])


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def test_a_whole_trail_is_told_to_be_whole_with_what_is_not_covered_and_what_waits(run: Run, trails: Trails) -> None:
    trails["intake"].happenings.enter(an_entry(3))
    trails["intake"].sequencer.move_all()
    trails["triage"].happenings.enter(an_entry(4))
    result = run("verify", "--sponsor", "helvion")
    assert result.exit_code == 0, result.output
    assert "triage: 1 entries wait to be moved, the oldest of 2026-11-27 09:00:04 UTC" in result.stdout
    assert (
        "intake: 4 entries, whole; the checkpoint of 2026-11-27T09:00:02.000Z covers it up to 3, 1 later"
        in result.stdout
    )
    assert "triage: 3 entries, whole; the checkpoint of 2026-11-27T09:00:02.000Z covers it up to 3" in result.stdout
    assert result.stdout.splitlines()[-1] == "Whole."
    told = json.loads(run("verify", "--sponsor", "helvion", "--json").stdout)
    assert (told["whole"], told["faults"]) == (True, [])
    assert told["chains"]["intake"] == {
        "entries": 4,
        "last": 4,
        "covered": 3,
        "covered_at": "2026-11-27T09:00:02.000Z",
    }
    assert [each["service"] for each in told["waiting"]] == ["triage"]


def test_a_broken_trail_is_exit_code_1_with_the_position_and_is_exported_all_the_same(
    run: Run, ledger_by_admin: Database[Any], tmp_path: Path
) -> None:
    ledger_by_admin["entries"].delete_one({"seq": 2})
    ledger_by_admin["checkpoints"].delete_many({})
    result = run("verify", "--sponsor", "helvion")
    assert result.exit_code == 1
    assert "  triage 2: position 2 is missing: removed, or reordered" in result.stdout
    (fault,) = json.loads(run("verify", "--sponsor", "helvion", "--json").stdout)["faults"]
    assert (fault["service"], fault["position"]) == ("triage", 2)
    exported = run("export", "--sponsor", "helvion", "-o", tmp_path / "trail.ndjson")
    assert exported.exit_code == 1
    assert "broken at position 2, and was not signed; look closer with: dayzero audit verify" in exported.stderr
    ended = checked(tmp_path / "trail.ndjson")
    assert (ended.returncode, "triage 2: position 2 is missing" in ended.stdout) == (1, True)
    assert run("checkpoint", "--sponsor", "helvion").exit_code == 1


def test_an_export_is_entered_in_the_trail_and_verifies_alone(run: Run, tmp_path: Path) -> None:
    file, public = tmp_path / "trail.ndjson", tmp_path / "public.pem"
    result = run("export", "--sponsor", "helvion", "-o", file, "--reason", "asked for by the sponsor")
    assert result.exit_code == 0, result.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir() if each.name.startswith("trail")) == ["trail.ndjson"]
    assert run("public-key", "-o", public).exit_code == 0
    ended = checked(file, "--key", public)
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "Whole.")
    assert ended.stdout.count(", whole; the checkpoint of ") == 3
    told = [line["fields"] for line in lines(file) if line["kind"] == "entry" and line["seq"] == 4]
    (fields,) = told
    assert (fields["action"]["value"], fields["reason"]["value"]) == ("audit.exported", "asked for by the sponsor")
    assert fields["authentication"]["value"] == "operating system"


@pytest.mark.parametrize("withheld", [("--blinded",), ("--redact", "changes", "--redact", "actor")])
def test_a_redacted_or_blinded_export_says_so_and_verifies(
    run: Run, trails: Trails, tmp_path: Path, withheld: tuple[str, ...]
) -> None:
    trails["triage"].happenings.enter(an_entry(7, reason="to active", discloses=True, actor="dr.who"))
    file = tmp_path / "trail.ndjson"
    assert run("export", "--sponsor", "helvion", "-o", file, *withheld).exit_code == 0
    assert checked(file).returncode == 0
    text, header = file.read_text(), lines(file)[0]
    assert (header["blinded"], header["redacted"]) == (
        (True, []) if "--blinded" in withheld else (False, ["changes", "actor"])
    )
    assert "Cardivane 7" not in text
    assert "dr.who" not in text


def test_a_checkpoint_that_is_held_tells_of_what_was_cut_with_its_own(
    run: Run, ledger_by_admin: Database[Any], tmp_path: Path
) -> None:
    held = tmp_path / "held.ndjson"
    assert run("checkpoint", "--sponsor", "helvion", "-o", held).exit_code == 0
    assert [(each["kind"], each["service"], each["seq"]) for each in lines(held)] == [
        ("checkpoint", "intake", 3),
        ("checkpoint", "triage", 3),
        ("checkpoint", "reporting", 3),
    ]
    assert run("checkpoint", "--sponsor", "helvion").stdout.encode() == held.read_bytes()
    for name in ("entries", "checkpoints"):
        ledger_by_admin[name].delete_many({"seq": 3})
    assert run("verify", "--sponsor", "helvion").exit_code == 0
    result = run("verify", "--sponsor", "helvion", "--checkpoint", held)
    assert result.exit_code == 1
    assert "  triage 3: cut: the chain ends at 2, the checkpoint that you hold of " in result.stdout


def test_another_key_than_that_of_the_setting_may_be_named(run: Run, another_key: Key, tmp_path: Path) -> None:
    public = tmp_path / "public.pem"
    public.write_text(another_key.public_pem())
    result = run("verify", "--sponsor", "helvion", "--key", public)
    assert result.exit_code == 1
    assert "triage 3: a checkpoint is signed by a key that you did not name" in result.stdout


def test_what_cannot_be_done_is_told_with_the_cure(
    run: Run, suite_env: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there, bad = tmp_path / "there", tmp_path / "bad"
    for each in (there, bad):
        each.write_text("{}")
    failures = {
        ("verify", "--sponsor", "unknown"): "there is no audit trail of unknown; there are those of helvion",
        ("export", "--sponsor", "unknown", "-o", tmp_path / "x"): "there is no audit trail of unknown",
        ("export", "--sponsor", "helvion", "-o", there): f"{there} exists; name another file with -o",
        ("export", "--sponsor", "helvion", "-o", tmp_path / "x", "--reason", " "): "a reason is required",
        ("verify", "--sponsor", "helvion", "--key", bad): "holds no public key in PEM",
        ("verify", "--sponsor", "helvion", "--checkpoint", bad): "take them with: dayzero audit checkpoint",
    }
    for arguments, words in failures.items():
        result = run(*arguments)
        assert (result.exit_code, words in result.stderr) == (2, True), (arguments, result.output)
    monkeypatch.setenv(KEY_SETTING, str(tmp_path / "none.pem"))
    assert "DAYZERO_CHECKPOINT_KEY: " in run("export", "--sponsor", "helvion", "-o", tmp_path / "x").stderr
    monkeypatch.delenv(KEY_SETTING)
    for name in ("export", "checkpoint"):
        output = ("-o", tmp_path / "x")
        result = run(name, "--sponsor", "helvion", *output)
        assert (result.exit_code, "DAYZERO_CHECKPOINT_KEY" in result.stderr) == (2, True)
    assert not (tmp_path / "x").exists()
    trusting = run("verify", "--sponsor", "helvion")
    assert (trusting.exit_code, "name the one that you were given, with --key" in trusting.stdout) == (0, True)
    monkeypatch.delenv("DAYZERO_TRIAGE_LEDGER_URI")
    result = run("verify", "--sponsor", "helvion")
    assert (result.exit_code, "DAYZERO_TRIAGE_LEDGER_URI" in result.stderr) == (2, True)
    assert "Traceback" not in result.output
