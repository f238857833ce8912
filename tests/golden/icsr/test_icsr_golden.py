"""The files written are these, byte for byte; `DAYZERO_GOLDEN=write` writes them anew, for a person to compare."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.icsr import api
from shared.icsr.e2b.writer import write_batch
from tests.golden.icsr.models import NOTE, acknowledgement, minimal, rich

HERE = Path(__file__).parent
FILES: dict[str, Callable[[], bytes]] = {
    "minimal.xml": lambda: write_batch(minimal()),
    "rich.xml": lambda: write_batch(rich(), NOTE),
    "acknowledgement.xml": lambda: api.write_acknowledgement(acknowledgement()),
}


@pytest.mark.parametrize("name", FILES)
def test_files_are_as_committed(name: str) -> None:
    """A change in these bytes is a change in what authorities receive."""
    written = FILES[name]()
    if os.environ.get("DAYZERO_GOLDEN") == "write":
        (HERE / name).write_bytes(written)
    assert written.decode() == (HERE / name).read_bytes().decode()


def test_nothing_stops_the_golden_reports() -> None:
    """The golden reports break no rule, so their files are ones that would be sent."""
    assert api.write(minimal()).issues == ()
    assert api.write(rich(), NOTE).issues == ()
    assert api.write(rich(), NOTE).xml == (HERE / "rich.xml").read_bytes()


def test_committed_files_are_read_back_as_the_models() -> None:
    """Reading is the mirror of writing, from the committed bytes."""
    assert api.read((HERE / "minimal.xml").read_bytes()) == minimal()
    assert api.read((HERE / "rich.xml").read_bytes()) == rich()
    assert api.read_acknowledgement((HERE / "acknowledgement.xml").read_bytes()) == acknowledgement()
