"""A service's database and its ledger on a real mongod, each by the user that the service has."""

import secrets
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from pymongo.database import Database

from deploy.cli import audit_trails
from deploy.cli.audit_trails import Trails
from deploy.cli.run_settings import in_environment
from deploy.local.ledgers import checkpoint_key
from deploy.local.mongod import Mongod
from shared.audit import ledger
from shared.audit.checkpoints import Key
from shared.audit.ledger import Ledger
from tests.integration.audit.made import fill
from triage.store.database import connect, prepare

Documents = dict[str, Any]


@pytest.fixture
def database(suite_env: dict[str, str]) -> Iterator[Database[Documents]]:
    connected = connect(suite_env["DAYZERO_TRIAGE_MONGO_URI"])
    prepare(connected)
    yield connected
    connected.client.close()


@pytest.fixture
def kept(suite_env: dict[str, str]) -> Iterator[Ledger]:
    with ledger.opened(suite_env["DAYZERO_TRIAGE_LEDGER_URI"], "triage") as opened:
        yield opened


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return Key.read(checkpoint_key(tmp_path_factory.mktemp("keys")))


@pytest.fixture(scope="session")
def another_key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return Key.read(checkpoint_key(tmp_path_factory.mktemp("keys")))


@pytest.fixture
def trails(suite_env: dict[str, str]) -> Iterator[Trails]:
    with in_environment(suite_env), audit_trails.opened() as opened:
        yield opened


@pytest.fixture(scope="module")
def lasting(mongod: Mongod, key: Key) -> Iterator[Trails]:
    """Trails of two sponsors that no test changes: twelve entries at each service, signed after 4, 8 and 12."""
    prefix = f"t{secrets.token_hex(4)}"
    with in_environment(mongod.create_service_users(prefix)), audit_trails.opened() as opened:
        for numbers in (range(4), range(4, 8), range(8, 12)):
            for sponsor in ("helvion", "exemplar"):
                fill(opened, key, numbers, sponsor)
        yield opened
    mongod.drop_service_users(prefix)


@pytest.fixture
def ledger_by_admin(mongod: Mongod, prefix: str) -> Iterator[Database[Documents]]:
    """What an administrator of the database can do to triage's ledger: everything."""
    with closing(mongod.admin()) as client:
        yield client[f"{prefix}_triage_ledger"]
