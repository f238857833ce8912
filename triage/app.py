"""Door: the staff application, for people who have proved who they are."""

from functools import cache

from flask import Flask, request

from shared import health, loopback, problem
from shared.audit import ledger
from shared.audit.ledger import Ledger
from shared.clock import Clock, SystemClock
from shared.logs import configure
from shared.settings import SettingsError, fail, load_or_exit
from triage import config
from triage.administer import Administer
from triage.completeness import Completeness
from triage.decide import Decide
from triage.downgrade import Downgrade
from triage.handlers import handlers
from triage.inquire import Inquire
from triage.nullify import Nullify
from triage.reference.files import ReferenceFileError
from triage.reference.memory import Memory
from triage.reference.source import FileReference
from triage.replay import ReplayParked
from triage.review import blueprint as review
from triage.review.provider import OpenIDProvider
from triage.review.services import Services
from triage.sign_in import SignIn
from triage.significance import Significance
from triage.store.cases import MongoCaseStore
from triage.store.database import (
    SERVICE,
    TRANSIENT,
    Database,
    audited,
    connect,
    is_up,
    opened,
    prepare,
    prepare_if_there,
)
from triage.store.memory import MongoMemory
from triage.store.parked import MongoParkedStore
from triage.store.partner_keys import MongoPartnerKeyStore
from triage.store.trail import MongoTrail
from triage.store.users import MongoSessionStore, MongoUserStore
from triage.unblind import Unblind
from triage.worklist import Worklist

_NOTHING_CHANGED = "The change may not have been stored; please look at the case again before you repeat it."


def create_app() -> Flask:
    """Wire the application from the environment: the WSGI factory."""
    settings = load_or_exit(config.read)
    log = configure("triage-app")
    clock = SystemClock()
    database = load_or_exit(lambda _: connect(settings.mongo_uri))
    kept = _ledger(settings)
    app = Flask(__name__, static_folder=None)
    problem.register(app)
    problem.register_failures(app, (*TRANSIENT, SettingsError), _NOTHING_CHANGED, log)
    loopback.guard(app)
    _index_before_use(app, database)
    app.register_blueprint(health.blueprint(lambda: is_up(database)))
    review.register(app, _services(settings, clock, database, kept))
    app.extensions["triage"] = database  # for whoever made the app to close
    app.extensions["triage_ledger"] = kept
    return app


def _services(settings: config.Settings, clock: Clock, database: Database, kept: Database | None) -> Services:
    reference = _reference(settings, MongoMemory(database))
    cases = MongoCaseStore(database, clock)
    parked = MongoParkedStore(database, clock, config.SERVICE_VERSION)
    users, sessions = MongoUserStore(database), MongoSessionStore(database)
    decide = Decide(cases, reference, clock)
    return Services(
        worklist=Worklist(cases, parked),
        decide=decide,
        downgrade=Downgrade(decide, cases, clock),
        nullify=Nullify(decide, cases, clock),
        significance=Significance(decide, cases),
        completeness=Completeness(decide, cases),
        inquire=Inquire(decide, cases, clock),
        unblind=Unblind(decide, cases, clock, lambda entry: users.enter([entry])),
        replay=ReplayParked(
            parked, cases, handlers(cases, parked, MongoPartnerKeyStore(database, clock), reference, clock), TRANSIENT
        ),
        sign_in=SignIn(users, sessions, clock, config.SERVICE_VERSION),
        administer=Administer(users, sessions, reference.registry.scopes, clock, config.SERVICE_VERSION),
        trail=MongoTrail(Ledger(kept, SERVICE) if kept is not None else None, audited(database)),
        clock=clock,
        provider=OpenIDProvider(settings.openid, clock) if settings.openid else None,
        secret_key=load_or_exit(lambda _: config.review_key(settings)),
    )


def _ledger(settings: config.Settings) -> Database | None:
    uri = settings.ledger_uri
    return load_or_exit(lambda _: ledger.connect(uri, SERVICE)) if uri else None


def _reference(settings: config.Settings, memory: Memory | None = None) -> FileReference:
    try:
        return FileReference(settings.registry, settings.dictionary, memory, lists=settings.lists)
    except ReferenceFileError as error:
        fail(str(error))


def _index_before_use(app: Flask, database: Database) -> None:
    """Make the indexes at the first request that may need them: the door starts while MongoDB is away."""
    prepared = cache(lambda: prepare(database))  # a failure is not remembered

    @app.before_request
    def indexed() -> None:
        if request.blueprint != "health":
            prepared()


def main() -> None:
    """Serve until told to stop; what is wrong for good is said before."""
    settings = load_or_exit(config.read)
    load_or_exit(lambda _: config.review_key(settings))
    _reference(settings)

    def look(_: object) -> None:
        with opened(settings.mongo_uri) as database:
            prepare_if_there(database)

    load_or_exit(look)
    loopback.serve("triage.app:create_app", settings.host, settings.port)


if __name__ == "__main__":
    main()
