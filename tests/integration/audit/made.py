"""Trails to look at and to tamper with: entries as services write them, moved and signed as relays do."""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from deploy.cli.audit_trails import Trails, Withholding, export, sign
from shared.audit.checkpoints import Key
from shared.contracts.audit import AuditEntry, Changed
from shared.ids import new_id

VERIFIER = Path(__file__).parents[3] / "deploy" / "audit" / "verify_export.py"
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
SPONSOR = "helvion"

Lines = list[dict[str, Any]]


def an_entry(number: int = 0, sponsor: str = SPONSOR, **more: Any) -> AuditEntry:
    said: dict[str, Any] = {
        "entry_id": new_id("aud"),
        "sponsor": sponsor,
        "at": NOW + timedelta(seconds=number),
        "actor": "dr.mora",
        "authentication": "password totp",
        "action": "case.amended",
        "subject": f"case_{number}",
        "reason": "as reported, 頭痛",
        "service_version": "triage 0.1.0",
        "roles": ("safety_physician",),
        "changes": (Changed(field="/drugs/0/name", old=None, new=f'"Cardivane {number}"'),),
    }
    return AuditEntry(**{**said, **more})


def fill(trails: Trails, key: Key, numbers: Sequence[int], sponsor: str = SPONSOR, **more: Any) -> None:
    """Enter at every service, move, and sign where the chains end."""
    for trail in trails.values():
        for number in numbers:
            trail.happenings.enter(an_entry(number, sponsor, **more))
        trail.sequencer.move_all()
    sign(trails, sponsor, key, NOW + timedelta(seconds=numbers[-1]))


def exported(trails: Trails, key: Key, sponsor: str = SPONSOR, withholding: Withholding | None = None) -> Lines:
    lines = export(trails, sponsor, key, withholding or Withholding(), NOW + timedelta(hours=1))
    return [json.loads(line) for line in lines]


def written(folder: Path, lines: Sequence[Any]) -> Path:
    file = folder / "export.ndjson"
    file.write_bytes(b"".join(each if isinstance(each, bytes) else json.dumps(each).encode() + b"\n" for each in lines))
    return file


def checked(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the stand-alone verifier by itself: without the project, in a process of its own."""
    argv = [sys.executable, "-I", "-S", "-c", _ALONE, str(VERIFIER), *map(str, arguments)]
    return subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)


# Only what `pip install cryptography` brings, so that an import of the project's would fail.
_ALONE = f"""
import runpy, sys
sys.path += {[path for path in sys.path if path.endswith("site-packages")]!r}
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    ours = [name for name in sys.modules if name.partition(".")[0] in ("shared", "deploy", "rfc8785", "pymongo")]
    assert ours == [], ours
"""


def faults_of(ended: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines that name service and position."""
    assert ended.stderr == ""
    return [line.strip() for line in ended.stdout.splitlines() if line.startswith("  ")]
