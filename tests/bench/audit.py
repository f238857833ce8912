"""The stand-alone verifier on an export of 100,000 entries, against reading and hashing the same bytes.

The floor is `json.loads` and SHA-256 of each line: less than that no verifier can do.
"""

import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from deploy.audit import verify_export
from deploy.local.ledgers import checkpoint_key
from shared.audit.chain import chain, fields_of
from shared.audit.checkpoints import EXPORT_TAG, Key, checkpoint, instant
from shared.audit.ledger import START
from tests.bench.e2b import Times

ENTRIES = 100_000
PASSES = 5
_AT_ONCE = 1000
_AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


def verifying() -> Times:
    """Verify an export against its floor, by turns."""
    with TemporaryDirectory() as folder:
        file, key = Path(folder) / "trail.ndjson", Key.read(checkpoint_key(Path(folder)))
        file.write_bytes(b"".join(lines(key, ENTRIES)))
        seconds = [(_seconds(_floor, file), _seconds(_verify, file, key)) for _ in range(PASSES + 1)][1:]
        size = file.stat().st_size / ENTRIES / 1000
        title = f"Audit: an export of {ENTRIES:,} entries of {size:.1f} kB verified"
    return Times(title, "json and SHA-256", "at most 5", True, seconds)


def lines(key: Key, count: int, sponsor: str = "helvion") -> Iterator[bytes]:
    """Yield an export of one chain, signed at every thousandth entry."""
    said = {"sponsor": sponsor, "at": instant(_AT), "blinded": False, "redacted": []}
    yield _line("export", said)
    head = START
    for first in range(0, count, _AT_ONCE):
        entries = chain("triage", sponsor, head, [fields_of(an_entry(first + number)) for number in range(_AT_ONCE)])
        head = entries[-1]["seq"], entries[-1]["hash"]
        yield from (_line("entry", entry) for entry in entries)
        yield _line("checkpoint", checkpoint(key, "triage", sponsor, head, _AT))
    chains = {"triage": {"seq": head[0], "hash": head[1]}}
    yield _line("end", key.sign(EXPORT_TAG, {**said, "chains": chains}))


def an_entry(number: int) -> dict[str, Any]:
    """Return an entry as it waits in its document."""
    return {
        "entry_id": f"aud_{number:026d}",
        "at": _AT + timedelta(seconds=number),
        "actor": "dr.mora",
        "authentication": "password totp",
        "action": "case.amended",
        "subject": f"case_{number:026d}",
        "reason": "the reporter's letter says so, σελίδα 2",
        "service_version": "triage 0.1.0",
        "roles": ["safety_physician"],
        "changes": [{"field": "/drugs/0/name", "old": '"Cardivane"', "new": f'"Cardivane {number} mg"'}],
    }


def _floor(file: Path) -> None:
    with file.open("rb") as opened:
        for line in opened:
            json.loads(line)
            hashlib.sha256(line).digest()


def _verify(file: Path, key: Key) -> None:
    with file.open("rb") as opened:
        verifier = verify_export.verify(opened, [key.public])
    if verifier.faults or verifier.chains["triage"].covered != ENTRIES:
        raise RuntimeError("an unaltered trail was not found whole")


def _seconds(work: Any, *given: object) -> float:
    start = time.process_time()
    work(*given)
    return time.process_time() - start


def _line(kind: str, record: dict[str, Any]) -> bytes:
    return json.dumps({"kind": kind, **record}, ensure_ascii=False).encode() + b"\n"
