"""Every route says who may use it; one that does not is no route of ours (OWASP ASVS 5.0, 8.2.1, 8.3.1).

Who asks is read from the store at each request: a user who was disabled, or lost a role, has lost it at once.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec
from flask import Flask, Response, g, redirect, request, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as Answer

from shared.problem import Problem
from triage.domain.identity import Permission
from triage.domain.session import Stage
from triage.review import browsing
from triage.sign_in import Opened, SignIn

View = TypeVar("View", bound=Callable[..., Any])

_DECLARED = "dayzero_access"
_ELSEWHERE = ("health.live", "health.ready", "pages.static")  # public, and declared where nobody knows of access
_READING = {"GET", "HEAD", "OPTIONS"}
_NOT_SIGNED_IN = {"WWW-Authenticate": 'Session realm="DayZero"'}


class Access(msgspec.Struct, frozen=True):
    """Who may use a route: everybody, who has begun to sign in, who is signed in, or who holds a permission."""

    name: str
    permission: Permission | None = None


PUBLIC, BEGUN, SIGNED_IN = Access("public"), Access("begun"), Access("signed_in")


def public(view: View) -> View:
    """Let everybody use a route."""
    return _declare(view, PUBLIC)


def begun(view: View) -> View:
    """Let who has given a password, and nothing more yet, use a route."""
    return _declare(view, BEGUN)


def signed_in(view: View) -> View:
    """Let every user use a route, for what is her own."""
    return _declare(view, SIGNED_IN)


def needs(permission: Permission) -> Callable[[View], View]:
    """Let those use a route who hold a permission for one sponsor at least; what they see is of these sponsors."""
    return lambda view: _declare(view, Access(permission.value, permission))


def declared(app: Flask, endpoint: str) -> Access | None:
    """Return what an endpoint declares."""
    if endpoint in _ELSEWHERE:
        return PUBLIC
    found = getattr(app.view_functions.get(endpoint), _DECLARED, None)
    return found if isinstance(found, Access) else None


def enforce(app: Flask, sign_in: SignIn, csrf: CSRFProtect) -> None:
    """Hold every request to what its route declares. Raises RuntimeError for a route that declares nothing."""
    for endpoint in sorted({rule.endpoint for rule in app.url_map.iter_rules()}):
        if declared(app, endpoint) is None:
            raise RuntimeError(f"the route {endpoint} declares no access: see triage/review/access.py")

    @app.before_request
    def checked() -> Answer | None:
        _know(sign_in)
        if request.endpoint is None:  # 404 or 405 follows, which tells nobody anything
            return None
        refused = _refusal(declared(app, request.endpoint))
        if refused is None and request.method not in _READING:
            csrf.protect()
        return refused


def same_site(url: str | None) -> str:
    """Return where to go after sign-in: a path of ours, whatever was asked for."""
    parts = urlsplit(url or "")
    ours = not (parts.scheme or parts.netloc) and parts.path.startswith("/") and not parts.path.startswith("//")
    return url if url and ours and url.isprintable() and "\\" not in url else "/"


def _know(sign_in: SignIn) -> None:
    is_open = request.endpoint in _ELSEWHERE or request.endpoint is None
    opened: Opened | None = None if is_open else sign_in.of(browsing.held())
    g.opened = opened
    g.session = opened.session if opened else None
    g.user = opened.account.user if opened and opened.session.stage is Stage.SIGNED_IN else None


def _refusal(access: Access | None) -> Answer | None:
    """Return the answer to who may not; None: she may. Raises Problem."""
    if access is PUBLIC:
        return None
    if access is BEGUN:
        return None if g.session is not None and g.session.stage is Stage.BEGUN else _to_sign_in()
    if g.user is None:
        return _to_sign_in()
    if access is None or (access.permission is not None and not g.user.scopes(access.permission)):
        raise Problem(403, "role", "Not yours to do", "None of your roles permits this; ask an administrator for one.")
    return None


def _to_sign_in() -> Answer:
    """A person is shown the way, a script is told. Raises Problem 401."""
    if request.blueprint == "api":
        words = "Sign in first: POST /api/session, and send the cookie that it answers with."
        raise Problem(401, "signed-out", "Not signed in", words, headers=_NOT_SIGNED_IN)
    onward = request.full_path.rstrip("?") if request.method in _READING else ""
    if request.path.startswith("/sign-in"):
        onward = same_site(request.args.get("next"))
    query = f"?{urlencode({'next': onward})}" if onward not in {"", "/"} else ""
    answer: Response = redirect(url_for("pages.sign_in") + query, 303)  # type: ignore[assignment]
    return answer


def _declare(view: View, access: Access) -> View:
    setattr(view, _DECLARED, access)
    return view
