"""Who guesses is slowed down, whatever account is tried (OWASP ASVS 5.0, 6.3.1); who is right is not counted."""

from collections.abc import Callable, Set
from typing import Any, TypeVar, cast

from flask import Flask, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

View = TypeVar("View", bound=Callable[..., Any])
_WORDS = "Too many attempts; wait a minute, then try again."
DEPARTURES = "60 per minute"
FAILURES = "30 per minute"  # of one address: behind a proxy, of everybody


class Rates:
    """Counts failures in memory: each process of the door its own."""

    def __init__(self) -> None:
        """Count nothing yet."""
        self._limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)

    def init_app(self, app: Flask) -> None:
        """Let the application's answers be counted."""
        self._limiter.init_app(app)

    def departures(self, view: View) -> View:
        """Bound how often a stranger may have something stored that nobody may ever come back to."""
        limit = self._limiter.shared_limit(DEPARTURES, "departures", error_message=_WORDS)
        return cast(View, limit(view))

    def guesses(self, view: View) -> View:
        """Bound how often a way in may be failed at."""
        return self._bounded(view, "guesses", {401, 403, 422})

    def signings(self, view: View) -> View:
        """Bound how often who is signed in may fail to prove again that it is she; a missing reason is no guess."""
        return self._bounded(view, "signings", {403})

    def _bounded(self, view: View, name: str, failures: Set[int]) -> View:
        def has_failed(response: Response) -> bool:
            return response.status_code in failures

        limit = self._limiter.shared_limit(
            FAILURES, name, methods=["POST"], deduct_when=has_failed, error_message=_WORDS
        )
        return cast(View, limit(view))
