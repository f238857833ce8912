"""Door: hears from triage what became of each report and refusal."""

from intake import config
from intake.confirm import Confirm
from intake.handlers import handlers
from intake.note_keys import NoteKeys
from intake.store.connection import IntakeDatabase
from intake.store.keys import MongoKeys
from intake.store.parked import MongoParking
from intake.store.refusals import MongoRefusals
from intake.store.reports import MongoReports
from shared import settings
from shared.clock import SystemClock
from shared.logs import configure
from shared.messaging.doors import stop_on_signal, when_there
from shared.messaging.worker import Worker
from shared.mongo import TRANSIENT

GROUP = "intake"


def main() -> None:
    """Consume until told to stop."""
    stop = stop_on_signal()
    chosen = settings.load_or_exit(config.read)
    database = settings.load_or_exit(lambda _: IntakeDatabase(chosen.mongo_uri))
    log = configure("intake.worker")
    clock = SystemClock()
    confirm = Confirm([MongoReports(database), MongoRefusals(database)], clock, chosen.service_version)
    handled = handlers(confirm, NoteKeys(MongoKeys(database), clock, chosen.service_version))
    worker = Worker(chosen.broker, GROUP, handled, MongoParking(database, clock), TRANSIENT, log)
    if when_there(database.prepare, TRANSIENT, log, stop):
        log.info("ready")
        worker.run(stop)
    database.close()


if __name__ == "__main__":
    main()
