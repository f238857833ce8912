"""Door: publishes the events of reports and refusals until triage's answer confirms them, and tidies up.

What a killed door left is brought to its end: files whose messages are not all reports, and bytes that no record has.
It also moves audit entries to intake's ledger.
"""

import threading

from intake import config
from intake.api.messages import E2bReader
from intake.api.reading import BodyReader
from intake.domain.arrival import Site
from intake.receive import Receive
from intake.receive_icsrs import ReceiveIcsrs
from intake.refuse import Refuse
from intake.store.connection import SERVICE, IntakeDatabase
from intake.store.files import MongoFiles
from intake.store.keys import MongoKeys
from intake.store.raw import RawBytes
from intake.store.refusals import MongoRefusals
from intake.store.reports import MongoReports
from shared import settings
from shared.audit import door
from shared.clock import SystemClock
from shared.logs import Log, configure
from shared.messaging.doors import relay, stop_on_signal, when_there
from shared.messaging.kafka import KafkaPublisher
from shared.mongo import TRANSIENT

_BETWEEN_SECONDS = 60.0


def main() -> None:
    """Relay until told to stop."""
    stop = stop_on_signal()
    chosen = settings.load_or_exit(config.read)
    kept = settings.load_or_exit(lambda env: door.read(env, SERVICE))
    database = settings.load_or_exit(lambda _: IntakeDatabase(chosen.mongo_uri))
    reports, refusals, log = MongoReports(database), MongoRefusals(database), configure("intake.relay")
    clock = SystemClock()
    trail = settings.load_or_exit(lambda _: door.Bookkeeper(kept, SERVICE, database.audited, clock, log))
    if when_there(database.prepare, TRANSIENT, log, stop):
        trail.start(stop)
        tidying = threading.Thread(target=_tidy, args=(chosen, database, stop, log))
        tidying.start()
        outboxes = [reports.outbox(), refusals.outbox(), MongoKeys(database).outbox()]
        relay(outboxes, KafkaPublisher(chosen.broker), clock, chosen.first_pause, TRANSIENT, log, stop)
        tidying.join()
        trail.join()
    database.close()


def _tidy(chosen: config.Settings, database: IntakeDatabase, stop: threading.Event, log: Log) -> None:
    clock, refusals = SystemClock(), MongoRefusals(database)
    site = Site(zone=chosen.zone, country=chosen.country, service_version=chosen.service_version)
    keep = Receive(BodyReader(), MongoReports(database), refusals, clock, site).keep
    reader, limit = E2bReader(chosen.schemas, chosen.icsr_limit), chosen.icsr_limit
    files = ReceiveIcsrs(reader, MongoFiles(database), keep, Refuse(refusals, site), clock, site, limit)
    while not stop.is_set():
        try:
            done = {"files": files.finish_left(), "orphans": RawBytes(database).sweep(clock.now())}
            if any(done.values()):
                log.info("tidied", **done)
        except Exception as error:  # whatever it is: events go on, and the next round tries again
            log.warning("not_tidied", error=type(error).__name__)
        stop.wait(_BETWEEN_SECONDS)


if __name__ == "__main__":
    main()
