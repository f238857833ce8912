"""A setting that would block every message is found at the start, in one readable line."""

from pathlib import Path

import pytest

from reporting.config import read
from shared.settings import SettingsError, load


@pytest.fixture
def least(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("DAYZERO_REPORTING_MONGO_URI", "mongodb://127.0.0.1/reporting")
    monkeypatch.setenv("DAYZERO_KAFKA", "127.0.0.1:9092")
    for name in ("OUTGOING", "INCOMING"):
        monkeypatch.setenv(f"DAYZERO_{name}", "x")
    monkeypatch.delenv("DAYZERO_E2B_SCHEMAS", raising=False)
    monkeypatch.delenv("DAYZERO_REPUBLISH_SECONDS", raising=False)
    return monkeypatch


def test_schemas_are_optional_and_events_come_again_after_five_seconds(least: pytest.MonkeyPatch) -> None:
    settings = load(read)
    assert (settings.schemas, settings.first_pause.total_seconds()) == (None, 5.0)


def test_a_folder_without_the_schema_set_is_refused(least: pytest.MonkeyPatch, tmp_path: Path) -> None:
    least.setenv("DAYZERO_E2B_SCHEMAS", str(tmp_path))
    with pytest.raises(SettingsError, match="holds no multicacheschemas/"):
        load(read)
    (tmp_path / "multicacheschemas").mkdir()
    assert load(read).schemas == tmp_path


@pytest.mark.parametrize("name", ["REPORTING_MONGO_URI", "KAFKA", "OUTGOING", "INCOMING"])
def test_a_missing_setting_is_named(least: pytest.MonkeyPatch, name: str) -> None:
    least.delenv(f"DAYZERO_{name}")
    with pytest.raises(SettingsError, match=name):
        load(read)
