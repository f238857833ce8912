"""The loop of every consumer: each message ends stored, answered again, or parked where a person sees it.

A failing dependency pauses the worker without using up attempts; a message that cannot be processed is parked and the
partition goes on. Offsets are committed after the outcome is stored, so a kill costs a redelivery and nothing else.
A handler that can take many messages together is given what one poll brought; what it leaves comes one by one.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from traceback import walk_tb
from typing import Protocol, runtime_checkable

import msgspec
from kafka import KafkaConsumer
from kafka.errors import KafkaError

from shared.contracts.envelope import ContractError, Event, decode
from shared.heartbeat import beat
from shared.ids import sha256
from shared.logs import Log
from shared.messaging.kafka import Broker, consumer

Handler = Callable[[Event], None]
ATTEMPTS = 3
_POLL_MS = 250
_PAUSE_SECONDS = (0.2, 1.0, 2.0, 5.0)


@runtime_checkable
class BatchHandler(Protocol):
    """A handler that can take many events at once; one by one it stays what every handler is."""

    def __call__(self, event: Event) -> None:
        """Take one event."""
        ...

    def together(self, events: Sequence[Event]) -> set[str]:
        """Take the events that can be taken together; return the ids of those whose outcome is stored.

        The others come one by one, in their order, and so do all of them if it raises.
        """
        ...


class Unprocessable(msgspec.Struct, frozen=True, kw_only=True):
    """A message that no handler could take, as it was."""

    topic: str
    event_id: str  # the content's hash where it is no event of ours
    event: Event | None
    content: bytes
    error: str


class Parking(Protocol):
    """Where such a message is kept for a person."""

    def park(self, message: Unprocessable) -> None:
        """Keep the message durably; keeping it twice is keeping it once."""
        ...


class Worker:
    """Feeds handlers, one for each topic, until it is told to stop."""

    def __init__(
        self,
        broker: Broker,
        group: str,
        handlers: Mapping[str, Handler],
        parking: Parking,
        transient: tuple[type[Exception], ...],
        log: Log,
    ) -> None:
        """``transient`` are the errors of a dependency that is away: wait for it, the message is not to blame."""
        self._broker = broker
        self._group = group
        self._handlers = handlers
        self._parking = parking
        self._transient = transient
        self._log = log

    def run(self, stop: threading.Event) -> None:
        """Consume until ``stop`` is set; survive brokers and databases that come and go."""
        while not stop.is_set():
            try:
                self._consume(stop)
            except KafkaError as error:
                self._log.warning("broker_away", error=type(error).__name__)
                stop.wait(1)

    def _consume(self, stop: threading.Event) -> None:
        source = consumer(self._broker, self._group, list(self._handlers))
        try:
            while not stop.is_set():
                beat()
                polled = source.poll(timeout_ms=_POLL_MS)
                messages = [(record.topic, record.value or b"") for records in polled.values() for record in records]
                if messages and self.take(messages, stop):
                    self._commit(source)
        finally:
            source.close(autocommit=False, timeout_ms=2000)

    def _commit(self, source: KafkaConsumer) -> None:
        try:
            source.commit(timeout_ms=5000)
        except KafkaError as error:  # the messages come again, and change nothing
            self._log.info("commit_failed", error=type(error).__name__)

    def take(self, messages: Sequence[tuple[str, bytes]], stop: threading.Event) -> bool:
        """Bring (topic, content) of one poll to their end. False only when told to stop before that."""
        settled = self._settle_together(messages)
        left = (message for place, message in enumerate(messages) if place not in settled)
        return all(self.settle(topic, content, stop) for topic, content in left)

    def _settle_together(self, messages: Sequence[tuple[str, bytes]]) -> set[int]:
        """Let the handlers that can take many at once do so; return the places of the messages at their end."""
        settled: set[int] = set()
        for topic, handler in self._handlers.items():
            if isinstance(handler, BatchHandler):
                own = {i: content for i, (name, content) in enumerate(messages) if self._topic(name) == topic}
                settled |= self._try_together(topic, handler, own) if len(own) > 1 else set()
        return settled

    def _try_together(self, topic: str, handler: BatchHandler, contents: Mapping[int, bytes]) -> set[int]:
        try:
            events = {place: decode(content) for place, content in contents.items()}
            stored = handler.together(list(events.values()))
        except Exception as error:  # whatever it is: each message meets it alone, and answers for its own only
            self._log.info("not_together", topic=topic, messages=len(contents), error=type(error).__name__)
            return set()
        return {place for place, event in events.items() if event.id in stored}

    def _topic(self, name: str) -> str:
        return name.removeprefix(self._broker.topic_prefix)

    def settle(self, topic: str, content: bytes, stop: threading.Event) -> bool:
        """Bring one message to its end. False only when told to stop before that: then it must come again."""
        topic = self._topic(topic)
        failures = waits = 0
        while not stop.is_set():
            try:
                return self._attempt(topic, content, failures)
            except self._transient as error:
                self._log.warning("dependency_away", error=type(error).__name__)
                stop.wait(_PAUSE_SECONDS[min(waits, 3)])
                waits += 1
            except Exception as error:  # whatever else a handler raises ends parked, in sight, not in a crash loop
                failures += 1
                self._log.error("handler_failed", topic=topic, attempt=failures, error=_told(error))
                stop.wait(_PAUSE_SECONDS[0])
        return False

    def _attempt(self, topic: str, content: bytes, failures: int) -> bool:
        event: Event | None = None
        try:
            event = decode(content)
            self._handlers[topic](event)
        except self._transient:
            raise
        except Exception as error:
            if failures + 1 < ATTEMPTS and not isinstance(error, ContractError):
                raise
            self._park(topic, content, event, error)
        return True

    def _park(self, topic: str, content: bytes, event: Event | None, error: Exception) -> None:
        event_id = event.id if event else sha256(content)
        words = f"{type(error).__name__}: {error}" if isinstance(error, ContractError) else _told(error)
        self._parking.park(Unprocessable(topic=topic, event_id=event_id, event=event, content=content, error=words))
        self._log.error("message_parked", topic=topic, event_id=event_id)


def _told(error: Exception) -> str:
    """Say what was raised and where in our code; the error's own words may hold what a report says (DOMAIN 20)."""
    ours = [at for at in walk_tb(error.__traceback__) if "site-packages" not in at[0].f_code.co_filename]
    frame, line = ours[-1]
    return f"{type(error).__name__} in {frame.f_globals['__name__']}, line {line}"
