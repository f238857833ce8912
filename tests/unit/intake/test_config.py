"""Settings that are wrong are said in one readable line, and the process ends with 78."""

import subprocess
import sys
from pathlib import Path

import pytest

from intake.config import form_key, read
from shared.settings import SettingsError, load

GOOD = {
    "DAYZERO_INTAKE_MONGO_URI": "mongodb://127.0.0.1:27017/intake",
    "DAYZERO_KAFKA": "127.0.0.1:9092",
    "DAYZERO_SITE_COUNTRY": "CH",
    "DAYZERO_INTAKE_SECRET_KEY": "k" * 32,
}
BAD = {
    "DAYZERO_INTAKE_MONGO_URI": ["", "mongodb://127.0.0.1:27017", "http://127.0.0.1/x"],
    "DAYZERO_SITE_ZONE": ["Mars/Olympus", "../etc/passwd"],
    "DAYZERO_SITE_COUNTRY": ["", "UK", "Switzerland"],
    "DAYZERO_REPUBLISH_SECONDS": ["0", "nan", "soon"],
    "DAYZERO_INTAKE_PORT": ["0", "70000", "http"],
    "DAYZERO_INTAKE_WORKERS": ["0", "65", "many"],
}


@pytest.fixture
def good(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_defaults(good: pytest.MonkeyPatch) -> None:
    settings = load(read)
    assert (settings.zone.key, settings.port) == ("UTC", 8080)
    assert (settings.host, settings.first_pause.total_seconds()) == ("127.0.0.1", 5)
    assert settings.broker.topic_prefix == ""


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_wrong_setting_is_one_readable_line(good: pytest.MonkeyPatch, name: str, value: str) -> None:
    good.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        load(read)
    assert "\n" not in str(raised.value)


def test_the_country_has_no_default(good: pytest.MonkeyPatch) -> None:
    good.delenv("DAYZERO_SITE_COUNTRY")
    with pytest.raises(SettingsError, match="DAYZERO_SITE_COUNTRY"):
        load(read)


@pytest.mark.parametrize("door", ["intake.app", "intake.relay", "intake.worker"])
@pytest.mark.parametrize(
    "changed", [{"DAYZERO_SITE_COUNTRY": "UK"}, {"DAYZERO_INTAKE_MONGO_URI": "mongodb://h:99999/x"}]
)
def test_every_door_ends_with_78(door: str, changed: dict[str, str]) -> None:
    if door == "intake.app" and "DAYZERO_INTAKE_MONGO_URI" in changed:
        door = "intake.relay"
    ended = subprocess.run(
        [sys.executable, "-m", door], env={**GOOD, **changed}, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 78
    assert len(ended.stderr.splitlines()) == 1
    assert "settings:" in ended.stderr


@pytest.mark.parametrize("key", ["", "k" * 31])
def test_a_form_without_a_long_key_ends_with_78(key: str) -> None:
    environment = {**GOOD, "DAYZERO_INTAKE_SECRET_KEY": key}
    ended = subprocess.run(
        [sys.executable, "-m", "intake.app"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, len(ended.stderr.splitlines())) == (78, 1)
    assert "DAYZERO_INTAKE_SECRET_KEY" in ended.stderr
    assert key not in ended.stderr or not key


def test_the_key_may_come_from_a_file(good: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("f" * 40)
    good.delenv("DAYZERO_INTAKE_SECRET_KEY")
    good.setenv("DAYZERO_INTAKE_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert form_key(load(read)) == "f" * 40


def test_another_address_than_loopback_is_refused() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "intake.app"],
        env={**GOOD, "DAYZERO_HOST": "0.0.0.0"},  # noqa: S104 - what must be refused
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, len(ended.stderr.splitlines())) == (78, 1)
