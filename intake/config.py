"""What intake needs to be told: its database, its broker, and the site that receives, whose date is day zero's."""

from datetime import timedelta
from importlib.metadata import version
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from environs import FileAwareEnv

from intake.domain.countries import COUNTRIES
from shared.messaging.kafka import Broker
from shared.settings import zone

KEY_LENGTH = 32  # characters


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of every intake process."""

    mongo_uri: str  # names the database too
    broker: Broker
    zone: ZoneInfo
    country: str  # of the receiving site, ISO 3166-1 alpha-2
    actor: str
    first_pause: timedelta
    host: str
    port: int
    service_version: str
    secret_key: str  # of the form's cookie; empty where no form is served


def read(env: FileAwareEnv) -> Settings:
    """Read the settings; raises EnvError or ValueError for one that is missing or wrong."""
    return Settings(
        mongo_uri=_mongo_uri(env.str("INTAKE_MONGO_URI")),
        broker=Broker(
            bootstrap=env.str("KAFKA"),
            topic_prefix=env.str("TOPIC_PREFIX", ""),
            producer_idempotence=env.bool("PRODUCER_IDEMPOTENCE", False),
        ),
        zone=zone(env.str("SITE_ZONE", "UTC")),
        country=_country(env.str("SITE_COUNTRY")),  # no default: a wrong country would be invented
        actor=env.str("INTAKE_ACTOR", "loopback"),
        first_pause=timedelta(seconds=_positive("REPUBLISH_SECONDS", env.float("REPUBLISH_SECONDS", 5.0))),
        host=env.str("HOST", "127.0.0.1"),
        port=_port(env.int("INTAKE_PORT", 8080)),
        service_version=version("dayzero"),
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


def _mongo_uri(uri: str) -> str:
    parts = urlsplit(uri)
    if parts.scheme not in {"mongodb", "mongodb+srv"} or not parts.path.strip("/"):
        raise ValueError("DAYZERO_INTAKE_MONGO_URI names no database; set mongodb://host:port/database")
    return uri


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError(f"DAYZERO_SITE_COUNTRY is {code!r}; set an ISO 3166-1 alpha-2 code, for example CH")
    return code


def _positive(name: str, seconds: float) -> float:
    if not 0 < seconds <= 3600:
        raise ValueError(f"DAYZERO_{name} is {seconds:g}; set seconds above 0, at most 3600")
    return seconds


def _port(port: int) -> int:
    if not 0 < port < 65536:
        raise ValueError(f"DAYZERO_INTAKE_PORT is {port}; set a port from 1 to 65535")
    return port
