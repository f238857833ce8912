"""Door: publishes reporting's pending events until each is confirmed."""

from reporting import config
from reporting.store.database import TRANSIENT, connect, prepare
from reporting.store.messages import MongoMessages
from reporting.store.parked import MongoParking
from reporting.store.submissions import MongoSubmissions
from shared.clock import SystemClock
from shared.logs import configure
from shared.messaging.doors import relay, stop_on_signal, when_there
from shared.messaging.kafka import KafkaPublisher
from shared.settings import load_or_exit


def main() -> None:
    """Run until told to stop."""
    settings = load_or_exit(config.read)
    log = configure("reporting-relay")
    stop = stop_on_signal()
    clock = SystemClock()
    database = load_or_exit(lambda _: connect(settings.mongo_uri))
    outboxes = [
        *MongoMessages(database).outboxes,
        MongoSubmissions(database).outbox,
        MongoParking(database, clock).outbox,
    ]
    if when_there(lambda: prepare(database), TRANSIENT, log, stop):
        relay(outboxes, KafkaPublisher(settings.broker), clock, settings.first_pause, TRANSIENT, log, stop)


if __name__ == "__main__":
    main()
