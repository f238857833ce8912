"""Parked work keeps its bytes and its trail, and is never deleted: waiting, then replayed or closed (DOMAIN 15, 18).

Every step is one write, guarded by the state it starts from: two who replay or close at once make one step of it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, Self

import msgspec

from shared.audit.happenings import pending
from shared.clock import Clock
from shared.contracts.audit import AuditEntry, Changed
from shared.contracts.envelope import Event
from shared.contracts.ledger_facts import NonCaseFact, ParkedFact
from shared.contracts.parked_work import ParkedKind, ParkedState, ParkedWork, Step
from shared.ids import derived_id, new_id
from shared.messaging.worker import Unprocessable
from shared.outbox import entry
from shared.threads import prepare

Document = dict[str, Any]
Announce = Callable[[ParkedWork], Event | None]
_CONTENT = {"content": 1}
_LISTED = {"content": 0, "outbox": 0, "audit": 0}
_OPEN = {"state": {"$in": [ParkedState.WAITING.value, None]}}
_NOT_IN_ROW = {"id", "sponsor", "trail"}


class By(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts, and why."""

    actor: str
    authentication: str
    reason: str
    roles: tuple[str, ...] = ()


class NotWaiting(Exception):
    """Somebody has replayed or closed it already; the words say so."""

    @classmethod
    def any_more(cls, work: ParkedWork) -> Self:
        """Say what came of an item; why a person closed it is hers to say, and stands in the item."""
        came = f": {work.outcome}" if work.state is ParkedState.REPLAYED else ""
        return cls(f"{work.id} is {work.state} already{came}")


class Collection(Protocol):
    """What a shelf needs of the collection that a store hands it: this module knows no driver."""

    def find(self, filter: Mapping[str, Any], projection: Any = None) -> Any:  # noqa: A002 - pymongo's own word
        """Find documents."""
        ...

    def update_one(self, filter: Mapping[str, Any], update: Mapping[str, Any], upsert: bool = False) -> Any:  # noqa: A002
        """Change or make one document."""
        ...


def parked_work(message: Unprocessable, service: str, sponsor: str, clock: Clock) -> ParkedWork:
    """Return the item of a message that no handler could take."""
    event, now = message.event, clock.now()
    return ParkedWork(
        id=parked_id(service, message.topic, message.event_id),
        service=service,
        kind=ParkedKind.MESSAGE,
        sponsor=sponsor,
        subject=event.subject if event else message.event_id,
        topic=message.topic,
        event_id=message.event_id,
        received_at=event.occurred_at if event else now,
        parked_at=now,
        reason=message.error,
        size=len(message.content),
    )


def parked_id(service: str, topic: str, event_id: str) -> str:
    """Return the one id that an event parked by a service has, however often it is parked."""
    return derived_id("prk", service, topic, event_id)


def give_trails(collection: Any) -> None:
    """Give items of earlier versions, whose audit entries were their trail, one of their own before those move."""
    step = {name: f"$$entry.{name}" for name in Step.__struct_fields__}
    trail = {"$map": {"input": "$audit", "as": "entry", "in": step}}
    earlier = {"sponsor": {"$exists": True}, "trail": {"$exists": False}, "audit.0": {"$exists": True}}
    collection.update_many(earlier, [{"$set": {"trail": trail}}])


prepare(ParkedWork)


