"""What intake needs to be told: its database, its broker, and the site that receives, whose date is day zero's."""

from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from environs import FileAwareEnv

from intake.domain.countries import COUNTRIES
from shared.icsr.api import MAX_BYTES
from shared.messaging import kafka
from shared.messaging.kafka import Broker
from shared.settings import mongo_uri, pause, port, zone

THREADS = 64  # of each worker: most of them wait for the commit of their group, which the more of them share

MEGABYTE = 1024 * 1024
ICSR_LIMIT = 64 * MEGABYTE  # of a file of messages: attachments of 15 MB, in base 64, and the rest around them

KEY_LENGTH = 32  # characters


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of every intake process."""

    mongo_uri: str  # names the database too
    broker: Broker
    zone: ZoneInfo
    country: str  # of the receiving site, ISO 3166-1 alpha-2
    first_pause: timedelta
    host: str
    port: int
    workers: int  # processes that serve
    service_version: str
    icsr_limit: int = ICSR_LIMIT  # bytes of a file of messages
    schemas: Path | None = None  # ICH's schema set; without it messages are checked by the rules only
    secret_key: str  # of the form's cookie; empty where no form is served


def read(env: FileAwareEnv) -> Settings:
    """Read the settings; raises EnvError or ValueError for one that is missing or wrong."""
    return Settings(
        mongo_uri=mongo_uri(env, "INTAKE_MONGO_URI"),
        broker=kafka.read(env),
        zone=zone(env.str("SITE_ZONE", "UTC")),
        country=_country(env.str("SITE_COUNTRY")),  # no default: a wrong country would be invented
        first_pause=pause(env, "REPUBLISH_SECONDS", 5.0),
        host=env.str("HOST", "127.0.0.1"),
        port=port(env, "INTAKE_PORT", 8080),
        workers=_workers(env.int("INTAKE_WORKERS", 2)),
        service_version=version("dayzero"),
        icsr_limit=_icsr_limit(env.int("INTAKE_ICSR_LIMIT", ICSR_LIMIT)),
        schemas=_schemas(env.str("E2B_SCHEMAS", "")),
        secret_key=env.str("INTAKE_SECRET_KEY", ""),
    )


def form_key(settings: Settings) -> str:
    """Return the key that signs the form's cookie. Raises ValueError: a short one could be guessed."""
    if len(settings.secret_key) < KEY_LENGTH:
        raise ValueError(
            f"DAYZERO_INTAKE_SECRET_KEY has {len(settings.secret_key)} characters; set at least {KEY_LENGTH} random "
            "ones, or name their file in DAYZERO_INTAKE_SECRET_KEY_FILE"
        )
    return settings.secret_key


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError(f"DAYZERO_SITE_COUNTRY is {code!r}; set an ISO 3166-1 alpha-2 code, for example CH")
    return code


def _workers(count: int) -> int:
    if not 0 < count <= 64:
        raise ValueError(f"DAYZERO_INTAKE_WORKERS is {count}; set a number of processes from 1 to 64")
    return count


def _icsr_limit(limit: int) -> int:
    if not MEGABYTE <= limit <= MAX_BYTES:
        raise ValueError(f"DAYZERO_INTAKE_ICSR_LIMIT is {limit}; set bytes from {MEGABYTE} to {MAX_BYTES}")
    return limit


def _schemas(folder: str) -> Path | None:
    """Return the folder of the schema set, which must be one: a wrong folder would check nothing."""
    if folder and not (Path(folder) / "multicacheschemas").is_dir():
        raise ValueError(
            f"DAYZERO_E2B_SCHEMAS: {folder!r} holds no multicacheschemas/; unset it or name ICH's schema set"
        )
    return Path(folder) if folder else None
