"""The envelope of every event, after CloudEvents 1.0: what, when, of which sponsor, about what, in answer to what.

Keys and headers of a message carry identifiers only; what a report says is in the body alone (DOMAIN 20).
"""

from datetime import datetime
from typing import Any, TypeVar

import msgspec

SPECVERSION = "1.0"

T = TypeVar("T")


class ContractError(Exception):
    """A message that is no event of ours, or not of the form that its topic promises."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event.

    ``id`` is derived from its cause, so that publishing again is the same event; ``subject`` (report, case or
    submission) is the message's key; ``answers`` is the id of the event that this one confirms.
    """

    id: str
    topic: str
    occurred_at: datetime
    sponsor: str
    subject: str
    data: dict[str, Any]
    answers: str | None = None

    def body(self, form: type[T]) -> T:
        """Return ``data`` in the form that its topic promises. Raises ContractError."""
        try:
            return msgspec.convert(self.data, form)
        except msgspec.ValidationError as error:
            raise ContractError(f"{self.topic} {self.id}: {error}") from error

    def headers(self) -> list[tuple[str, bytes]]:
        """Return the message headers: identifiers only."""
        pairs = {
            "ce_specversion": SPECVERSION,
            "ce_id": self.id,
            "ce_type": self.topic,
            "content-type": "application/json",
        }
        return [(name, value.encode()) for name, value in pairs.items()]


def event_of(
    *,
    event_id: str,
    topic: str,
    at: datetime,
    sponsor: str,
    subject: str,
    body: msgspec.Struct,
    answers: str | None = None,
) -> Event:
    """Wrap a contract's body in its envelope."""
    data = msgspec.to_builtins(body)
    return Event(id=event_id, topic=topic, occurred_at=at, sponsor=sponsor, subject=subject, data=data, answers=answers)


def encode(event: Event) -> bytes:
    """Return the event as JSON."""
    return msgspec.json.encode(event)


def decode(content: bytes) -> Event:
    """Read an event. Raises ContractError for anything else."""
    try:
        return msgspec.json.decode(content, type=Event)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ContractError(f"not an event: {error}") from error


def to_document(event: Event) -> dict[str, Any]:
    """Return the event as plain values, for the outbox of the document it belongs to."""
    document: dict[str, Any] = msgspec.to_builtins(event)
    return document


def from_document(document: dict[str, Any]) -> Event:
    """Read an event from an outbox."""
    return msgspec.convert(document, Event)
