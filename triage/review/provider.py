"""An OpenID provider vouches for who somebody is, to us and to nobody else (OpenID Connect Core 1.0; RFC 7636, 9207).

Code flow with PKCE, state and nonce; its answer is believed when its token is signed by a key that it publishes,
and was made for us and for this question.
"""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from requests import RequestException

from shared.clock import Clock
from triage.config import OpenIDSettings, require_tls
from triage.domain.session import Errand
from triage.ports import NotVouched, ProviderAway, Vouched

_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # none with a shared secret, and never "none"
_SCOPE = "openid"
_SECONDS = 10
_LEEWAY = 30  # seconds that two clocks may differ
_KNOWN_FOR = timedelta(hours=1)


def signed_in_at(stated: object, now: datetime) -> datetime | None:
    """Return when the provider says that she signed in; None where it says nothing. Raises NotVouched for no instant.

    One that is ahead of us by more than clocks may differ would pass off an old sign-in as fresh.
    """
    if stated is None:
        return None
    if isinstance(stated, bool) or not isinstance(stated, int) or not 0 < stated <= now.timestamp() + _LEEWAY:
        raise NotVouched("auth_time is no instant that has been")
    return datetime.fromtimestamp(stated, UTC)


class OpenIDProvider:
    """``triage.ports.Provider`` by OpenID Connect."""

    def __init__(self, settings: OpenIDSettings, clock: Clock) -> None:
        """Ask nothing yet: the door starts while the provider is away."""
        self._settings = settings
        self._clock = clock
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._known_at: datetime | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Return the host that a person is sent to."""
        return urlsplit(self._settings.issuer).hostname or self._settings.issuer

    def ask(self, errand: Errand, redirect_uri: str, *, again: bool) -> str:
        """Return where to send a person. Raises ProviderAway."""
        asked: dict[str, str] = {"prompt": "login", "max_age": "0"} if again else {}
        if self._settings.acr:
            asked["acr_values"] = self._settings.acr
        url, _ = self._session(redirect_uri).create_authorization_url(
            self._known()["authorization_endpoint"],
            state=errand.state,
            nonce=errand.nonce,
            code_verifier=errand.verifier,
            **asked,
        )
        return str(url)

    def answered(self, errand: Errand, redirect_uri: str, given: dict[str, str], *, again: bool) -> Vouched:
        """Return for whom the provider vouches, by what it sent a person back with. Raises NotVouched, ProviderAway."""
        metadata = self._known()
        if given.get("iss", metadata["issuer"]) != metadata["issuer"] or not given.get("code"):
            raise NotVouched(given.get("error", "no answer of this provider")[:100])
        try:
            token = self._session(redirect_uri).fetch_token(
                metadata["token_endpoint"],
                code=given["code"],
                code_verifier=errand.verifier,
                timeout=_SECONDS,
                allow_redirects=False,
            )
            claims = self._claims(token, errand, again=again)
        except RequestException as error:
            raise ProviderAway(type(error).__name__) from error
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
            raise NotVouched(type(error).__name__) from error
        if self._settings.acr and again and claims.get("acr") != self._settings.acr:
            raise NotVouched(f"signed in by another class than {self._settings.acr}")
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise NotVouched("names nobody")
        return Vouched(subject=claims["sub"], signed_in_at=signed_in_at(claims.get("auth_time"), self._clock.now()))

    def _claims(self, token: dict[str, Any], errand: Errand, *, again: bool) -> dict[str, Any]:
        decoded = self._decoded(str(token["id_token"]))
        settings = self._settings
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={
                "iss": {"essential": True, "value": settings.issuer},
                "aud": {"essential": True, "value": settings.client_id},
                "nonce": {"essential": True},
                "auth_time": {"essential": again},
            },
            params={"nonce": errand.nonce, "client_id": settings.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(self._clock.now().timestamp()), leeway=_LEEWAY)
        return dict(claims)

    def _decoded(self, id_token: str) -> jwt.Token:
        try:
            return jwt.decode(id_token, self._key_set(), algorithms=_ALGORITHMS)
        except (JoseError, ValueError):  # the provider may sign with a new key
            self._forget()
            return jwt.decode(id_token, self._key_set(), algorithms=_ALGORITHMS)

    def _key_set(self) -> KeySet:
        self._known()
        if self._keys is None:
            raise ProviderAway("no keys")
        return self._keys

    def _known(self) -> dict[str, Any]:
        """Return what the provider publishes of itself. Raises ProviderAway."""
        now = self._clock.now()
        with self._lock:
            if self._known_at is None or now - self._known_at > _KNOWN_FOR:
                try:
                    self._discover()
                except (RequestException, JoseError, ValueError, KeyError, TypeError) as error:
                    raise ProviderAway(type(error).__name__) from error
                self._known_at = now
            return self._metadata

    def _discover(self) -> None:
        issuer = self._settings.issuer
        metadata = self._get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if metadata["issuer"] != issuer:
            raise ValueError("another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            require_tls(metadata[name])
        self._keys = KeySet.import_key_set(cast(KeySetSerialization, self._get(metadata["jwks_uri"])))
        self._metadata = metadata

    def _forget(self) -> None:
        with self._lock:
            self._known_at = None

    def _get(self, url: str) -> dict[str, Any]:
        with self._session(None) as session:
            answer = session.get(url, timeout=_SECONDS, withhold_token=True, allow_redirects=False)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def _session(self, redirect_uri: str | None) -> Any:
        return OAuth2Session(
            self._settings.client_id,
            self._settings.client_secret,
            scope=_SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the method's name
        )
