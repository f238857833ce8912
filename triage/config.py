"""The settings of triage's doors."""

from datetime import timedelta
from pathlib import Path

import msgspec
from environs import FileAwareEnv

from shared.messaging import kafka
from shared.messaging.kafka import Broker
from shared.settings import mongo_uri, pause, port
from triage.domain.trail import SERVICE_VERSION as SERVICE_VERSION  # every door says which version wrote


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
        mongo_uri=mongo_uri(env, "TRIAGE_MONGO_URI"),
        broker=kafka.read(env),
        registry=env.path("REGISTRY"),
        dictionary=env.path("DICTIONARY"),
        republish=pause(env, "REPUBLISH_SECONDS", 5.0),
        review_actor=env.str("REVIEW_ACTOR", "reviewer"),
        host=env.str("HOST", "127.0.0.1"),
        port=port(env, "REVIEW_PORT", 8081),
    )


def read_store(env: FileAwareEnv) -> str:
    """Read only where the records are: for commands that look."""
    return mongo_uri(env, "TRIAGE_MONGO_URI")
