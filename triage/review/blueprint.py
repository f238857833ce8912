"""The staff application: pages and JSON API over the same use cases, with headers that keep a browser honest."""

from flask import Flask, Response

from triage.review import api, pages
from triage.review.services import Services

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def register(app: Flask, services: Services) -> None:
    """Add pages, API and headers to the application."""
    app.register_blueprint(api.blueprint(services))
    app.register_blueprint(pages.blueprint(services))
    app.after_request(_with_headers)


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
