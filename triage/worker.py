"""Door: consumes what intake and reporting say; every message ends stored, answered again, or parked."""

from shared.clock import SystemClock
from shared.contracts import topics
from shared.logs import configure
from shared.messaging.doors import spare_collections, stop_on_signal
from shared.messaging.worker import Handler, Worker
from shared.settings import fail, load_or_exit
from triage import config
from triage.close_case import CloseCase
from triage.open_case import OpenCase
from triage.park import Park
from triage.reference.source import FileReference, ReferenceFileError
from triage.store.cases import MongoCaseStore
from triage.store.database import TRANSIENT, connect
from triage.store.documents import ensure_indexes
from triage.store.parked import MongoParkedStore


def main() -> None:
    """Run until told to stop."""
    settings = load_or_exit(config.read)
    log = configure("triage-worker")
    stop = stop_on_signal()
    clock = SystemClock()
    try:
        reference = FileReference(settings.registry, settings.dictionary)
    except ReferenceFileError as error:
        fail(str(error))
    database = connect(settings.mongo_uri)
    ensure_indexes(database)
    cases = MongoCaseStore(database, clock, config.SERVICE_VERSION)
    park = Park(MongoParkedStore(database, clock, config.SERVICE_VERSION), reference, clock)
    close_case = CloseCase(cases, clock)
    handlers: dict[str, Handler] = {
        topics.REPORT_RECEIVED: OpenCase(cases, reference, clock),
        topics.REPORT_REFUSED: park.refusal,
        topics.MESSAGE_BUILT: close_case.built,
        topics.SUBMISSION_SENT: close_case.sent,
        topics.SUBMISSION_ACKNOWLEDGED: close_case.acknowledged,
    }
    spare_collections()
    log.info("ready")
    Worker(settings.broker, "triage", handlers, park, TRANSIENT, log).run(stop)


if __name__ == "__main__":
    main()
