"""The floor: a Flask route that reads the body and answers 202, on the same server as intake."""

from environs import env
from flask import Flask, Response, request

from intake.config import THREADS
from shared import loopback


def create_app() -> Flask:
    """Return the application: the WSGI factory."""
    app = Flask(__name__, static_folder=None)

    @app.post("/v1/reports")
    def accept() -> Response:
        return Response(str(len(request.get_data())), 202)

    @app.get("/health/ready")
    def ready() -> Response:
        return Response("ready")

    return app


if __name__ == "__main__":
    workers = env.int("DAYZERO_INTAKE_WORKERS")
    loopback.serve("tests.bench.bare:create_app", loopback.ADDRESS, env.int("DAYZERO_BENCH_PORT"), workers, THREADS)
