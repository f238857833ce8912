"""Every message ends stored, answered again or parked, whether it comes alone or with others."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from shared.contracts.envelope import Event, encode
from shared.logs import configure
from shared.messaging import worker
from shared.messaging.kafka import Broker
from shared.messaging.worker import Handler, Unprocessable, Worker

AT = datetime(2026, 11, 23, tzinfo=UTC)


class Away(Exception):
    """A dependency that is away."""


class InMemoryParking:
    """Implements Parking."""

    def __init__(self) -> None:
        self.parked: list[str] = []

    def park(self, message: Unprocessable) -> None:
        self.parked.append(message.event_id)


class Alone:
    """A handler of one event at a time, which fails as often as it is told."""

    def __init__(self, failures: dict[str, list[Exception]] | None = None) -> None:
        self.alone: list[str] = []
        self._failures = failures or {}

    def __call__(self, event: Event) -> None:
        if left := self._failures.get(event.id):
            raise left.pop()
        self.alone.append(event.id)


class Both(Alone):
    """A handler that takes together what it is told to take."""

    def __init__(
        self,
        takes: set[str],
        failures: dict[str, list[Exception]] | None = None,
        fails_together: Exception | None = None,
    ) -> None:
        super().__init__(failures)
        self.batches: list[list[str]] = []
        self._takes = takes
        self._fails_together = fails_together

    def together(self, events: Sequence[Event]) -> set[str]:
        self.batches.append([event.id for event in events])
        if self._fails_together is not None:
            raise self._fails_together
        return self._takes


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_PAUSE_SECONDS", (0.0,) * 4)


def message(name: str, topic: str = "a") -> tuple[str, bytes]:
    event = Event(id=name, topic=topic, occurred_at=AT, sponsor="s", subject=name, data={})
    return f"prefix.{topic}", encode(event)


def taken(messages: Sequence[tuple[str, bytes]], **handlers: Handler) -> list[str]:
    """Let a worker take the messages of one poll; return what was parked."""
    parking = InMemoryParking()
    broker = Broker(bootstrap="", topic_prefix="prefix.")
    made = Worker(broker, "g", handlers, parking, (Away,), configure("test"))
    assert made.take(messages, threading.Event())
    return parking.parked


def test_what_is_left_comes_one_by_one_in_its_order() -> None:
    both, alone = Both(takes={"1", "3"}), Alone()
    messages = [message("1"), message("2"), message("x", "b"), message("3"), message("4")]
    assert taken(messages, a=both, b=alone) == []
    assert (both.batches, both.alone, alone.alone) == ([["1", "2", "3", "4"]], ["2", "4"], ["x"])


def test_a_single_message_comes_alone() -> None:
    both = Both(takes={"1"})
    assert taken([message("1")], a=both) == []
    assert (both.batches, both.alone) == ([], ["1"])


def test_a_poison_message_is_parked_alone_and_the_rest_goes_on() -> None:
    always: list[Exception] = [ValueError("poison")] * 9
    both = Both(takes=set(), failures={"2": always}, fails_together=ValueError("poison"))
    assert taken([message("1"), message("2"), message("3")], a=both) == ["2"]
    assert both.alone == ["1", "3"]


def test_what_is_no_event_is_parked_alone_and_the_rest_goes_on() -> None:
    both = Both(takes={"1", "3"})
    (parked,) = taken([message("1"), ("prefix.a", b"{"), message("3")], a=both)
    assert len(parked) == 64
    assert both.alone == ["1", "3"]


def test_a_dependency_that_is_away_burns_no_attempts() -> None:
    both = Both(takes=set(), failures={"1": [Away()] * 20}, fails_together=Away())
    assert taken([message("1"), message("2")], a=both) == []
    assert both.alone == ["1", "2"]


def test_a_worker_that_is_told_to_stop_commits_nothing() -> None:
    stop = threading.Event()
    stop.set()
    made = Worker(Broker(bootstrap=""), "g", {"a": Alone()}, InMemoryParking(), (), configure("test"))
    assert not made.take([("a", message("1")[1])], stop)
