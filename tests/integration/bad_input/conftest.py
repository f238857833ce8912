"""Whatever was sent: the suite does its work to the end, and the ledger identity holds without grace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.rig import Rig, running


@pytest.fixture(scope="session")
def rig(tmp_path_factory: pytest.TempPathFactory, bin_folder: Path) -> Iterator[Rig]:
    """The whole suite; nothing here hurts its servers."""
    with running(tmp_path_factory.mktemp("rig"), bin_folder, harmed=False) as whole:
        yield whole


@pytest.fixture(autouse=True)
def ledger(rig: Rig) -> Iterator[None]:
    yield
    rig.settle()
    for door in ("intake.app", "triage.app"):
        assert '"request_failed"' not in rig.suite.supervisor.process(door).logged()
