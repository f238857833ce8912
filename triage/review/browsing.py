"""A browser holds one cookie, a random name of its session; CSRF tokens are bound to it (OWASP ASVS 5.0, 3.3, 3.5.1).

Before sign-in it names nothing and is stored nowhere; at sign-in, and whenever more is proved, it is a new one.
"""

import hashlib
import hmac
from typing import Any

from flask import Flask, Request, Response, g, session
from flask.sessions import SessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect, generate_csrf

from shared.ids import new_id

COOKIE = "__Host-dayzero_session"
_LONGEST = 100
_TOKEN = "csrf_token"  # noqa: S105 - the field's name


class Browser(dict[str, Any], SessionMixin):
    """What Flask-WTF asks of a session: the secret to which a browser's CSRF tokens are bound."""

    def __init__(self, app: Flask, token: str, *, is_new: bool) -> None:
        super().__init__()
        self._key = str(app.secret_key).encode()
        self.is_asked_for = False
        self.hold(token)
        self.is_changed = is_new

    def hold(self, token: str) -> None:
        """Name another session, whose CSRF tokens are others too."""
        self.token, self.is_changed = token, True
        digest = hmac.new(self._key, f"csrf\x1f{token}".encode(errors="replace"), hashlib.sha256)
        self[_TOKEN] = digest.hexdigest()

    def __getitem__(self, name: str) -> Any:
        self.is_asked_for = True
        return super().__getitem__(name)


class Browsers(SessionInterface):
    """Reads and writes the cookie."""

    def open_session(self, app: Flask, request: Request) -> Browser:
        """Return what the browser holds, else a name that names nothing."""
        token = request.cookies.get(COOKIE, "")
        is_new = not 0 < len(token) <= _LONGEST
        return Browser(app, new_id("new") if is_new else token, is_new=is_new)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Give the browser a new name where one is needed, and only to itself (RFC 6265bis, 4.1.3.2)."""
        if isinstance(session, Browser) and session.is_changed and session.is_asked_for:
            response.set_cookie(COOKIE, session.token, secure=True, httponly=True, samesite="Lax", path="/")


def protect(app: Flask, secret_key: str) -> CSRFProtect:
    """Let the application have browsers' sessions, and return what checks their tokens."""
    app.secret_key = secret_key
    app.session_interface = Browsers()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked after who asks is known: triage.review.access
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session
    app.config["WTF_CSRF_SSL_STRICT"] = False  # Origin is checked already, whatever the scheme: shared.loopback
    return CSRFProtect(app)


def held() -> str:
    """Return what the browser holds."""
    return browser().token


def hold(token: str) -> str:
    """Have the browser hold another token; return the CSRF token that goes with it."""
    browser().hold(token)
    g.pop(_TOKEN, None)
    return csrf_token()


def csrf_token() -> str:
    """Return the token that a change must carry."""
    return str(generate_csrf())


def browser() -> Browser:
    """Return the browser of this request."""
    found = session._get_current_object()  # type: ignore[attr-defined]  # a proxy
    assert isinstance(found, Browser)  # noqa: S101 - the interface above makes no other
    return found
