"""A setting that is missing, wrong or misspelt: one readable line that names it, exit code 78, no traceback.

A name that nearly is one of the door's settings is refused, for the setting meant would keep its default in silence
(a site's time zone decides day zero). Any other unknown ``DAYZERO_`` name is left alone: one environment serves every
door, version and tool, and after a roll-back a newer setting must not keep intake from taking reports.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import intake.config
import reporting.config
import triage.config
from deploy.local.ledgers import checkpoint_key
from deploy.local.suite import SERVICES, Options
from shared.settings import SettingsError, load

DOORS = [door.name for door in SERVICES]
READERS = {
    "intake": intake.config.read,
    "triage": triage.config.read,
    "reporting": reporting.config.read_with_folders,
}
URIS = [None, "", "127.0.0.1", "http://127.0.0.1/x", "mongodb://127.0.0.1:27017", "mongodb://"]
PORTS = ["0", "-1", "70000", "http", ""]
BAD: dict[str, dict[str, list[str | None]]] = {
    "intake": {
        "INTAKE_MONGO_URI": [*URIS],
        "SITE_ZONE": ["Mars/Olympus", "../etc/passwd", ""],
        "SITE_COUNTRY": [None, "", "UK", "Switzerland"],
        "INTAKE_PORT": [*PORTS],
        "SITE_ZNOE": ["Europe/Zurich"],
    },
    "triage": {
        "TRIAGE_MONGO_URI": [*URIS],
        "REGISTRY": [None],
        "DICTIONARY": [None],
        "REVIEW_PORT": [*PORTS],
        "REVEIW_PORT": ["8081"],
    },
    "reporting": {
        "REPORTING_MONGO_URI": [*URIS],
        "E2B_SCHEMAS": ["/nowhere"],
        "OUTGOING": [None, "/nowhere"],
        "INCOMING": [None, "/nowhere"],
        "E2B_SCHEMA": ["/schemas"],
    },
}
COMMON: dict[str, list[str | None]] = {
    "KAFKA": [None, "", "nonsense", "kafka:port", "kafka:9092,", "PLAINTEXT://kafka:9092"],
    "TOPIC_PREFIX": ["a b", "a/b", "x" * 101],
    "PRODUCER_IDEMPOTENCE": ["perhaps"],
    "REPUBLISH_SECONDS": ["0", "-1", "nan", "inf", "soon", "1e9"],
    "REPUBLISH_SECOND": ["1"],
    "TOPICS_PREFIX": ["mine."],
}
ALL = [
    (service, name, value)
    for service, own in BAD.items()
    for name, values in {**own, **COMMON}.items()
    for value in values
]


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    """Settings with which every door would start, on servers that are not there."""
    nowhere = "mongodb://127.0.0.1:9/"
    return {
        "PATH": os.environ["PATH"],
        **{f"DAYZERO_{service.upper()}_MONGO_URI": f"{nowhere}{service}" for service in READERS},
        **{f"DAYZERO_{service.upper()}_LEDGER_URI": f"{nowhere}{service}_ledger" for service in READERS},
        "DAYZERO_CHECKPOINT_KEY": str(checkpoint_key(tmp_path / "keys")),
        "DAYZERO_KAFKA": "127.0.0.1:9",
        "DAYZERO_SITE_COUNTRY": "CH",
        "DAYZERO_INTAKE_SECRET_KEY": "k" * 32,
        "DAYZERO_REVIEW_SECRET_KEY": "k" * 32,
        "DAYZERO_REGISTRY": str(Options().registry),
        "DAYZERO_DICTIONARY": str(Options().dictionary),
        "DAYZERO_OUTGOING": str(tmp_path),
        "DAYZERO_INCOMING": str(tmp_path),
        "DAYZERO_OF_ANOTHER_PROGRAM": "is left alone",
    }


def changed(good: dict[str, str], name: str, value: str | None) -> dict[str, str]:
    without = {key: given for key, given in good.items() if key != f"DAYZERO_{name}"}
    return without if value is None else {**without, f"DAYZERO_{name}": value}


@pytest.mark.parametrize(("service", "name", "value"), ALL)
def test_f33_each_setting_bad_or_missing_is_named_in_one_line(
    good: dict[str, str], monkeypatch: pytest.MonkeyPatch, service: str, name: str, value: str | None
) -> None:
    for key in [key for key in os.environ if key.startswith("DAYZERO_")]:
        monkeypatch.delenv(key)
    for key, given in changed(good, name, value).items():
        monkeypatch.setenv(key, given)
    with pytest.raises(SettingsError) as raised:
        load(READERS[service])
    assert "\n" not in str(raised.value)
    assert f"DAYZERO_{name}" in str(raised.value)


def refusals(door: str) -> list[tuple[str, str | None]]:
    """One of each kind for a door as a process; the rest is the same reading."""
    uri = f"{door.partition('.')[0].upper()}_MONGO_URI"
    found: list[tuple[str, str | None]] = [
        (uri, None),
        (uri, "mongodb://127.0.0.1:99999/x"),
        ("TOPICS_PREFIX", "mine."),
    ]
    found += [("HOST", "0.0.0.0")] if door.endswith(".app") else []  # noqa: S104 - what must be refused
    found += [("INTAKE_SECRET_KEY", None), ("INTAKE_SECRET_KEY", "short")] if door == "intake.app" else []
    found += [("REVIEW_SECRET_KEY", None), ("REVIEW_SECRET_KEY", "short")] if door == "triage.app" else []
    found += [("REGISTRY", "/nowhere"), ("DICTIONARY", "/nowhere")] if door in {"triage.app", "triage.worker"} else []
    ledger = f"{door.partition('.')[0].upper()}_LEDGER_URI"
    keys = [(ledger, None), ("CHECKPOINT_KEY", None), ("CHECKPOINT_KEY", "/nowhere"), ("CHECKPOINT_KEY", __file__)]
    found += keys if door.endswith(".relay") else []
    return found + ([("OUTGOING", "/nowhere")] if door == "reporting.sender" else [])


@pytest.mark.parametrize("door", DOORS)
def test_f33_every_door_refuses_in_one_line_with_78(good: dict[str, str], door: str) -> None:
    def start(change: tuple[str, str | None]) -> subprocess.CompletedProcess[str]:
        environment = changed(good, *change)
        return subprocess.run([sys.executable, "-m", door], env=environment, capture_output=True, text=True, timeout=90)

    changes = refusals(door)
    with ThreadPoolExecutor(2) as pool:
        for change, ended in zip(changes, pool.map(start, changes), strict=True):
            assert ended.returncode == 78, (change, ended.stderr)
            assert len(ended.stderr.splitlines()) == 1, (change, ended.stderr)
            assert change[0] in ended.stderr or str(change[1]) in ended.stderr, (change, ended.stderr)
            assert not ended.stdout
