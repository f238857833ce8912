"""The layout holds by itself: every import contract is kept, and each one reports when it is broken on purpose."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("intake", "triage", "reporting", "shared", "deploy")

# contract -> (module, line) that breaks it
BREACHES = {
    "Services meet only through events": ("intake/receive.py", "import triage.ports"),
    "shared knows no service": ("shared/clock.py", "import reporting.ports"),
    "Nobody imports deploy": ("triage/park.py", "import deploy.local.ports"),
    "deploy enters services by their doors": ("deploy/local/ports.py", "import intake.store"),
    "Imports point inwards; edges are blind to one another; no new drawers": (
        "triage/review/__init__.py",
        "import triage.store",
    ),
    "Domain code and the ICSR model do no I/O and know no framework": ("triage/domain/text.py", "import socket"),
    "E2B code is bytes in, bytes out": ("shared/icsr/e2b/parser.py", "import flask"),
    "E2B sections are independent of one another": (
        "shared/icsr/elements/c1_identification.py",
        "import shared.icsr.elements.h_narrative",
    ),
    "Triage stages are independent of one another": ("triage/domain/coding.py", "import triage.domain.seriousness"),
    "Only the stores speak MongoDB": ("triage/decide.py", "import pymongo"),
    "Only the E2B code speaks XML": ("reporting/ports.py", "import lxml"),
}


def lint(folder: Path) -> str:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run([*command, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept() -> None:
    assert f"Contracts: {len(BREACHES)} kept, 0 broken." in lint(ROOT)


def test_every_contract_reports_its_breach(copy: Path) -> None:
    for module, line in BREACHES.values():
        path = copy / module
        path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    report = lint(copy)
    assert f"Contracts: 0 kept, {len(BREACHES)} broken." in report


def test_a_new_drawer_is_a_breach(copy: Path) -> None:
    (copy / "triage" / "utils.py").write_text('"""A drawer."""\n', encoding="utf-8")
    assert f"Contracts: {len(BREACHES) - 1} kept, 1 broken." in lint(copy)
