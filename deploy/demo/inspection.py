"""What a sponsor and an inspector ask for at the end: who may do what, who signed, and a trail that verifies alone.

The trail is exported by the command, and checked as a sponsor does it: by the one file of the verifier, with the public
key, without the suite.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from deploy.audit import verify_export
from deploy.demo.staff import Staff, hired

PHYSICIAN, APPROVER, OVERSIGHT = "physician", "approver", "oversight"
_DAYZERO = (sys.executable, "-m", "deploy.cli.main")
_NOT_PERMITTED, _NOT_THERE = 403, 404


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """Who works in the demonstration: nobody alone both enters and approves."""

    physician: Staff
    approver: Staff
    oversight: Staff  # of one sponsor, who may read
    overseen: str


class Trail(msgspec.Struct, frozen=True, kw_only=True):
    """An exported audit trail, and what the verifier says of it."""

    sponsor: str
    file: Path
    lines: tuple[str, ...]
    is_whole: bool


def team(settings: Mapping[str, str], review_url: str, overseen: str) -> Team:
    """Hire everybody. Raises CommandError."""
    enters = ("intake_associate", "safety_physician", "submissions_officer")
    return Team(
        physician=hired(settings, review_url, PHYSICIAN, enters),
        approver=hired(settings, review_url, APPROVER, ("approver",)),
        oversight=hired(settings, review_url, OVERSIGHT, ("sponsor_oversight",), (overseen,)),
        overseen=overseen,
    )


def roles_hold(team: Team, cases: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Try what nobody may: yield each promise of a role that did not hold."""
    for case in cases:
        path, is_hers = f"/api/cases/{case['id']}", case["sponsor"] == team.overseen
        expected = 200 if is_hers else _NOT_THERE
        if (status := team.oversight.call("GET", path).status) != expected:
            yield f"{OVERSIGHT} reads a case of {case['sponsor']}: {status}, not {expected}"
        approval = team.oversight.call("POST", f"{path}/approve", {"reason": "mine"}, {"If-Match": '"1"'})
        if approval.status != _NOT_PERMITTED:
            yield f"{OVERSIGHT} approves: {approval.status}, not {_NOT_PERMITTED}"


def signatures(cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return every signature of the cases."""
    return [one["signature"] for case in cases for one in case["signatures"]]


def trails(folder: Path, sponsors: Sequence[str]) -> list[Trail]:
    """Export each sponsor's trail and verify it; the settings are those of the environment."""
    key = folder / "audit-public-key.pem"
    _run(*_DAYZERO, "audit", "public-key", "-o", str(key))
    return [_trail(folder / f"audit-{sponsor}.ndjson", sponsor, key) for sponsor in sponsors]


def _trail(file: Path, sponsor: str, key: Path) -> Trail:
    exported = _run(*_DAYZERO, "audit", "export", "--sponsor", sponsor, "-o", str(file))
    if exported.returncode:
        return Trail(sponsor=sponsor, file=file, lines=(exported.stderr.strip(),), is_whole=False)
    checked = _run(sys.executable, verify_export.__file__, str(file), "--key", str(key))
    lines = tuple((checked.stdout or checked.stderr).strip().splitlines())
    return Trail(sponsor=sponsor, file=file, lines=lines, is_whole=checked.returncode == 0)


def _run(*argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, capture_output=True, text=True, check=False, env=dict(os.environ))  # noqa: S603 - ours