class Shelf:
    """The parked items of one service. ``scopes`` of None is every sponsor: for the service and its operator."""

    def __init__(self, collection: Callable[[], Collection], service_version: str, clock: Clock) -> None:
        """Nothing is asked of the database until it is needed."""
        self._collection = collection
        self._service_version = service_version
        self._clock = clock

    def put(self, work: ParkedWork, content: bytes, answer: Event | None) -> bool:
        """Keep an item with its first answer. False: it is kept already, and nothing has changed."""
        row = {name: value for name, value in _plain(work).items() if name not in _NOT_IN_ROW}
        by = By(actor=work.service, authentication="service", reason=work.reason)
        now = self._clock.now()
        row |= {"content": content} | {
            name: [one] for name, one in self._written(work, by, f"{work.kind}.parked").items()
        }
        row["outbox"] = [entry(answer, now)] if answer else []
        same = {"_id": work.id, "sponsor": work.sponsor}
        return not self._collection().update_one(same, {"$setOnInsert": row}, upsert=True).matched_count

    def works(
        self,
        scopes: Sequence[str] | None = None,
        states: Sequence[ParkedState] = (ParkedState.WAITING,),
        subject: str | None = None,
    ) -> list[ParkedWork]:
        """Return items in these states, those parked longest first."""
        wanted = _within(scopes) | {"state": {"$in": [state.value for state in states]}}
        found = self._collection().find(wanted | ({"subject": subject} if subject else {}), _LISTED)
        return [_work(document) for document in found.sort("parked_at", 1)]

    def find(self, work_id: str, scopes: Sequence[str] | None = None) -> ParkedWork | None:
        """Return an item in whatever state, if the scopes hold it."""
        found = self._collection().find({"_id": work_id} | _within(scopes), _LISTED).limit(1)
        return next(map(_work, found), None)

    def content(self, work_id: str, scopes: Sequence[str] | None = None) -> bytes:
        """Return the bytes that were parked. Raises LookupError."""
        for document in self._collection().find({"_id": work_id} | _within(scopes), _CONTENT):
            return bytes(document["content"])
        raise LookupError(work_id)

    def ask(self, work_id: str, by: By) -> None:
        """Note that a person wants it replayed, before it is tried. Raises LookupError or NotWaiting."""
        if not self._step(self._held(work_id), _OPEN, by, "parked.replay_asked", {}):
            raise self._no_more(work_id)

    def settle(self, work_id: str, by: By, outcome: str) -> bool:
        """Note that the event has had its effect, even where it was closed meanwhile. False: that was known."""
        work = self.find(work_id)
        if work is None:
            return False
        guard = {"state": {"$ne": ParkedState.REPLAYED.value}}
        return self._step(work, guard, by, "parked.replayed", {"state": ParkedState.REPLAYED.value, "outcome": outcome})

    def again(self, work_id: str, by: By, announce: Announce = lambda _: None) -> bool:
        """Note one more attempt that failed for ``by.reason``. False: it waits no more."""
        while (work := self.find(work_id)) is not None and work.state is ParkedState.WAITING:
            failed = msgspec.structs.replace(work, attempts=work.attempts + 1, reason=by.reason)
            changes = {"attempts": failed.attempts, "reason": failed.reason}
            guard = _OPEN | {"attempts": work.attempts}
            if self._step(work, guard, by, "parked.again", changes, announce(failed)):
                return True
        return False

    def close(self, work_id: str, by: By, announce: Announce = lambda _: None) -> None:
        """Note that a person gives it up, and why. Raises LookupError or NotWaiting."""
        work = self._held(work_id)
        closed = msgspec.structs.replace(work, state=ParkedState.CLOSED, outcome=f"{by.actor}: {by.reason}")
        changes = {"state": closed.state.value, "outcome": closed.outcome}
        if not self._step(work, _OPEN, by, "parked.closed", changes, announce(closed)):
            raise self._no_more(work_id)

    def ledger_facts(self, kinds: Sequence[ParkedKind] = tuple(ParkedKind)) -> Iterator[ParkedFact | NonCaseFact]:
        """Tell what waits and what was closed, for the ledger identity; what was replayed is told by its effect."""
        for work in self.works(None, (ParkedState.WAITING, ParkedState.CLOSED)):
            if work.kind in kinds:
                yield _fact(work)

    def _step(
        self, work: ParkedWork, guard: Document, by: By, action: str, values: Document, told: Event | None = None
    ) -> bool:
        push: Document = self._written(work, by, action, values)
        if told is not None:
            push["outbox"] = entry(told, self._clock.now())
        same = {"_id": work.id, "sponsor": work.sponsor}
        change = ({"$set": values} if values else {}) | {"$push": push}
        return bool(self._collection().update_one(same | guard, change).matched_count)

    def _written(self, work: ParkedWork, by: By, action: str, values: Mapping[str, Any] | None = None) -> Document:
        """Return a step of the item's own trail, and the audit entry of it, which leaves for the ledger."""
        step = Step(at=self._clock.now(), actor=by.actor, action=action, reason=by.reason)
        made = AuditEntry(
            entry_id=new_id("aud"),
            sponsor=work.sponsor,
            at=step.at,
            actor=by.actor,
            authentication=by.authentication,
            roles=by.roles,
            action=action,
            subject=work.id,
            reason=by.reason,
            service_version=self._service_version,
            changes=tuple(Changed(field=name, old=_old(work, name), new=_text(new)) for name, new in values.items())
            if values
            else (),
        )
        return {"trail": msgspec.structs.asdict(step), "audit": pending(made)}

    def _held(self, work_id: str) -> ParkedWork:
        work = self.find(work_id)
        if work is None:
            raise LookupError(work_id)
        return work

    def _no_more(self, work_id: str) -> Exception:
        work = self.find(work_id)
        return LookupError(work_id) if work is None else NotWaiting.any_more(work)


def _within(scopes: Sequence[str] | None) -> Document:
    return {"sponsor": {"$exists": True} if scopes is None else {"$in": list(scopes)}}


def _plain(work: ParkedWork) -> Document:
    values = msgspec.structs.asdict(work)
    return values | {"kind": work.kind.value, "state": work.state.value}


def _work(document: Document) -> ParkedWork:
    return msgspec.convert({**document, "id": document["_id"]}, ParkedWork)


def _text(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _old(work: ParkedWork, name: str) -> str | None:
    return _text(getattr(work, name))


def _fact(work: ParkedWork) -> ParkedFact | NonCaseFact:
    subject = work.event_id if work.kind is ParkedKind.APPROVAL else work.subject  # an approval's event has its id
    if work.state is ParkedState.WAITING:
        return ParkedFact(subject=subject, reason=work.reason, parked_at=work.parked_at)
    closing = next(step for step in reversed(work.trail) if step.action == "parked.closed")
    return NonCaseFact(subject=subject, actor=closing.actor, reason=closing.reason, closed_at=closing.at)
