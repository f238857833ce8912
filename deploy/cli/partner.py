"""A partner's system before intake's door: every request carries its key (RFC 6750)."""

import os
from collections.abc import Mapping

import msgspec
from environs import FileAwareEnv

from deploy.cli import wire
from deploy.cli.failure import CommandError
from deploy.cli.run_settings import intake_url
from shared.settings import SettingsError, load

SETTING = "DAYZERO_PARTNER_KEY"
REFUSED = 401
_SECONDS = 30.0
_CURE = (
    f"set {SETTING}, or {SETTING}_FILE to the file that holds it; a key is made with: "
    "dayzero key issue --organisation NAME --sponsor SPONSOR --reason WHY"
)


class Partner(msgspec.Struct, frozen=True):
    """Where intake answers, and the key."""

    url: str
    key: str

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"Authorization": f"Bearer {self.key}"}

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = _SECONDS,
    ) -> wire.Answer:
        """Send one request. Raises CommandError where nothing answers, and where the key is not let in."""
        answer = wire.call(method, self.url + path, body, {**self.headers, **(headers or {})}, seconds)
        if answer.status == REFUSED:
            raise CommandError(f"intake does not let this key in: it is unknown, revoked or expired; {_CURE}")
        return answer


def of_settings(url: str | None) -> Partner:
    """Return who sends, by the settings of the environment. Raises CommandError."""
    return Partner(intake_url(url), _key())


def _key() -> str:
    try:
        key = load(lambda env: _stated(env)).strip()
    except SettingsError as error:
        raise CommandError(str(error)) from error
    if not key:
        raise CommandError(f"no key for intake: {_CURE}")
    return key


def _stated(env: FileAwareEnv) -> str:
    return str(env.str("PARTNER_KEY", "")) if {SETTING, f"{SETTING}_FILE"} & os.environ.keys() else ""
