"""The settings of triage's doors."""

from datetime import timedelta
from pathlib import Path

import msgspec
from environs import FileAwareEnv

from shared.messaging import kafka
from shared.messaging.kafka import Broker
from shared.settings import mongo_uri, pause, port
from triage.domain.trail import SERVICE_VERSION as SERVICE_VERSION  # every door says which version wrote

KEY_LENGTH = 32  # characters


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment says."""

    mongo_uri: str
    broker: Broker
    registry: Path
    dictionary: Path
    republish: timedelta
    host: str
    port: int
    secret_key: str  # of review; empty where no page is served


def read(env: FileAwareEnv) -> Settings:
    """Read ``DAYZERO_…``; raises environs' errors for what is missing or wrong."""
    return Settings(
        mongo_uri=mongo_uri(env, "TRIAGE_MONGO_URI"),
        broker=kafka.read(env),
        registry=env.path("REGISTRY"),
        dictionary=env.path("DICTIONARY"),
        republish=pause(env, "REPUBLISH_SECONDS", 5.0),
        host=env.str("HOST", "127.0.0.1"),
        port=port(env, "REVIEW_PORT", 8081),
        secret_key=env.str("REVIEW_SECRET_KEY", ""),
    )


def review_key(settings: Settings) -> str:
    """Return the key to which the forms' tokens are bound. Raises ValueError: a short one could be guessed."""
    if len(settings.secret_key) < KEY_LENGTH:
        raise ValueError(
            f"DAYZERO_REVIEW_SECRET_KEY has {len(settings.secret_key)} characters; set at least {KEY_LENGTH} random "
            "ones, or name their file in DAYZERO_REVIEW_SECRET_KEY_FILE"
        )
    return settings.secret_key


def read_store(env: FileAwareEnv) -> str:
    """Read only where the records are: for commands that look."""
    return mongo_uri(env, "TRIAGE_MONGO_URI")
