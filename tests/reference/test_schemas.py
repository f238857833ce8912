"""ICH's own package, folder and zip, is installed with no more than its two roots need."""

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from tests.golden.icsr import models
from tests.reference.test_icsr_reference import SCHEMAS

GOLDEN = Path(models.__file__).parent


@pytest.fixture(autouse=True)
def _run_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DAYZERO_E2B_SCHEMAS", raising=False)
    monkeypatch.setenv("DAYZERO_RUN", str(tmp_path / "run"))


def dayzero(*arguments: str) -> tuple[int, object]:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code in {0, 1}, result.output
    return result.exit_code, json.loads(result.stdout)


def test_the_package_is_installed_and_files_are_checked_against_it(tmp_path: Path) -> None:
    code, done = dayzero("schemas", "install", str(SCHEMAS))
    assert code == 0
    assert isinstance(done, dict)
    assert done["files"] == 55
    assert dayzero("schemas", "check")[0] == 0
    files = [str(GOLDEN / name) for name in ("minimal.xml", "rich.xml", "acknowledgement.xml")]
    code, found = dayzero("e2b", "validate", *files)
    assert isinstance(found, list)
    assert (code, [one["schema_checked"] for one in found]) == (0, [True, True, True])
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as archive:
        for path in sorted(SCHEMAS.rglob("*.xsd")):
            archive.write(path, f"ICH/{path.relative_to(SCHEMAS)}")
    _, again = dayzero("schemas", "install", str(tmp_path / "package.zip"))
    assert again == {**done, "was_there": True}


def test_a_package_without_one_of_its_files_names_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "package.zip", "w") as archive:
        for path in sorted(SCHEMAS.rglob("*.xsd")):
            if path.name != "voc.xsd":
                archive.write(path, str(path.relative_to(SCHEMAS)))
    result = CliRunner().invoke(app, ["schemas", "install", str(tmp_path / "package.zip")])
    assert result.exit_code == 2
    assert "missing: coreschemas/voc.xsd (for coreschemas/datatypes-base.xsd)" in result.stderr
