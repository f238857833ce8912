"""The settings of triage's doors."""

from datetime import timedelta
from pathlib import Path

import msgspec
from environs import FileAwareEnv

from shared.messaging.kafka import Broker

SERVICE_VERSION = "triage 0.1.0"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment says."""

    mongo_uri: str
    broker: Broker
    registry: Path
    dictionary: Path
    republish: timedelta
    review_actor: str
    host: str
    port: int


def read(env: FileAwareEnv) -> Settings:
    """Read ``DAYZERO_…``; raises environs' errors for what is missing or wrong."""
    return Settings(
        mongo_uri=env.str("TRIAGE_MONGO_URI"),
        broker=Broker(
            bootstrap=env.str("KAFKA"),
            topic_prefix=env.str("TOPIC_PREFIX", ""),
            producer_idempotence=env.bool("PRODUCER_IDEMPOTENCE", False),
        ),
        registry=env.path("REGISTRY"),
        dictionary=env.path("DICTIONARY"),
        republish=timedelta(seconds=env.float("REPUBLISH_SECONDS", 5.0)),
        review_actor=env.str("REVIEW_ACTOR", "reviewer"),
        host=env.str("HOST", "127.0.0.1"),
        port=env.int("REVIEW_PORT", 8081),
    )


def read_store(env: FileAwareEnv) -> str:
    """Read only where the records are: for commands that look."""
    return env.str("TRIAGE_MONGO_URI")
