"""A trail of 100,000 entries verifies in a process of its own, in the memory of a few lines."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from shared.audit.checkpoints import Key
from tests.bench import audit
from tests.integration.audit.made import VERIFIER

ENTRIES = 100_000
BYTES = 200 << 20  # of address space, libraries and all: the file alone has 150 MB, and is never held whole
LIMITED = f"""
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_AS, ({BYTES}, {BYTES}))
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def large(tmp_path: Path, key: Key) -> Path:
    file = tmp_path / "trail.ndjson"
    with file.open("wb") as opened:
        opened.writelines(audit.lines(key, ENTRIES))
    return file


@pytest.mark.timeout(400)  # it makes 100,000 entries and verifies them twice, on a machine that others use too
def test_a_hundred_thousand_entries_verify_and_one_changed_letter_is_found(
    large: Path, key: Key, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    public = tmp_path / "public.pem"
    public.write_text(key.public_pem())
    argv = [sys.executable, "-c", LIMITED, str(VERIFIER), str(large), "--key", str(public)]
    started = time.monotonic()
    whole = subprocess.run(argv, capture_output=True, text=True, timeout=180, check=False)
    with capsys.disabled():
        print(f"\n{ENTRIES:,} entries verified in {time.monotonic() - started:.1f} s")  # noqa: T201 - the figure asked for
    assert whole.returncode == 0, whole
    assert f"triage: {ENTRIES} entries, whole; the checkpoint of" in whole.stdout
    assert f"covers it up to {ENTRIES}\n" in whole.stdout

    content = large.read_bytes()
    large.write_bytes(content.replace(b"Cardivane 67890 mg", b"Cardivane 67891 mg"))
    changed = subprocess.run(argv, capture_output=True, text=True, timeout=180, check=False)
    assert changed.returncode == 1
    assert "  triage 67891: was changed: its hash is not that of what it says" in changed.stdout.splitlines()
