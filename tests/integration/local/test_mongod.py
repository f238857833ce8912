"""A service's user reaches its own database and no other; who has no password reaches nothing."""

import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient, WriteConcern
from pymongo.errors import OperationFailure

from deploy.local.mongod import Mongod, start_mongod
from deploy.local.processes import Supervisor

Documents = dict[str, Any]


@contextmanager
def client(uri: str) -> Iterator[MongoClient[Documents]]:
    with closing(MongoClient[Documents](uri, serverSelectionTimeoutMS=10_000)) as opened:
        yield opened


def test_a_service_writes_indexes_and_reads_in_its_own_database(suite_env: dict[str, str]) -> None:
    with client(suite_env["DAYZERO_INTAKE_MONGO_URI"]) as intake:
        durable = WriteConcern(w="majority", j=True)
        reports = intake.get_default_database().get_collection("reports", write_concern=durable)
        reports.create_index("key", unique=True)
        reports.insert_one({"key": "a"})
        assert [report["key"] for report in reports.find()] == ["a"]


def test_the_set_has_transactions(suite_env: dict[str, str]) -> None:
    with client(suite_env["DAYZERO_TRIAGE_MONGO_URI"]) as triage, triage.start_session() as session:
        cases = triage.get_default_database()["cases"]
        with session.start_transaction():
            cases.insert_one({"_id": 1}, session=session)
            session.abort_transaction()
        assert cases.count_documents({}) == 0


@pytest.mark.parametrize("act", ["find", "insert", "drop"])
def test_a_service_is_refused_in_anothers_database(suite_env: dict[str, str], prefix: str, act: str) -> None:
    with client(suite_env["DAYZERO_INTAKE_MONGO_URI"]) as intake:
        database = intake[f"{prefix}_triage"]
        acts: dict[str, Callable[[], object]] = {
            "find": lambda: database["cases"].find_one(),
            "insert": lambda: database["cases"].insert_one({}),
            "drop": lambda: intake.drop_database(database),
        }
        with pytest.raises(OperationFailure) as refused:
            acts[act]()
    assert refused.value.code == 13


def test_a_service_cannot_make_users_or_drop_its_database(suite_env: dict[str, str]) -> None:
    with client(suite_env["DAYZERO_REPORTING_MONGO_URI"]) as reporting:
        database = reporting.get_default_database()
        for command in ({"createUser": "x", "pwd": "x", "roles": []}, {"dropDatabase": 1}):
            with pytest.raises(OperationFailure) as refused:
                database.command(command)
            assert refused.value.code == 13


def test_without_a_password_everything_is_refused(mongod: Mongod, suite_env: dict[str, str], prefix: str) -> None:
    with client(f"mongodb://127.0.0.1:{mongod.port}/?directConnection=true") as anyone:
        for act in (lambda: anyone[f"{prefix}_intake"]["reports"].find_one(), anyone.list_database_names):
            with pytest.raises(OperationFailure) as refused:
                act()
            assert refused.value.code == 13


def test_dropping_a_prefix_leaves_neither_user_nor_database(mongod: Mongod) -> None:
    uris = mongod.create_service_users("tgone")
    with client(uris["DAYZERO_INTAKE_MONGO_URI"]) as intake:
        intake["tgone_intake"]["reports"].insert_one({})
    mongod.drop_service_users("tgone")
    with closing(mongod.admin()) as admin:
        assert not [name for name in admin.list_database_names() if name.startswith("tgone")]
    with client(uris["DAYZERO_INTAKE_MONGO_URI"]) as intake, pytest.raises(OperationFailure):
        intake["tgone_intake"]["reports"].find_one()


def test_secrets_are_private_random_and_not_in_the_log(mongod: Mongod, servers: Supervisor) -> None:
    files = [path for path in mongod.secrets.iterdir() if path.is_file()]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    assert modes.items() >= {"keyfile": 0o600, "launcher": 0o600}.items()
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(mongod.secrets.stat().st_mode) == 0o700
    assert stat.S_IMODE(mongod.secrets.parent.stat().st_mode) == 0o700
    log = servers.process("mongod").log.read_text()
    assert not [path.name for path in files if path.read_text() in log]


def test_journalling_is_on(mongod: Mongod) -> None:
    with closing(mongod.admin()) as admin:
        parsed = admin.admin.command("getCmdLineOpts")["parsed"]
        assert "journal" not in parsed["storage"]  # not switched off
        assert admin.admin.command("replSetGetConfig")["config"]["writeConcernMajorityJournalDefault"] is True


def test_a_second_start_finds_data_users_and_passwords_on_another_port(tmp_path: Path, bin_folder: Path) -> None:
    with Supervisor(tmp_path / "log") as supervisor:
        first = start_mongod(supervisor, tmp_path, bin_folder)
        before = first.create_service_users()
        with client(before["DAYZERO_INTAKE_MONGO_URI"]) as intake:
            intake["dayzero_intake"]["reports"].insert_one({"_id": "kept"})
    with Supervisor(tmp_path / "log") as supervisor:
        second = start_mongod(supervisor, tmp_path, bin_folder)
        after = second.create_service_users()
        with client(after["DAYZERO_INTAKE_MONGO_URI"]) as intake:
            assert intake["dayzero_intake"]["reports"].find_one() == {"_id": "kept"}
    assert second.port != first.port
    assert (
        before["DAYZERO_INTAKE_MONGO_URI"].replace(str(first.port), str(second.port))
        == (after["DAYZERO_INTAKE_MONGO_URI"])
    )
