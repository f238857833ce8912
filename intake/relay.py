"""Door: publishes the events of reports and refusals until triage's answer confirms them."""

from intake import config
from intake.store.connection import IntakeDatabase
from intake.store.refusals import MongoRefusals
from intake.store.reports import MongoReports
from shared import settings
from shared.clock import SystemClock
from shared.logs import configure
from shared.messaging.doors import relay, stop_on_signal, when_there
from shared.messaging.kafka import KafkaPublisher
from shared.mongo import TRANSIENT


def main() -> None:
    """Relay until told to stop."""
    stop = stop_on_signal()
    chosen = settings.load_or_exit(config.read)
    database = settings.load_or_exit(lambda _: IntakeDatabase(chosen.mongo_uri))
    outboxes = [MongoReports(database).outbox(), MongoRefusals(database).outbox()]
    log = configure("intake.relay")
    if when_there(database.prepare, TRANSIENT, log, stop):
        relay(outboxes, KafkaPublisher(chosen.broker), SystemClock(), chosen.first_pause, TRANSIENT, log, stop)
    database.close()


if __name__ == "__main__":
    main()
