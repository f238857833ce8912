"""A member of staff who works through the review API: hired by the administrator's command, signed in as a person is.

Nobody's password is fixed: the command makes a one-time one, which is changed at the first sign-in, and only the
stand-in knows the secret of its authenticator.
"""

import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pyotp

import triage.cli
from deploy.cli import wire
from deploy.cli.failure import CommandError
from deploy.cli.run_settings import in_environment

HIRER = "stand-in administrator"
EVERYTHING = ("intake_associate", "safety_physician", "approver", "submissions_officer")
_STEP = 30
_COOKIE = "__Host-dayzero_session"
_SIGNED_OUT = 401
_NOT_SIGNED = {401, 403, 404, 422, 429}


class Staff:
    """One signed-in user; before ``start`` nobody, who is let in nowhere."""

    def __init__(self, review_url: str, name: str = "") -> None:
        """``review_url`` is where the review application answers."""
        self._url = review_url
        self._password = secrets.token_urlsafe(24)
        self._secret = ""
        self._used = 0
        self._token = self._csrf = ""
        self._one_at_a_time = threading.Lock()
        self._has_signed = False
        self._signs_first = threading.Lock()
        self.name = name

    def start(self, one_time_password: str) -> None:
        """Sign in for the first time: choose a password, enrol an authenticator. Raises CommandError."""
        self._step("GET", "", None)
        self._step("POST", "", {"name": self.name, "password": one_time_password})
        self._secret = self._step("POST", "/password", {"password": self._password})["secret"]
        self._step("POST", "/authenticator", {"totp": self.code()})

    def sign_in(self) -> None:
        """Sign in again. Raises CommandError."""
        self._token = self._csrf = ""
        self._has_signed = False
        self._step("GET", "", None)
        self._step("POST", "", {"name": self.name, "password": self._password, "totp": self.code()})

    def call(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> wire.Answer:
        """Ask the review application; who was signed out signs in again. Raises CommandError where nothing answers."""
        answer = wire.call(method, self._url + path, body, {**self.headers(), **(headers or {})})
        if answer.status == _SIGNED_OUT and self._secret:
            with self._one_at_a_time:
                self.sign_in()
            answer = wire.call(method, self._url + path, body, {**self.headers(), **(headers or {})})
        return answer

    def headers(self) -> dict[str, str]:
        """Return what a request of hers carries; clients that know __Host- cookies would not send them without TLS."""
        return {"Cookie": f"{_COOKIE}={self._token}", "X-CSRF-Token": self._csrf} if self._token else {}

    def sign(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> wire.Answer:
        """Do what takes a signature: at first in a session by password and code, alone; later by password."""
        if self._has_signed or not self._secret:
            return self.call("POST", path, {**body, "password": self._password}, headers)
        with self._signs_first:
            proof = {"password": self._password} if self._has_signed else self._first_proof()
            answer = self.call("POST", path, {**body, **proof}, headers)
            self._has_signed = self._has_signed or answer.status not in _NOT_SIGNED
            return answer

    def _first_proof(self) -> dict[str, str]:
        return {"password": self._password, "totp": self.code()}

    def code(self) -> str:
        """Return a code that was not used: of the step before, of this one or the next, else wait for one."""
        while True:
            step = int(time.time()) // _STEP
            unused = [each for each in (step - 1, step, step + 1) if each > self._used]
            if unused:
                self._used = unused[0]
                return pyotp.HOTP(self._secret).at(unused[0])
            time.sleep(1)

    def _step(self, method: str, path: str, body: object) -> dict[str, Any]:
        answer = wire.call(method, f"{self._url}/api/session{path}", body, self.headers())
        if answer.status != 200:
            raise CommandError(f"{self.name} cannot sign in: {answer.words}")
        set_cookie = answer.headers.get("set-cookie", "")
        if set_cookie.startswith(f"{_COOKIE}="):
            self._token = set_cookie.partition("=")[2].partition(";")[0]
        told: dict[str, Any] = answer.body
        self._csrf = told["csrf_token"]
        return told


def hired(
    settings: Mapping[str, str],
    review_url: str,
    name: str = "stand-in",
    roles: Sequence[str] = EVERYTHING,
    sponsors: Sequence[str] = (),
) -> Staff:
    """Add a user with these roles for these sponsors (all that there are), sign her in, and return her."""
    with in_environment(settings):
        grants = [(sponsor, role) for sponsor in sponsors or triage.cli.sponsors() for role in roles]
        password = triage.cli.add_user(HIRER, "a demonstration or test", name, f"{name.title()} (stand-in)", grants)
    staff = Staff(review_url, name)
    staff.start(password or "")
    return staff
