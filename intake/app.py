"""Door: intake over HTTP. 202 means durable; while MongoDB is away there is no 202, but 503 with Retry-After."""

from collections.abc import Callable

from flask import Blueprint, Flask

from intake import config
from intake.api import docs, icsrs, reports
from intake.api.authentication import by_key
from intake.api.json_provider import OrjsonProvider
from intake.api.messages import E2bReader
from intake.api.reading import BodyReader
from intake.domain.scope import EVERY_SPONSOR
from intake.form import blueprint as form
from intake.form.services import Services
from intake.receive import BODY_LIMIT, Receive, Site
from intake.receive_icsrs import ReceiveIcsrs
from intake.refuse import Refuse
from intake.store.connection import IntakeDatabase
from intake.store.drafts import MongoDrafts
from intake.store.files import MongoFiles
from intake.store.keys import MongoKeys
from intake.store.refusals import MongoRefusals
from intake.store.reports import MongoReports
from shared import health, loopback, problem, settings
from shared.clock import Clock, SystemClock
from shared.logs import configure
from shared.mongo import TRANSIENT

# Not "was not kept": a connection that broke in mid-commit leaves that open, and the same bytes again are one report.
_NOT_KEPT = (
    "The report may not have been kept; please send it again, with the same Idempotency-Key if it had one: "
    "twice the same is one report."
)


def create_app(given: config.Settings | None = None, clock: Clock | None = None) -> Flask:
    """Return the application; without ``given`` the settings come from the environment."""
    chosen = given or settings.load_or_exit(config.read)
    database = settings.load_or_exit(lambda _: IntakeDatabase(chosen.mongo_uri))
    kept, files, refusals = MongoReports(database), MongoFiles(database), MongoRefusals(database)
    site = Site(zone=chosen.zone, country=chosen.country, service_version=chosen.service_version)
    now, limit = clock or SystemClock(), chosen.icsr_limit
    door = by_key(MongoKeys(database).find, now)
    receive = Receive(BodyReader(), kept, refusals, now, site)
    reader = E2bReader(chosen.schemas, limit)
    receive_files = ReceiveIcsrs(reader, files, receive.keep, Refuse(refusals, site), now, site, limit)
    routes = reports.blueprint(receive, kept.find, door)
    messages = icsrs.blueprint(receive_files, files.find, door, limit)
    log = configure("intake.app")
    services = Services(
        receive=receive,
        find=lambda name: kept.find(EVERY_SPONSOR, name),
        drafts=MongoDrafts(database),
        clock=now,
        away=TRANSIENT,
        fault=lambda error: log.error("request_failed", error=type(error).__name__),
        secret_key=settings.load_or_exit(lambda _: config.form_key(chosen)),
    )
    app = application(routes, database.is_ready, messages, form.blueprint(services))
    app.extensions["intake"] = database  # for whoever made the app to close
    return app


def application(routes: Blueprint, is_ready: Callable[[], bool], *pages: Blueprint) -> Flask:
    """Return the routes behind the loopback guard, with errors as problem documents and the health pages."""
    app = Flask("intake", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.json = OrjsonProvider(app)
    loopback.guard(app)
    problem.register(app)
    problem.register_failures(app, (*TRANSIENT, settings.SettingsError), _NOT_KEPT, configure("intake.app"))
    for each in (routes, *pages):
        app.register_blueprint(each)
    app.register_blueprint(health.blueprint(is_ready))
    app.register_blueprint(docs.blueprint())
    return app


def main() -> None:
    """Serve until told to stop; what is wrong for good is said before."""
    chosen = settings.load_or_exit(config.read)
    settings.load_or_exit(lambda _: config.form_key(chosen))  # here too: the server would start a failing one again
    database = settings.load_or_exit(lambda _: IntakeDatabase(chosen.mongo_uri))
    settings.load_or_exit(lambda _: database.prepare_if_there())
    database.close()
    large = {"/v1/icsrs": chosen.icsr_limit + 1}
    loopback.serve("intake.app:create_app", chosen.host, chosen.port, chosen.workers, config.THREADS, large)


if __name__ == "__main__":
    main()
