"""The whole suite behind proxies, for tests that hurt its servers; each leaves it healed, its ledger whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.rig import Rig, running


@pytest.fixture(scope="session")
def hurt(tmp_path_factory: pytest.TempPathFactory, bin_folder: Path) -> Iterator[Rig]:
    """The one suite of the run."""
    with running(tmp_path_factory.mktemp("rig"), bin_folder) as whole:
        yield whole


@pytest.fixture
def rig(hurt: Rig) -> Iterator[Rig]:
    """The suite, with whole servers at the end of the test whatever the test did."""
    yield hurt
    hurt.store.heal()
    hurt.bus.heal()
