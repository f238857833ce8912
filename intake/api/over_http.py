"""What every route that takes a body does alike: read it in bounded room, tell who sent it, answer a refusal."""

from collections.abc import Callable
from typing import BinaryIO, Protocol, TypeVar, cast
from zoneinfo import ZoneInfo

import msgspec
from flask import request

from intake.domain.arrival import Arrival
from intake.domain.scope import UNASSIGNED, Scope
from intake.refuse import Refused
from shared.contracts.report_received import Receipt
from shared.problem import Problem

_PERSON = "The body is kept; a person will look at it, for its clock may be running. Please send a corrected {} too."


class Owned(Protocol):
    """What belongs to a sponsor."""

    @property
    def sponsor(self) -> str:
        """The sponsor's scope."""
        ...


T = TypeVar("T", bound=Owned)


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Who a request counts as, and for which sponsors; None is every one."""

    actor: str
    authentication: str = "none"
    channel: str = "api"
    sponsors: frozenset[str] | None = None

    def sees(self, find: Callable[[Scope, str], T | None], name: str, sender_of: Callable[[T], str]) -> T | None:
        """Return what ``find`` finds for these sponsors; of what is unassigned, only what this sender sent."""
        scope = None if self.sponsors is None else self.sponsors | {UNASSIGNED}
        found = find(scope, name)
        if found is None or self.sponsors is None or found.sponsor in self.sponsors - {UNASSIGNED}:
            return found
        return found if sender_of(found) == self.actor else None


def arrival_of(origin: Origin, limit: int, strict: bool = False, sponsor: str | None = None) -> Arrival:
    """Return the request as it came, with at most ``limit`` bytes of its body."""
    content = _body(limit)
    headers = request.headers
    return Arrival(
        content=content[:limit],
        complete=len(content) <= limit,
        content_type=headers.get("Content-Type", ""),
        content_encoding=headers.get("Content-Encoding", ""),
        idempotency_key=headers.get("Idempotency-Key", "").strip(),
        strict=strict,
        actor=origin.actor,
        authentication=origin.authentication,
        channel=origin.channel,
        sponsor_stated=sponsor,
        sponsors=origin.sponsors,
    )


def _body(limit: int) -> bytes:
    """Read at most one byte more than allowed.

    Not ``request.get_data()``, which throws an oversized body away: a refusal keeps what it refused.
    """
    stated = request.content_length
    if stated is None and not request.environ.get("wsgi.input_terminated"):
        return b""
    most = limit + 1 if stated is None else min(stated, limit + 1)
    source = cast(BinaryIO, request.environ["wsgi.input"])
    chunks: list[bytes] = []
    while most > 0 and (chunk := source.read(most)):
        chunks.append(chunk)
        most -= len(chunk)
    return b"".join(chunks)


def problem_of(refused: Refused, what: str) -> Problem:
    """Return a kept refusal as its sender is told of it; ``what`` should be sent again."""
    why = refused.why
    detail = f"{why.detail} {_PERSON.format(what)}"
    return Problem(why.status, why.rule, why.title, detail, why.errors, refusal_id=refused.refusal_id)


def at_site(receipt: Receipt) -> str:
    """Return the instant of a receipt with the offset that its zone had then (RFC 3339)."""
    return receipt.received_at.astimezone(ZoneInfo(receipt.zone)).isoformat(timespec="milliseconds")
