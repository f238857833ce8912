"""Door: consumes what triage approves and notes; every message ends stored, answered again, or parked."""

from reporting import config
from reporting.build import Build
from reporting.confirm import Confirm
from reporting.store.database import TRANSIENT, connect, prepare
from reporting.store.messages import MongoMessages
from reporting.store.parked import MongoParking
from reporting.store.submissions import MongoSubmissions
from shared.clock import SystemClock
from shared.contracts import topics
from shared.logs import configure
from shared.messaging.doors import stop_on_signal, when_there
from shared.messaging.worker import Handler, Worker
from shared.settings import load_or_exit


def main() -> None:
    """Run until told to stop."""
    settings = load_or_exit(config.read)
    log = configure("reporting-worker")
    stop = stop_on_signal()
    clock = SystemClock()
    database = load_or_exit(lambda _: connect(settings.mongo_uri))
    submissions = MongoSubmissions(database)
    handlers: dict[str, Handler] = {
        topics.CASE_APPROVED: Build(MongoMessages(database), submissions, clock, settings.schemas),
        topics.SUBMISSION_NOTED: Confirm(submissions, clock),
    }
    if when_there(lambda: prepare(database), TRANSIENT, log, stop):
        log.info("ready", schemas="configured" if settings.schemas else "not configured, structural checks only")
        Worker(settings.broker, "reporting", handlers, MongoParking(database, clock), TRANSIENT, log).run(stop)


if __name__ == "__main__":
    main()
