"""Door: hands messages to their destination's gateway and collects what the destination answers."""

import threading

from reporting import config
from reporting.acknowledge import Acknowledge, TooEarly
from reporting.domain.records import AcknowledgementState
from reporting.gateways.file_drop import FileDrop, IncomingFolder
from reporting.store.acknowledgements import MongoAcknowledgements
from reporting.store.database import TRANSIENT, connect, prepare
from reporting.store.messages import MongoMessages
from reporting.store.submissions import MongoSubmissions
from reporting.submit import Submit
from shared.clock import SystemClock
from shared.heartbeat import beat
from shared.logs import Log, configure
from shared.messaging.doors import stop_on_signal, when_there
from shared.settings import load_or_exit

_MATCHED = {AcknowledgementState.APPLIED, AcknowledgementState.REPEATED}
_AWAY: tuple[type[Exception], ...] = (*TRANSIENT, OSError)
_IDLE_SECONDS = 0.2
_AWAY_SECONDS = 1.0


def main() -> None:
    """Run until told to stop."""
    settings = load_or_exit(config.read_with_folders)
    log = configure("reporting-sender")
    stop = stop_on_signal()
    clock = SystemClock()
    database = load_or_exit(lambda _: connect(settings.mongo_uri))
    submissions = MongoSubmissions(database)
    submit = Submit(MongoMessages(database), submissions, FileDrop(settings.outgoing), clock)
    acknowledge = Acknowledge(MongoAcknowledgements(database), submissions, clock)
    if when_there(lambda: prepare(database), TRANSIENT, log, stop):
        log.info("ready")
        run(submit, acknowledge, IncomingFolder(settings.incoming), log, stop)


def run(submit: Submit, acknowledge: Acknowledge, incoming: IncomingFolder, log: Log, stop: threading.Event) -> None:
    """Send, then collect, until told to stop; a database or folder that is away is waited for."""
    while not stop.is_set():
        beat()
        try:
            busy = send(submit, log) + collect(acknowledge, incoming, log)
        except _AWAY as error:
            log.warning("dependency_away", error=type(error).__name__)
            stop.wait(_AWAY_SECONDS)
            continue
        if not busy:
            stop.wait(_IDLE_SECONDS)


def send(submit: Submit, log: Log) -> int:
    """Bring what waits to the gateway once; return how much went."""
    promoted = submit.promote()
    sent, faults = submit.hand_over()
    if faults:
        log.warning("hand_over_failed", count=len(faults))
    return promoted + sent


def collect(acknowledge: Acknowledge, incoming: IncomingFolder, log: Log) -> int:
    """Take what arrived once; a file leaves the folder only after its content is stored. Return how many left."""
    taken = 0
    for file in incoming.arrived():
        try:
            state = acknowledge(file.path.name, file.content)
        except TooEarly:
            continue
        incoming.put_away(file, matched=state in _MATCHED)
        log.info("acknowledgement", state=state.value)
        taken += 1
    return taken


if __name__ == "__main__":
    main()
