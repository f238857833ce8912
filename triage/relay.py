"""Door: publishes triage's pending events until each is confirmed, and moves audit entries to its ledger."""

from shared.audit import door
from shared.clock import SystemClock
from shared.logs import configure
from shared.messaging.doors import relay, stop_on_signal, when_there
from shared.messaging.kafka import KafkaPublisher
from shared.settings import load_or_exit
from triage import config
from triage.store.cases import MongoCaseStore
from triage.store.database import SERVICE, TRANSIENT, audited, connect, prepare
from triage.store.parked import MongoParkedStore
from triage.store.partner_keys import MongoPartnerKeyStore


def main() -> None:
    """Run until told to stop."""
    settings = load_or_exit(config.read)
    kept = load_or_exit(lambda env: door.read(env, SERVICE))
    log = configure("triage-relay")
    stop = stop_on_signal()
    clock = SystemClock()
    database = load_or_exit(lambda _: connect(settings.mongo_uri))
    outboxes = [
        MongoCaseStore(database, clock).outbox,
        MongoParkedStore(database, clock, config.SERVICE_VERSION).outbox,
        MongoPartnerKeyStore(database, clock).outbox,
    ]
    trail = load_or_exit(lambda _: door.Bookkeeper(kept, SERVICE, lambda: audited(database), clock, log))
    if when_there(lambda: prepare(database), TRANSIENT, log, stop):
        trail.start(stop)
        relay(outboxes, KafkaPublisher(settings.broker), clock, settings.republish, TRANSIENT, log, stop)
        trail.join()


if __name__ == "__main__":
    main()
