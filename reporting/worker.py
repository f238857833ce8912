"""Door: consumes what triage approves and notes; every message ends stored, answered again, or parked."""

from reporting import config
from reporting.handlers import handlers
from reporting.store.database import TRANSIENT, connect, prepare
from reporting.store.messages import MongoMessages
from reporting.store.parked import MongoParking
from reporting.store.submissions import MongoSubmissions
from shared.clock import SystemClock
from shared.contracts.envelope import Event
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
    messages, parking = MongoMessages(database), MongoParking(database, clock)
    handled = handlers(messages, MongoSubmissions(database), clock, settings.schemas)
    taken = {topic: _settling(handler, parking, messages) for topic, handler in handled.items()}
    if when_there(lambda: prepare(database), TRANSIENT, log, stop):
        log.info("ready", schemas="configured" if settings.schemas else "not configured, structural checks only")
        Worker(settings.broker, "reporting", taken, parking, TRANSIENT, log).run(stop)


def _settling(handler: Handler, parking: MongoParking, messages: MongoMessages) -> Handler:
    """An event that was parked and came again is handled like any other; its item waits no more."""

    def handle(event: Event) -> None:
        handler(event)
        parking.processed(event, lambda: messages.became(event.id) or "noted")

    return handle


if __name__ == "__main__":
    main()
