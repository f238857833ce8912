"""Reporting over a real MongoDB, its folders in the test's own directory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from reporting.store.database import connect, prepare
from tests.integration.reporting.office import Office


@pytest.fixture
def database(suite_env: dict[str, str]) -> Iterator[Database[dict[str, Any]]]:
    connected = connect(suite_env["DAYZERO_REPORTING_MONGO_URI"])
    prepare(connected)
    yield connected
    connected.client.close()


@pytest.fixture
def office(database: Database[dict[str, Any]], suite_env: dict[str, str]) -> Office:
    return Office(database, Path(suite_env["DAYZERO_OUTGOING"]), Path(suite_env["DAYZERO_INCOMING"]))
