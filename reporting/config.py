"""What reporting needs to be told: where its database, its broker and the destinations' folders are."""

from datetime import timedelta
from pathlib import Path

import msgspec
from environs import FileAwareEnv

from shared.messaging import kafka
from shared.messaging.kafka import Broker
from shared.settings import mongo_uri, pause


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
        mongo_uri=mongo_uri(env, "REPORTING_MONGO_URI"),
        broker=kafka.read(env),
        schemas=_schemas(env),
        outgoing=Path(env.str("OUTGOING")),
        incoming=Path(env.str("INCOMING")),
        first_pause=pause(env, "REPUBLISH_SECONDS", 5.0),
    )


def read_with_folders(env: FileAwareEnv) -> Settings:
    """Read the settings for the door that uses the folders; a misspelt one would be waited for in vain."""
    settings = read(env)
    for name, folder in (("OUTGOING", settings.outgoing), ("INCOMING", settings.incoming)):
        if not folder.is_dir():
            raise ValueError(f"DAYZERO_{name}: {str(folder)!r} is no folder; make it, or name another")
    return settings


def _schemas(env: FileAwareEnv) -> Path | None:
    """Return the folder of the schema set, which must be one: a wrong folder would block every message."""
    value: str = env.str("E2B_SCHEMAS", "")
    if value and not (Path(value) / "multicacheschemas").is_dir():
        raise ValueError(
            f"DAYZERO_E2B_SCHEMAS: {value!r} holds no multicacheschemas/; unset it or name ICH's schema set"
        )
    return Path(value) if value else None
