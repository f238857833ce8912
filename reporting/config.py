"""What reporting needs to be told: where its database, its broker and the destinations' folders are."""

from datetime import timedelta
from pathlib import Path

import msgspec
from environs import FileAwareEnv

from shared.messaging.kafka import Broker


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of every reporting process."""

    mongo_uri: str
    broker: Broker
    schemas: Path | None  # ICH's schema set; without it files are checked structurally only
    outgoing: Path
    incoming: Path
    first_pause: timedelta


def read(env: FileAwareEnv) -> Settings:
    """Read the settings; raises EnvError for one that is missing or wrong."""
    return Settings(
        mongo_uri=env.str("REPORTING_MONGO_URI"),
        broker=Broker(
            bootstrap=env.str("KAFKA"),
            topic_prefix=env.str("TOPIC_PREFIX", ""),
            producer_idempotence=env.bool("PRODUCER_IDEMPOTENCE", False),
        ),
        schemas=_schemas(env),
        outgoing=Path(env.str("OUTGOING")),
        incoming=Path(env.str("INCOMING")),
        first_pause=timedelta(seconds=env.float("REPUBLISH_SECONDS", 5.0)),
    )


def _schemas(env: FileAwareEnv) -> Path | None:
    """Return the folder of the schema set, which must be one: a wrong folder would block every message."""
    value: str = env.str("E2B_SCHEMAS", "")
    if value and not (Path(value) / "multicacheschemas").is_dir():
        raise ValueError(
            f"DAYZERO_E2B_SCHEMAS: {value!r} holds no multicacheschemas/; unset it or name ICH's schema set"
        )
    return Path(value) if value else None
