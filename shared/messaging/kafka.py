"""Kafka, with the settings that lose nothing: kafka-python's own defaults skip the backlog and commit before the work.

Delivery is at least once; nothing here depends on the broker's memory or on its offsets. No Kafka transactions.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from environs import FileAwareEnv
from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError

from shared.contracts.envelope import Event, encode

LARGEST_MESSAGE = 8 * 1024 * 1024
_FLUSH_SECONDS = 10
_ADDRESSES = re.compile(r"[^\s:,/]+:[0-9]{1,5}(,[^\s:,/]+:[0-9]{1,5})*")
_PREFIX = re.compile(r"[A-Za-z0-9._-]{0,100}")  # what Kafka takes in the name of a topic


class Broker(msgspec.Struct, frozen=True, kw_only=True):
    """Where the broker is and how this installation uses it."""

    bootstrap: str
    topic_prefix: str = ""
    producer_idempotence: bool = False  # off where the broker forgets producers, as Tansu does
    session_timeout_ms: int = 6000
    heartbeat_interval_ms: int = 1000
    max_poll_interval_ms: int = 300_000  # a worker that is busy for longer leaves its partitions to others
    fetch_max_wait_ms: int = 50


def read(env: FileAwareEnv) -> Broker:
    """Read the settings that every service has of the broker; raises EnvError or ValueError."""
    bootstrap, prefix = env.str("KAFKA"), env.str("TOPIC_PREFIX", "")
    if not _ADDRESSES.fullmatch(bootstrap):
        raise ValueError(f"DAYZERO_KAFKA is {bootstrap!r}; set host:port, several with commas between")
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"DAYZERO_TOPIC_PREFIX is {prefix!r}; use letters, digits, dots, hyphens and underscores")
    return Broker(
        bootstrap=bootstrap,
        topic_prefix=prefix,
        producer_idempotence=env.bool("PRODUCER_IDEMPOTENCE", False),
    )


class KafkaPublisher:
    """Publishes events and says which of them the broker has taken."""

    def __init__(self, broker: Broker) -> None:
        """Connect at the first publish, not here: a door starts while the broker is away."""
        self._broker = broker
        self._producer: KafkaProducer | None = None

    def publish(self, events: Iterable[Event]) -> set[str]:
        """Publish and wait; return the ids that the broker acknowledged. Never raises for a broker that is away."""
        try:
            producer = self._connected()
            futures = [(event.id, self._send(producer, event)) for event in events]
            producer.flush(timeout=_FLUSH_SECONDS)
        except KafkaError:
            self.close()  # a producer that failed to connect or flush is made anew at the next round
            return set()
        return {event_id for event_id, future in futures if future.succeeded()}

    def close(self) -> None:
        """Let go of the connection."""
        if self._producer is not None:
            self._producer.close(timeout=1)
        self._producer = None

    def _connected(self) -> KafkaProducer:
        if self._producer is None:
            self._producer = KafkaProducer(
                bootstrap_servers=self._broker.bootstrap,
                acks="all",
                enable_idempotence=self._broker.producer_idempotence,
                compression_type="lz4",
                batch_size=131072,
                linger_ms=5,
                max_request_size=LARGEST_MESSAGE,
                delivery_timeout_ms=_FLUSH_SECONDS * 1000,
                request_timeout_ms=5000,
                max_block_ms=5000,
                bootstrap_timeout_ms=5000,
                metrics_enabled=False,
            )
        return self._producer

    def _send(self, producer: KafkaProducer, event: Event) -> Any:
        topic = self._broker.topic_prefix + event.topic
        return producer.send(topic, encode(event), event.subject.encode(), event.headers())


def consumer(broker: Broker, group: str, topics: Sequence[str]) -> KafkaConsumer:
    """Return a consumer of these topics whose offsets are committed by the worker, after the outcome is stored."""
    subscribed = KafkaConsumer(
        bootstrap_servers=broker.bootstrap,
        group_id=broker.topic_prefix + group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",  # the default skips what was published before the group existed
        max_poll_records=100,
        session_timeout_ms=broker.session_timeout_ms,
        heartbeat_interval_ms=broker.heartbeat_interval_ms,
        max_poll_interval_ms=broker.max_poll_interval_ms,
        fetch_max_wait_ms=broker.fetch_max_wait_ms,
        max_partition_fetch_bytes=LARGEST_MESSAGE,
        metadata_max_age_ms=5000,  # a broker that came back empty is noticed within seconds
        reconnect_backoff_max_ms=2000,
        metrics_enabled=False,
    )
    subscribed.subscribe([broker.topic_prefix + topic for topic in topics])
    return subscribed
