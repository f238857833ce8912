"""A server that is away is waited for; what it refuses is said (DOMAIN 2)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from shared.mongo import TRANSIENT, Database, connect

ASKED: dict[str, Callable[[Database], Any]] = {
    "find": lambda database: list(database["a"].find({})),
    "aggregate": lambda database: list(database["a"].aggregate([])),
    "count": lambda database: database["a"].count_documents({}),
    "insert_one": lambda database: database["a"].insert_one({}),
    "insert_many": lambda database: database["a"].insert_many([{}]),
    "update_one": lambda database: database["a"].update_one({}, {"$set": {"b": 1}}),
    "find_one_and_update": lambda database: database["a"].find_one_and_update({}, {"$set": {"b": 1}}),
    "create_index": lambda database: database["a"].create_index("b"),
    "command": lambda database: database.command("ping"),
}


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Database]]:
    """Return a database of a server that answers everything with an error code."""
    database = connect("mongodb://127.0.0.1:1/nothing", "test")

    def database_of(code: int) -> Database:
        def refuse(*_: Any, **__: Any) -> None:
            raise OperationFailure("No keys found for HMAC", code, {"code": code})

        monkeypatch.setattr(MongoClient, "_retry_internal", refuse)
        return database

    yield database_of
    database.client.close()


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_a_server_that_has_not_read_its_keys_is_away(
    answering: Callable[[int], Database], ask: Callable[[Database], Any]
) -> None:
    """Code 211 after a restart ended the sender: it is waited for like a server that is not there."""
    with pytest.raises(TRANSIENT, match="No keys found"):
        ask(answering(211))


def test_a_server_that_refuses_is_not_away(answering: Callable[[int], Database]) -> None:
    """Waiting does not mend what it refuses."""
    with pytest.raises(OperationFailure):
        ASKED["find"](answering(13))
