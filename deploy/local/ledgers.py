"""Operational checks and authority checks (21 CFR 11.10(f), (g)): a service can add to its ledger, and not change it.

What an administrator does for each ledger: the role, the user who has it and nothing else, the indexes. Doing it again
changes the password to the one given, and nothing else.
"""

import base64
import secrets
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy.local.folders import private_folder, write_secret
from shared.audit.ledger import ACTIONS, INDEXES, ROLE

Client = MongoClient[dict[str, Any]]
_USER_EXISTS, _ROLE_EXISTS = 51003, 51002
_PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")  # RFC 8410: what stands before the 32 bytes
KEY_FILE = "checkpoint_key.pem"


def prepare_ledger(client: Client, database: str, user: str, password: str, source: str | None = None) -> None:
    """Make a ledger's role, user and indexes; ``source`` is the database that holds the user, its own by default."""
    for collection, indexes in INDEXES.items():
        for index in indexes:
            client[database][collection].create_index(**index)
    granted = [{"resource": {"db": database, "collection": name}, "actions": list(ACTIONS)} for name in INDEXES]
    put(client, database, "Role", ROLE, privileges=granted, roles=[])
    put(client, source or database, "User", user, pwd=password, roles=[{"role": ROLE, "db": database}])


def put(client: Client, database: str, kind: str, name: str, **what: Any) -> None:
    """Make a user or a role, or make it what it should be."""
    try:
        client[database].command(f"create{kind}", name, **what)
    except OperationFailure as error:
        if error.code not in {_USER_EXISTS, _ROLE_EXISTS}:
            raise
        client[database].command(f"update{kind}", name, **what)


def checkpoint_key(folder: Path) -> Path:
    """Return the file of the key that signs checkpoints, made at its first use and kept for the next start."""
    path = private_folder(folder) / KEY_FILE
    if not path.exists():
        half = path.with_suffix(".new")
        write_secret(half, new_key())
        half.rename(path)
    return path


def new_key() -> str:
    """Return a new Ed25519 key as PEM."""
    encoded = base64.b64encode(_PKCS8_ED25519 + secrets.token_bytes(32)).decode("ascii")
    return f"-----BEGIN PRIVATE KEY-----\n{encoded}\n-----END PRIVATE KEY-----\n"
