"""What intake needs to be told: its database, its broker, and the site that receives, whose date is day zero's."""

from datetime import timedelta
from importlib.metadata import version
from zoneinfo import ZoneInfo

import msgspec
from environs import FileAwareEnv

from intake.domain.countries import COUNTRIES
from shared.messaging import kafka
from shared.messaging.kafka import Broker
from shared.settings import mongo_uri, pause, port, zone

THREADS = 64  # of each worker: most of them wait for the commit of their group, which the more of them share

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
    workers: int  # processes that serve
    service_version: str
    secret_key: str  # of the form's cookie; empty where no form is served


def read(env: FileAwareEnv) -> Settings:
    """Read the settings; raises EnvError or ValueError for one that is missing or wrong."""
    return Settings(
        mongo_uri=mongo_uri(env, "INTAKE_MONGO_URI"),
        broker=kafka.read(env),
        zone=zone(env.str("SITE_ZONE", "UTC")),
        country=_country(env.str("SITE_COUNTRY")),  # no default: a wrong country would be invented
        actor=env.str("INTAKE_ACTOR", "loopback"),
        first_pause=pause(env, "REPUBLISH_SECONDS", 5.0),
        host=env.str("HOST", "127.0.0.1"),
        port=port(env, "INTAKE_PORT", 8080),
        workers=_workers(env.int("INTAKE_WORKERS", 2)),
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


def _country(code: str) -> str:
    if code not in COUNTRIES:
        raise ValueError(f"DAYZERO_SITE_COUNTRY is {code!r}; set an ISO 3166-1 alpha-2 code, for example CH")
    return code


def _workers(count: int) -> int:
    if not 0 < count <= 64:
        raise ValueError(f"DAYZERO_INTAKE_WORKERS is {count}; set a number of processes from 1 to 64")
    return count
