"""Door: consumes what intake and reporting say; every message ends stored, answered again, or parked."""

from shared.clock import SystemClock
from shared.logs import configure
from shared.messaging.doors import spare_collections, stop_on_signal, when_there
from shared.messaging.worker import Worker
from shared.settings import fail, load_or_exit
from triage import config
from triage.handlers import handlers
from triage.park import Park
from triage.reference.files import ReferenceFileError
from triage.reference.source import FileReference
from triage.store.cases import MongoCaseStore
from triage.store.database import TRANSIENT, connect, prepare
from triage.store.memory import MongoMemory
from triage.store.parked import MongoParkedStore
from triage.store.partner_keys import MongoPartnerKeyStore


def main() -> None:
    """Run until told to stop."""
    settings = load_or_exit(config.read)
    log = configure("triage-worker")
    stop = stop_on_signal()
    clock = SystemClock()
    database = load_or_exit(lambda _: connect(settings.mongo_uri))
    try:
        reference = FileReference(settings.registry, settings.dictionary, MongoMemory(database), lists=settings.lists)
    except ReferenceFileError as error:
        fail(str(error))
    cases = MongoCaseStore(database, clock)
    parked = MongoParkedStore(database, clock, config.SERVICE_VERSION)
    park = Park(parked, reference, clock)
    handled = handlers(cases, parked, MongoPartnerKeyStore(database, clock), reference, clock)
    if when_there(lambda: prepare(database), TRANSIENT, log, stop):
        spare_collections()
        log.info("ready")
        Worker(settings.broker, "triage", handled, park, TRANSIENT, log).run(stop)


if __name__ == "__main__":
    main()
