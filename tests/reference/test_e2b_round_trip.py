"""What was received is handed on unchanged, element by element, through JSON and another process (guide v5.03, 3.4).

Original and result are compared by the tables' own XPaths, so that no declaration vouches for itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from shared.icsr import api
from shared.icsr.e2b.parser import parse
from shared.icsr.e2b.writer import write_batch
from tests.reference.xpaths import found, ran, values, xpaths
from tests.unit.icsr.filled import filled

REFERENCE = Path(os.environ.get("DAYZERO_REFERENCE", Path(__file__).parents[3] / "shared" / "reference")) / "e2b"
SCHEMAS = REFERENCE / "schemas"
INSTANCES = sorted((REFERENCE / "instances" / "r3").glob("*.xml"))
DRAFTS = [path for path in INSTANCES if path.name.startswith("utr3-")]
VALID = [path for path in INSTANCES if path not in DRAFTS and not api.check_schema(path.read_bytes(), SCHEMAS).issues]
# XPaths that are no XPath, and what is wrong with them.
UNUSABLE = {"FDA.G.k.10.1": "a bracket is not closed"}


def _dayzero(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DAYZERO_E2B_SCHEMAS": str(SCHEMAS)}
    command = [sys.executable, "-m", "deploy.cli.main", "e2b", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_there_are_files_to_compare() -> None:
    assert len(VALID) == 10
    assert len(DRAFTS) == 3


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_a_file_comes_back_the_same(path: Path, tmp_path: Path) -> None:
    compared = _handed_on(path, tmp_path)
    sys.stdout.write(f"{path.name}: {compared.total()} pairs compared\n")
    assert compared.total()


def test_every_element_of_the_tables_is_compared(tmp_path: Path) -> None:
    """No authority's file tells everything; a generated one does, FDA's elements and the EU's causality codes too."""
    path = tmp_path / "filled.xml"
    path.write_bytes(write_batch(filled()))
    compared = _handed_on(path, tmp_path)
    sys.stdout.write(f"generated: {compared.total()} pairs compared\n")
    told = {element.split()[0] for element in compared}
    assert {element.split()[0] for element in xpaths(REFERENCE / "tables")} == told
    assert {f"G.k.9.i.2.r.{number}.EU.1" for number in (1, 2, 3)} < told


def _handed_on(path: Path, folder: Path) -> Counter[str]:
    """Read a file and write it in another process each, hold the result against both, and count what was compared."""
    case, result = folder / "case.json", folder / "result.xml"
    read = _dayzero("read", str(path), "--json")
    assert read.returncode in (0, 1), read.stderr
    case.write_text(read.stdout, encoding="utf-8")
    written = _dayzero("write", str(case), "-o", str(result))
    assert written.returncode in (0, 1), written.stderr
    assert api.check_schema(result.read_bytes(), SCHEMAS) == api.SchemaResult(checked=True)
    return _compared(parse(path.read_bytes()), parse(result.read_bytes()))


def _compared(one: etree._Element, two: etree._Element) -> Counter[str]:
    pairs: Counter[str] = Counter()
    for element, xpath in xpaths(REFERENCE / "tables").items():
        if element not in UNUSABLE:
            first, second = list(values(one, element, xpath)), list(values(two, element, xpath))
            assert first == second
            pairs[element] += sum(len(found[-1]) for found in first)
    return +pairs


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_nothing_that_the_tables_know_is_unknown(path: Path) -> None:
    """No XPath of the tables leads to a place in the original from which something was left over."""
    root = parse(path.read_bytes())
    unknown = {each.place for each in api.read(path.read_bytes()).unknown if not each.content.startswith("@")}
    for element, xpath in xpaths(REFERENCE / "tables").items():
        if element not in UNUSABLE and "UUID" not in xpath:
            where, _ = ran(xpath)
            known = {_place(each) for each in found(root, where)}
            assert not known & unknown, element


def _place(element: etree._Element) -> str:
    steps = []
    for each in (element, *element.iterancestors()):
        before = sum(1 for _ in each.itersiblings(each.tag, preceding=True))
        steps.append(etree.QName(each).localname + (f"[{before + 1}]" if before else ""))
    return "/".join(reversed(steps))


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.name)
def test_a_draft_is_flagged_and_not_read_as_an_empty_case(path: Path) -> None:
    with pytest.raises(api.DraftMessage, match=r"Line \d+ names '.*-oid', a placeholder"):
        api.read(path.read_bytes())
    assert _dayzero("read", str(path), "--json").returncode == 3


def test_files_that_the_schema_refuses_are_read_as_far_as_they_make_sense() -> None:
    refused = [path for path in INSTANCES if path not in VALID and path not in DRAFTS]
    assert [path.name for path in refused] == ["example_hl7_standard.xml"]
    for path in refused:
        assert api.read(path.read_bytes()).messages[0].report.drugs
