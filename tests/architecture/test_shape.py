"""Whoever reads the tree sees the flow: small modules, short functions, a sentence at the top of each module."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("intake", "triage", "reporting", "shared", "deploy")
MODULES = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py") if p.stat().st_size)
TABLES = {"countries.py"}  # data, not code
ALONE = {"verify_export.py"}  # a sponsor is given this one file, and reads it


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_opens_with_its_sentence_and_is_small(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source)), "no docstring"
    if module.name not in TABLES | ALONE:
        assert len(source.splitlines()) <= 300


def test_functions_are_short() -> None:
    lengths = dict(length for module in MODULES for length in functions(module))
    assert [name for name, length in lengths.items() if length > 40] == []
    assert statistics.median(lengths.values()) < 10


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "helpers", "common", "manager", "base", "misc"}
    assert [module for module in MODULES if module.stem in drawers] == []
