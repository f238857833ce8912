"""A service's database and its ledger on a real mongod, each by the user that the service has."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.mongod import Mongod
from shared.audit import ledger
from shared.audit.ledger import Ledger
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


@pytest.fixture
def admin(mongod: Mongod) -> Iterator[MongoClient[Documents]]:
    with closing(mongod.admin()) as client:
        yield client
