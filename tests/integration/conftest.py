"""One mongod and one broker a run; databases and topics of its own for every test.

A missing mongod or broker is a failure, not a skip: LaunchError says what to do.
"""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.broker import Broker, start_broker
from deploy.local.folders import run_root
from deploy.local.ledgers import checkpoint_key
from deploy.local.mongod import Mongod, start_mongod
from deploy.local.ports import free_ports
from deploy.local.processes import Supervisor
from deploy.local.suite import Options
from shared.audit.door import KEY_SETTING


@pytest.fixture(scope="session")
def bin_folder() -> Path:
    """Where the servers' binaries are copied to, once for all runs in this checkout."""
    return run_root() / "bin"


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervisor]:
    """Supervise the run's servers: ``servers.kill("broker")``, ``servers.restart("broker")``."""
    with Supervisor(tmp_path_factory.mktemp("servers") / "log") as supervisor:
        yield supervisor


@pytest.fixture(scope="session")
def mongod(servers: Supervisor, bin_folder: Path) -> Mongod:
    return start_mongod(servers, servers.log_folder.parent, bin_folder)


@pytest.fixture(scope="session")
def broker(servers: Supervisor, bin_folder: Path) -> Broker:
    return start_broker(servers, bin_folder)


@pytest.fixture
def prefix() -> str:
    """A name no other test has, for databases and topics."""
    return f"t{secrets.token_hex(4)}"


@pytest.fixture
def suite_env(mongod: Mongod, broker: Broker, prefix: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a suite of its own: fresh databases and users, topics, ports and folders."""
    intake_port, review_port = free_ports(2)
    folders = {"DAYZERO_OUTGOING": tmp_path / "outgoing", "DAYZERO_INCOMING": tmp_path / "incoming"}
    for folder in folders.values():
        folder.mkdir()
    options = Options()
    yield {
        **mongod.create_service_users(prefix),
        **{name: str(folder) for name, folder in folders.items()},
        KEY_SETTING: str(checkpoint_key(tmp_path / "keys")),
        "DAYZERO_KAFKA": broker.address,
        "DAYZERO_TOPIC_PREFIX": f"{prefix}.",
        "DAYZERO_INTAKE_PORT": str(intake_port),
        "DAYZERO_INTAKE_SECRET_KEY": secrets.token_hex(32),
        "DAYZERO_REVIEW_PORT": str(review_port),
        "DAYZERO_REGISTRY": str(options.registry),
        "DAYZERO_DICTIONARY": str(options.dictionary),
        "DAYZERO_SITE_ZONE": options.site_zone,
        "DAYZERO_SITE_COUNTRY": options.site_country,
        "DAYZERO_REVIEW_SECRET_KEY": secrets.token_hex(32),
        "DAYZERO_REPUBLISH_SECONDS": "1",
    }
    mongod.drop_service_users(prefix)
