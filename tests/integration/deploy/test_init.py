"""The one-shots of the compose file bring a real MongoDB and a real broker to where the services can use them."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from kafka import KafkaAdminClient
from pymongo import MongoClient
from pymongo.errors import DuplicateKeyError, OperationFailure

from deploy.docker import init_mongo, init_topics
from deploy.local.broker import Broker
from deploy.local.folders import secret
from deploy.local.mongod import Mongod
from shared.audit.ledger import ledger_name
from shared.contracts import topics


@pytest.fixture
def settings(mongod: Mongod, prefix: str) -> Iterator[init_mongo.Settings]:
    address = f"127.0.0.1:{mongod.port}"
    names = [f"{prefix}_{service}" for service in ("intake", "triage", "reporting")]
    yield init_mongo.Settings(
        address=address,
        replica_set="rs0",
        root="launcher",
        root_password=secret(mongod.secrets, "launcher"),
        uris=tuple(f"mongodb://{n}:first@{address}/{n}?authSource={n}&replicaSet=rs0" for n in names),
        ledgers=tuple(
            f"mongodb://{n}:first@{address}/{n}?authSource={n}&replicaSet=rs0" for n in map(ledger_name, names)
        ),
    )
    with closing(mongod.admin()) as client:
        for name in (*names, *map(ledger_name, names)):
            client[name].command("dropAllUsersFromDatabase")
            client[name].command("dropAllRolesFromDatabase")
            client.drop_database(name)


def write(uri: str, database: str | None = None) -> None:
    client: MongoClient[dict[str, Any]] = MongoClient(uri)
    with closing(client):
        chosen = client[database] if database else client.get_default_database()
        chosen["things"].insert_one({"x": 1})


def test_each_service_has_a_user_of_its_own_limited_to_its_database(settings: init_mongo.Settings) -> None:
    init_mongo.prepare(settings)
    for uri in settings.uris:
        write(uri)
    with pytest.raises(OperationFailure):
        write(settings.uris[0], settings.uris[1].rpartition("=rs0")[0].rpartition("authSource=")[2].partition("&")[0])


def test_running_it_again_changes_passwords_only(settings: init_mongo.Settings) -> None:
    init_mongo.prepare(settings)
    write(settings.uris[0])
    changed = tuple(uri.replace(":first@", ":second@") for uri in settings.uris)
    init_mongo.prepare(init_mongo.Settings(**{**_fields(settings), "uris": changed}))
    write(changed[0])
    with pytest.raises(OperationFailure):
        write(settings.uris[0])


def test_each_ledger_has_its_indexes_and_a_user_who_may_find_and_insert_only(settings: init_mongo.Settings) -> None:
    for _ in range(2):
        init_mongo.prepare(settings)
    for uri in settings.ledgers:
        client: MongoClient[dict[str, Any]] = MongoClient(uri)
        with closing(client):
            ledger = client.get_default_database()
            ledger["entries"].insert_one({"sponsor": "s", "seq": 1})
            with pytest.raises(DuplicateKeyError):
                ledger["entries"].insert_one({"sponsor": "s", "seq": 1})
            with pytest.raises(OperationFailure):
                ledger["entries"].delete_many({})


def test_every_topic_is_made_once(broker: Broker, prefix: str) -> None:
    given = init_topics.Settings(bootstrap=broker.address, topic_prefix=f"{prefix}.", partitions=2)
    for _ in range(2):
        init_topics.prepare(given)
    with closing(KafkaAdminClient(bootstrap_servers=broker.address)) as admin:
        assert {f"{prefix}.{topic}" for topic in topics.ALL} <= set(admin.list_topics())


def _fields(settings: init_mongo.Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in settings.__struct_fields__}
