"""The settings of triage's doors."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from environs import FileAwareEnv

from shared.messaging import kafka
from shared.messaging.kafka import Broker
from shared.settings import mongo_uri, pause, port
from triage.domain.trail import SERVICE_VERSION as SERVICE_VERSION  # every door says which version wrote

KEY_LENGTH = 32  # characters
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class OpenIDSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the provider is, and as whom it knows us; ``acr`` is the class of sign-in that a signature needs."""

    issuer: str
    client_id: str
    client_secret: str
    acr: str | None = None


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment says."""

    mongo_uri: str
    ledger_uri: str | None  # where auditors read the trail; without it they see what waits to be moved there
    broker: Broker
    registry: Path
    dictionary: Path
    lists: dict[str, Path]  # of important and designated medical events, where the operator has them
    republish: timedelta
    host: str
    port: int
    openid: OpenIDSettings | None
    secret_key: str  # of review; empty where no page is served


def read(env: FileAwareEnv) -> Settings:
    """Read ``DAYZERO_…``; raises environs' errors for what is missing or wrong."""
    return Settings(
        mongo_uri=mongo_uri(env, "TRIAGE_MONGO_URI"),
        ledger_uri=mongo_uri(env, "TRIAGE_LEDGER_URI") if env.str("TRIAGE_LEDGER_URI", "") else None,
        broker=kafka.read(env),
        registry=env.path("REGISTRY"),
        dictionary=env.path("DICTIONARY"),
        lists={name: env.path(f"{name}_LIST") for name in ("IME", "DME") if env.str(f"{name}_LIST", "")},
        republish=pause(env, "REPUBLISH_SECONDS", 5.0),
        host=env.str("HOST", "127.0.0.1"),
        port=port(env, "REVIEW_PORT", 8081),
        openid=_openid(env),
        secret_key=env.str("REVIEW_SECRET_KEY", ""),
    )


def _openid(env: FileAwareEnv) -> OpenIDSettings | None:
    """Read how people sign in at an OpenID provider, where there is one. Raises ValueError or environs' errors."""
    issuer = env.str("OIDC_ISSUER", "")
    if not issuer:
        if env.str("OIDC_CLIENT_ID", "") or env.str("OIDC_CLIENT_SECRET", ""):
            raise ValueError("DAYZERO_OIDC_ISSUER is not set, though the client is; set all of DAYZERO_OIDC_… or none")
        return None
    try:
        require_tls(issuer)
    except ValueError as error:
        raise ValueError(
            f"DAYZERO_OIDC_ISSUER: {error}; set the provider's issuer, as https://login.example.com"
        ) from error
    return OpenIDSettings(
        issuer=issuer,
        client_id=env.str("OIDC_CLIENT_ID"),
        client_secret=env.str("OIDC_CLIENT_SECRET"),
        acr=env.str("OIDC_ACR", "") or None,
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


def require_tls(url: str) -> str:
    """Return a URL of a provider. Raises ValueError where it is not https, but on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return url
    raise ValueError(f"{url!r} is no https address")
