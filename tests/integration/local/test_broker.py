"""The broker takes and gives messages, and comes back empty on the same port after ``kill -9``."""

from contextlib import closing
from pathlib import Path

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.structs import TopicPartition

from deploy.local.broker import Broker, start_broker
from deploy.local.processes import Supervisor


def produce(broker: Broker, topic: str, value: bytes) -> None:
    with closing(KafkaProducer(bootstrap_servers=broker.address, enable_idempotence=False)) as producer:
        producer.send(topic, value, partition=0, headers=[("id", b"1")]).get(timeout=20)


def consume(broker: Broker, topic: str, count: int) -> list[bytes]:
    with closing(KafkaConsumer(bootstrap_servers=broker.address, enable_auto_commit=False)) as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        consumer.seek_to_beginning()
        values: list[bytes] = []
        while len(values) < count:
            values += [record.value for records in consumer.poll(1000).values() for record in records]
        return values


def topics(broker: Broker) -> list[str]:
    with closing(KafkaAdminClient(bootstrap_servers=broker.address)) as admin:
        return list(admin.list_topics())


def test_round_trip(broker: Broker, prefix: str) -> None:
    produce(broker, f"{prefix}.a", b"hello")
    assert consume(broker, f"{prefix}.a", 1) == [b"hello"]


def test_topics_are_made_once(broker: Broker, prefix: str) -> None:
    broker.create_topics([f"{prefix}.a", f"{prefix}.b"])
    broker.create_topics([f"{prefix}.a"])
    assert {f"{prefix}.a", f"{prefix}.b"} <= set(topics(broker))


def test_killed_and_restarted_it_is_empty_on_the_same_port(tmp_path: Path, bin_folder: Path) -> None:
    with Supervisor(tmp_path / "log") as supervisor:
        broker = start_broker(supervisor, bin_folder, {})
        broker.create_topics(["a"])
        produce(broker, "a", b"lost")
        pid = supervisor.process("broker").pid
        supervisor.kill("broker")
        supervisor.restart("broker")
        assert supervisor.process("broker").pid != pid
        assert topics(broker) == []
        produce(broker, "a", b"new")
        assert consume(broker, "a", 1) == [b"new"]


def test_a_broker_elsewhere_is_used_as_it_is(tmp_path: Path, bin_folder: Path) -> None:
    with Supervisor(tmp_path / "log") as supervisor:
        found = start_broker(supervisor, bin_folder, {"DAYZERO_KAFKA": "kafka.example:9092"})
        assert found == Broker("kafka.example:9092", ours=False)
        supervisor.check()
