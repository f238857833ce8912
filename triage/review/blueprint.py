"""The staff application: pages and JSON API over the same use cases, with headers that keep a browser honest."""

from flask import Flask, Response

from triage.review import access, api, browsing, pages
from triage.review.services import Services

LARGEST_BODY = 1 << 20

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: under it browsers post our own forms with "Origin: null", which shared.loopback refuses.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def register(app: Flask, services: Services) -> None:
    """Add pages, API and headers to the application."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    csrf = browsing.protect(app, services.secret_key)
    app.register_blueprint(api.blueprint(services))
    app.register_blueprint(pages.blueprint(services))
    access.enforce(app, services.sign_in, csrf)
    services.rates.init_app(app)
    app.after_request(_with_headers)


def _with_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
