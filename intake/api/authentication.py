"""Partners' systems prove who they are by a key (RFC 6750); whatever is wrong with one, the answer is the same.

What comes without a key that is good is not kept: refusals are kept of authenticated senders (DOMAIN 1).
"""

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Blueprint, Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from intake.api.over_http import Origin
from intake.domain.partner import opens
from shared.clock import Clock
from shared.contracts.key_changed import KeyChanged
from shared.problem import Problem

Admit = Callable[[], Origin]
View = TypeVar("View", bound=Callable[..., Response])

FAILURES = "60 per minute"  # of one address, at each process: a key has 256 bits, so this bounds noise alone
_LONGEST = 200
_REFUSED = (
    "Send the key that you were given, as Authorization: Bearer KEY. If you did, it is not known here, was revoked or "
    "has expired: ask who gave it to you for another."
)
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="DayZero intake"'}


class Door:
    """Tells who sent the request at hand, and counts in memory, each process by itself, what fails to say so."""

    def __init__(self, admit: Admit) -> None:
        """``admit`` returns who it is, or raises Problem 401."""
        self._admit = admit
        self._limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)
        self._known: Flask | None = None

    def __call__(self) -> Origin:
        """Return who sent the request at hand. Raises Problem 401."""
        if "origin" not in g:
            g.origin = self._admit()
        return cast(Origin, g.origin)

    def guards(self, routes: Blueprint) -> None:
        """Let the answers of these routes be counted."""
        routes.record_once(lambda state: self._count(cast(Flask, state.app)))

    def guesses(self, view: View) -> View:
        """Bound how often a route may be asked without a key that is good."""
        words = "Too many requests without a key that is good; wait for the seconds of Retry-After."
        limit = self._limiter.shared_limit(
            FAILURES, "keys", deduct_when=_has_failed, exempt_when=self._lets_in, error_message=words
        )
        return cast(View, limit(view))

    def _lets_in(self) -> bool:
        """Say whether the key is good: behind a proxy others' failures come from the same address."""
        try:
            self()
        except Problem:
            return False
        return True

    def _count(self, app: Flask) -> None:
        if self._known is not app:
            self._known = app
            self._limiter.init_app(app)


def by_key(find: Callable[[str], KeyChanged | None], clock: Clock) -> Door:
    """Return the door for who has a key; ``find`` returns a key as it is known at this moment."""

    def admit() -> Origin:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        key_id, _, secret = token.strip()[:_LONGEST].partition(".")
        key = find(key_id if key_id.isascii() else "")
        if not opens(key, secret, clock.now()) or key is None or scheme.lower() != "bearer":
            raise Problem(401, "key", "Not authenticated", _REFUSED, headers=_CHALLENGE)
        return Origin(actor=key.organisation, authentication=f"key:{key.key_id}", sponsors=frozenset(key.sponsors))

    return Door(admit)


def _has_failed(response: Response) -> bool:
    return response.status_code == 401
