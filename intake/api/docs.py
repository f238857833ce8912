"""``/openapi.json``, and ``/docs``: Swagger UI from this very server, without inline scripts or third parties."""

from flask import Blueprint, Response, jsonify

from intake.api.docs_openapi import document

# Swagger UI sets its icons as data: images; it needs nothing else from anywhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>DayZero intake API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
  <script src="/docs/swagger-ui-bundle.js" defer></script>
  <script src="/docs/docs.js" defer></script>
</head>
<body>
  <main id="swagger-ui"><p>Without scripts, read <a href="/openapi.json">openapi.json</a>.</p></main>
</body>
</html>
"""


def blueprint() -> Blueprint:
    """Return the routes of the document and its page."""
    docs = Blueprint("docs", __name__, static_folder="static", static_url_path="/docs")
    docs.after_request(_with_headers)

    @docs.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(document())

    @docs.get("/docs")
    def page() -> Response:
        return Response(_PAGE, content_type="text/html; charset=utf-8")

    return docs


def _with_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-cache"
    return response
