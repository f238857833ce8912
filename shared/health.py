"""Liveness says that the process runs; readiness says that it can take work, and whose process it is.

Whoever starts a process gives it a name in ``DAYZERO_INSTANCE``; another process that took its port is told by that.
"""

import os
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
        status, code = ("ready", 200) if is_ready() else ("not ready", 503)
        return jsonify(status=status, instance=os.environ.get("DAYZERO_INSTANCE")), code

    return health
