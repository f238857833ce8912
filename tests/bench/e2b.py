"""E2B(R3) files against lxml alone: reading to its parse and schema check, writing to its `tostring` of the same tree.

The files are the valid ones of the reference material and the rich report of the tests; without the material, that
report alone, and the schema takes no part on either side.
"""

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from lxml import etree
from rich.console import Console
from rich.table import Table

from shared.icsr import api
from shared.icsr.e2b.parser import parse
from shared.icsr.e2b.reader import read_tree
from shared.icsr.e2b.schema import check_tree
from shared.icsr.e2b.writer import write_batch
from tests.golden.icsr.models import rich

PASSES = 5
SLICES = 20  # of a pass, by turns
_AT_MOST = 100_000  # bytes: a file of one document would tell of copying it, and of nothing else
_REFERENCE = Path(os.environ.get("DAYZERO_REFERENCE", Path(__file__).parents[3] / "shared" / "reference")) / "e2b"


@dataclass(frozen=True)
class Times:
    """The processor seconds of all files, of a floor and of what is measured against it, a pair for each pass.

    `slower`: whether the ratio tells how many times longer it takes, or how many times faster it is.
    """

    title: str
    floor: str
    goal: str
    slower: bool
    seconds: Sequence[tuple[float, float]]

    def show(self, console: Console) -> None:
        """Print a line for each pass, and what they come to."""
        ratios = [ours / floor if self.slower else floor / ours for floor, ours in self.seconds]
        table = Table("pass", f"{self.floor}, ms", "ours, ms", "ratio", title=self.title, title_justify="left")
        for number, ((floor, ours), ratio) in enumerate(zip(self.seconds, ratios, strict=True), 1):
            table.add_row(str(number), f"{floor * 1000:.2f}", f"{ours * 1000:.2f}", f"{ratio:.2f}")
        console.print(table)
        spread = f"from {min(ratios):.2f} to {max(ratios):.2f}"
        console.print(f"median {statistics.median(ratios):.2f}, {spread} (goal {self.goal})\n")


def reading() -> Times:
    """Parsing, schema check and reading of a file against lxml's parsing and schema check of it."""
    files, schemas = _files(), _schemas()
    schema = etree.XMLSchema(file=str(schemas / "multicacheschemas" / "MCCI_IN200100UV01.xsd")) if schemas else None

    parser = etree.XMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)

    def floor() -> None:
        for xml in files:
            root = etree.fromstring(xml, parser)  # noqa: TID251 - the floor is lxml itself
            if schema:
                schema.validate(root)

    def ours() -> None:
        for xml in files:
            root = parse(xml)
            check_tree(root, schemas)
            read_tree(root)

    title = f"E2B read: {_told(files)}, parse{', schema' if schema else ''} and full read"
    return Times(title, "lxml", "at most 1.30", True, _interleaved(floor, ours))


def writing() -> Times:
    """Writing a batch against lxml's serialising of the tree of what was written."""
    batches = [replace(api.read(xml), unknown=()) for xml in _files()]
    written = [write_batch(batch) for batch in batches]
    trees = [parse(xml) for xml in written]

    def floor() -> None:
        for tree in trees:
            etree.tostring(tree, encoding="UTF-8", xml_declaration=True)

    def ours() -> None:
        for batch in batches:
            write_batch(batch)

    return Times(f"E2B write: {_told(written)}", "tostring", "at least 1.00", False, _interleaved(floor, ours))


def _interleaved(floor: Callable[[], None], ours: Callable[[], None]) -> list[tuple[float, float]]:
    passes = []
    for number in range(PASSES + 1):
        turns = [(_seconds(floor), _seconds(ours)) for _ in range(SLICES)]
        if number:  # the first pass warms up
            passes.append((sum(turn[0] for turn in turns) / SLICES, sum(turn[1] for turn in turns) / SLICES))
    return passes


def _seconds(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


@cache
def _files() -> tuple[bytes, ...]:
    found = [path.read_bytes() for path in sorted((_REFERENCE / "instances" / "r3").glob("*.xml"))]
    small = [xml for xml in found if len(xml) <= _AT_MOST and b"-oid" not in xml]  # no drafts, whose lists are unnamed
    valid = [xml for xml in small if not api.check_schema(xml, _schemas()).issues]
    return (write_batch(rich()), *valid)


def _schemas() -> Path | None:
    folder = _REFERENCE / "schemas"
    return folder if folder.is_dir() else None


def _told(files: Sequence[bytes]) -> str:
    return f"{len(files)} files of {sum(map(len, files)) / len(files) / 1000:.0f} kB"
