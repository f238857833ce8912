"""Door: intake over HTTP. 202 means durable; while MongoDB is away there is no 202, but 503 with Retry-After."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response

from intake import config
from intake.api import docs
from intake.api.json_provider import OrjsonProvider
from intake.api.reading import BodyReader
from intake.api.reports import Origin, blueprint
from intake.domain.scope import EVERY_SPONSOR
from intake.receive import BODY_LIMIT, Receive, Site
from intake.store.connection import IntakeDatabase
from intake.store.errors import TRANSIENT
from intake.store.refusals import MongoRefusals
from intake.store.reports import MongoReports
from shared import health, loopback, problem, settings
from shared.clock import Clock, SystemClock
from shared.logs import Log, configure


def create_app(given: config.Settings | None = None, clock: Clock | None = None) -> Flask:
    """Return the application; without ``given`` the settings come from the environment."""
    chosen = given or settings.load_or_exit(config.read)
    database = settings.load_or_exit(lambda _: IntakeDatabase(chosen.mongo_uri))
    reports = MongoReports(database)
    site = Site(zone=chosen.zone, country=chosen.country, service_version=chosen.service_version)
    receive = Receive(BodyReader(), reports, MongoRefusals(database), clock or SystemClock(), site)
    routes = blueprint(receive, lambda name: reports.find(EVERY_SPONSOR, name), Origin(actor=chosen.actor))
    app = application(routes, database.is_ready)
    app.extensions["intake"] = database  # for whoever made the app to close
    return app


def application(routes: Blueprint, is_ready: Callable[[], bool]) -> Flask:
    """Return the routes behind the loopback guard, with errors as problem documents and the health pages."""
    app = Flask("intake", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.json = OrjsonProvider(app)
    loopback.guard(app)
    problem.register(app)
    _register_failures(app, configure("intake.app"))
    app.register_blueprint(routes)
    app.register_blueprint(health.blueprint(is_ready))
    app.register_blueprint(docs.blueprint())
    return app


def _register_failures(app: Flask, log: Log) -> None:
    """Make a database that is away a 503, and a fault of ours a 500 that tells the log its kind and no content."""

    def away(error: Exception) -> Response:
        log.warning("dependency_away", error=type(error).__name__)
        words = "The report was not kept; please send it again, with the same Idempotency-Key if it had one."
        return problem.Problem(503, "store-away", "Try again", words, headers={"Retry-After": "5"}).response()

    def fault(error: Exception) -> Response:
        log.error("request_failed", error=type(error).__name__)
        words = "The report was not kept, by a fault of ours; please send it again and tell us."
        return problem.Problem(500, "fault", "A fault of ours", words).response()

    for kind in TRANSIENT:
        app.register_error_handler(kind, away)
    app.register_error_handler(Exception, fault)


def main() -> None:
    """Serve until told to stop."""
    chosen = settings.load_or_exit(config.read)
    loopback.serve("intake.app:create_app", chosen.host, chosen.port)


if __name__ == "__main__":
    main()
