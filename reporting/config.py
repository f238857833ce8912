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
        schemas=_folder(env, "E2B_SCHEMAS"),
        outgoing=Path(env.str("OUTGOING")),
        incoming=Path(env.str("INCOMING")),
        first_pause=timedelta(seconds=env.float("REPUBLISH_SECONDS", 5.0)),
    )


def _folder(env: FileAwareEnv, name: str) -> Path | None:
    value: str = env.str(name, "")
    return Path(value) if value else None
