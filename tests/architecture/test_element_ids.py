"""An element is declared in one place: whoever names one elsewhere names one that is declared there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from shared.icsr.element import Group, declarations
from shared.icsr.model.message import Batch

ROOT = Path(__file__).parents[2]
CODE = ("intake", "triage", "reporting", "shared", "deploy")
DECLARING = ROOT / "shared" / "icsr" / "elements"
AN_ID = re.compile(r"(?:FDA\.)?[C-H]\.(?:\d+|[ikr])(?:\.(?:\d+[a-z]?|[ikr]|EU|FDA))*[a-z]?")
FAMILIES = {"E.i.3.2"}  # the six criteria together


def test_every_element_that_code_names_is_declared() -> None:
    known = set(declared(Batch)) | FAMILIES
    named = {(path.relative_to(ROOT).as_posix(), each) for path in sources() for each in ids_in(path)}
    assert len(named) > 40
    assert {(path, each) for path, each in named if each not in known} == set()


def declared(kind: type) -> Iterator[str]:
    for _, each in declarations(kind):
        yield each.id
        if isinstance(each, Group):
            yield from declared(each.kind)


def sources() -> Iterator[Path]:
    for part in CODE:
        yield from (path for path in (ROOT / part).rglob("*.py") if DECLARING not in path.parents)


def ids_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and AN_ID.fullmatch(node.value):
            yield node.value
