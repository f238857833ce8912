"""Door: the staff application. Until sign-in exists it listens on this machine only."""

from flask import Flask

from shared import health, loopback, problem
from shared.clock import SystemClock
from shared.logs import configure
from shared.settings import fail, load_or_exit
from triage import config
from triage.decide import Decide
from triage.handlers import handlers
from triage.reference.source import FileReference, ReferenceFileError
from triage.replay import ReplayParked
from triage.review import blueprint as review
from triage.review.services import Services
from triage.store.cases import MongoCaseStore
from triage.store.database import TRANSIENT, connect, is_up
from triage.store.documents import ensure_indexes
from triage.store.parked import MongoParkedStore
from triage.worklist import Worklist


def create_app() -> Flask:
    """Wire the application from the environment: the WSGI factory."""
    settings = load_or_exit(config.read)
    configure("triage-app")
    clock = SystemClock()
    try:
        reference = FileReference(settings.registry, settings.dictionary)
    except ReferenceFileError as error:
        fail(str(error))
    database = connect(settings.mongo_uri)
    ensure_indexes(database)
    cases = MongoCaseStore(database, clock, config.SERVICE_VERSION)
    parked = MongoParkedStore(database, clock, config.SERVICE_VERSION)
    services = Services(
        worklist=Worklist(cases, parked),
        decide=Decide(cases, reference, clock),
        replay=ReplayParked(parked, cases, handlers(cases, parked, reference, clock), TRANSIENT),
        actor=settings.review_actor,
        scopes=reference.registry.scopes,
        clock=clock,
    )
    app = Flask(__name__, static_folder=None)
    problem.register(app)
    loopback.guard(app)
    app.register_blueprint(health.blueprint(lambda: is_up(database)))
    review.register(app, services)
    return app


if __name__ == "__main__":
    wanted = load_or_exit(config.read)
    loopback.serve("triage.app:create_app", wanted.host, wanted.port)
