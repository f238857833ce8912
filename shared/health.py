"""Liveness says that the process runs; readiness says that it can take work."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify


def blueprint(is_ready: Callable[[], bool]) -> Blueprint:
    """Return ``/health/live`` and ``/health/ready``; the latter is 503 while ``is_ready`` says no."""
    health = Blueprint("health", __name__, url_prefix="/health")

    @health.get("/live")
    def live() -> Response:
        return jsonify(status="live")

    @health.get("/ready")
    def ready() -> tuple[Response, int]:
        return (jsonify(status="ready"), 200) if is_ready() else (jsonify(status="not ready"), 503)

    return health
