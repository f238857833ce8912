"""Nothing of a report stands in a cookie, a URL or a browser's store, and no request leaves the origin (DOMAIN 20)."""

from flask import Blueprint, Response, abort, request
from flask.blueprints import BlueprintSetupState
from flask_wtf.csrf import CSRFProtect

from intake.receive import BODY_LIMIT

FORM_LIMIT = 3 * BODY_LIMIT  # bytes of one page: a report of full length, each byte percent-encoded
_READ_AT_MOST = 64_000_000
_CHUNK = 1 << 16
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with it a browser sends "Origin: null" with a form, which the guard refuses.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def protect(form: Blueprint, secret_key: str) -> None:
    """Sign the cookie, check every post's token, bound its size, and put the headers on every page."""
    csrf = CSRFProtect()

    def configure(state: BlueprintSetupState) -> None:
        app = state.app
        app.secret_key = secret_key
        app.config.update(
            SESSION_COOKIE_NAME="dayzero_report",
            SESSION_COOKIE_PATH=state.url_prefix,
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            WTF_CSRF_CHECK_DEFAULT=False,  # the API has no cookie, so nothing that another site could misuse
            WTF_CSRF_TIME_LIMIT=None,  # as long as the cookie: nobody has to hurry (WCAG 2.2.1)
        )
        csrf.init_app(app)

    def check() -> None:
        _read_past(FORM_LIMIT)
        request.max_content_length = request.max_form_memory_size = FORM_LIMIT
        csrf.protect()

    form.record_once(configure)
    form.before_request(check)
    form.after_request(_with_headers)


def _read_past(limit: int) -> None:
    """Read what is too much and drop it: a browser whose sending is cut off shows no page of ours."""
    left = request.content_length or 0
    if left <= limit:
        return
    left = min(left, _READ_AT_MOST)
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, _CHUNK))):
        left -= len(chunk)
    abort(413)


def _with_headers(response: Response) -> Response:
    response.headers.update(_HEADERS)
    if request.endpoint and not request.endpoint.endswith(".static"):
        response.headers["Cache-Control"] = "no-store"
    return response
