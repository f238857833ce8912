"""One-shot: makes the topics, for the broker makes none by itself. Topics that exist are left as they are.

A topic keeps what it carries for a week: nothing depends on the broker's memory, and what reports say is personal data.
"""

from contextlib import closing

import msgspec
from environs import FileAwareEnv
from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError

from shared.contracts import topics
from shared.messaging.kafka import LARGEST_MESSAGE
from shared.settings import load_or_exit

_WEEK_MS = 7 * 24 * 60 * 60 * 1000
_CONFIGS = {"retention.ms": str(_WEEK_MS), "max.message.bytes": str(LARGEST_MESSAGE)}


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the broker is, and how many workers of a service may share a topic."""

    bootstrap: str
    topic_prefix: str
    partitions: int


def read(env: FileAwareEnv) -> Settings:
    """Read ``DAYZERO_…``; raises environs' errors for what is missing."""
    return Settings(
        bootstrap=env.str("KAFKA"),
        topic_prefix=env.str("TOPIC_PREFIX", ""),
        partitions=env.int("TOPIC_PARTITIONS", 6),
    )


def prepare(settings: Settings) -> None:
    """Make every topic that is not there."""
    with closing(KafkaAdminClient(bootstrap_servers=settings.bootstrap)) as admin:
        for topic in topics.ALL:
            _create(admin, settings.topic_prefix + topic, settings.partitions)


def _create(admin: KafkaAdminClient, name: str, partitions: int) -> None:
    topic = NewTopic(name=name, num_partitions=partitions, replication_factor=1, topic_configs=_CONFIGS)
    try:
        admin.create_topics([topic])
    except TopicAlreadyExistsError:
        return


if __name__ == "__main__":
    prepare(load_or_exit(read))
