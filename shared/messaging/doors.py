"""What every long-running door does alike: stop on a signal, wait for what is away, relay until stopped."""

import gc
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

from shared.clock import Clock
from shared.heartbeat import beat
from shared.logs import Log
from shared.messaging.kafka import KafkaPublisher
from shared.outbox import Outbox, relay_once
from shared.settings import SettingsError, fail

_IDLE_SECONDS = 0.1
_AWAY_SECONDS = 1.0
_OBJECTS_BETWEEN_COLLECTIONS = 50_000


def stop_on_signal() -> threading.Event:
    """Return an event that SIGTERM and SIGINT set; call it on the main thread."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def when_there(
    act: Callable[[], None], transient: tuple[type[Exception], ...], log: Log, stop: threading.Event
) -> bool:
    """Do ``act`` as soon as the server that it needs is there: a door starts while a server is away. False: stopped.

    What waiting does not mend (``act`` raises SettingsError) ends the process with one line.
    """
    while not stop.is_set():
        try:
            act()
        except transient as error:
            log.warning("dependency_away", error=type(error).__name__)
            stop.wait(_AWAY_SECONDS)
        except SettingsError as error:
            fail(str(error))
        else:
            return True
    return False


def spare_collections() -> None:
    """Keep the garbage collector from what stays until the end, and from looking through every batch many times.

    Measured on the triage worker: a quarter of its time. Call it when everything is wired.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


def relay(
    outboxes: Sequence[Outbox],
    publisher: KafkaPublisher,
    clock: Clock,
    first_pause: timedelta,
    transient: tuple[type[Exception], ...],
    log: Log,
    stop: threading.Event,
) -> None:
    """Publish what is due until told to stop; a database that is away is waited for."""
    log.info("ready")
    while not stop.is_set():
        beat()
        try:
            published = relay_once(outboxes, publisher, clock.now(), first_pause)
        except transient as error:
            log.warning("dependency_away", error=type(error).__name__)
            published = 0
        if not published:
            stop.wait(_IDLE_SECONDS)
    publisher.close()
