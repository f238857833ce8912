"""One-shot: makes MongoDB a replica set of one, and each service's users, limited to its database and its ledger.

The users are those that the services' URIs name, so that a password stands in one place. Running it again changes
passwords to what the URIs say, and nothing else.
"""

import time
from contextlib import closing
from typing import Any

import msgspec
from environs import FileAwareEnv
from pymongo import MongoClient
from pymongo.errors import AutoReconnect, OperationFailure
from pymongo.uri_parser import parse_uri

from deploy.local.ledgers import prepare_ledger, put
from deploy.local.mongod import SERVICES
from shared.settings import load_or_exit

_ALREADY_INITIALISED = 23
_WITHIN = 60.0
_POLL = 0.2

Client = MongoClient[dict[str, Any]]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server is, who administers it, and the services' URIs."""

    address: str  # host:port, as the services' URIs name it
    replica_set: str
    root: str
    root_password: str
    uris: tuple[str, ...]
    ledgers: tuple[str, ...]  # URIs too


def read(env: FileAwareEnv) -> Settings:
    """Read ``DAYZERO_…``; raises environs' errors for what is missing."""
    return Settings(
        address=env.str("MONGO_ADDRESS"),
        replica_set=env.str("MONGO_REPLICA_SET"),
        root=env.str("MONGO_ROOT"),
        root_password=env.str("MONGO_ROOT_PASSWORD").strip(),
        uris=tuple(env.str(f"{service.upper()}_MONGO_URI").strip() for service in SERVICES),
        ledgers=tuple(env.str(f"{service.upper()}_LEDGER_URI").strip() for service in SERVICES),
    )


def prepare(settings: Settings) -> None:
    """Bring the server to where the services can use it."""
    with closing(_client(settings)) as client:
        _initiate(client, settings)
        _await_primary(client)
        for uri in settings.uris:
            _put_user(client, uri)
        for uri in settings.ledgers:
            _put_ledger(client, uri)


def _client(settings: Settings) -> Client:
    # Direct: before the set is initiated there is no set to discover.
    return MongoClient(
        f"mongodb://{settings.address}",
        username=settings.root,
        password=settings.root_password,
        authSource="admin",
        directConnection=True,
        serverSelectionTimeoutMS=30_000,
    )


def _initiate(client: Client, settings: Settings) -> None:
    member = {"_id": 0, "host": settings.address}
    try:
        client.admin.command("replSetInitiate", {"_id": settings.replica_set, "members": [member]})
    except OperationFailure as error:
        if error.code != _ALREADY_INITIALISED:
            raise


def _await_primary(client: Client) -> None:
    deadline = time.monotonic() + _WITHIN
    while not _is_primary(client):
        if time.monotonic() > deadline:
            raise TimeoutError(f"MongoDB did not become primary within {_WITHIN:g} s; look into its log")
        time.sleep(_POLL)


def _is_primary(client: Client) -> bool:
    try:
        return bool(client.admin.command("hello")["isWritablePrimary"])
    except AutoReconnect:  # the election closes connections
        return False


def _put_user(client: Client, uri: str) -> None:
    name, password, database, source = _named(uri)
    put(client, source, "User", name, pwd=password, roles=[{"role": "readWrite", "db": database}])


def _put_ledger(client: Client, uri: str) -> None:
    name, password, database, source = _named(uri)
    prepare_ledger(client, database, name, password, source)


def _named(uri: str) -> tuple[str, str, str, str]:
    parsed = parse_uri(uri)
    database = str(parsed["database"])
    return parsed["username"], parsed["password"], database, parsed["options"].get("authsource", database)


if __name__ == "__main__":
    prepare(load_or_exit(read))
