"""In-memory stores of triage; they pass the same contract tests as MongoDB's (tests/integration/triage)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import msgspec

from shared.contracts.audit import AuditEntry
from shared.contracts.envelope import Event
from shared.contracts.parked_work import ParkedState, ParkedWork, Step
from shared.messaging.parked import By, NotWaiting
from tests.builders import DICTIONARY, REGISTRY, RULEBOOKS, RULES
from triage.domain.case import Case, CaseVersion
from triage.domain.pipeline import Reference
from triage.domain.rulebook import Rulebook
from triage.domain.trail import Entered
from triage.domain.versions import NewVersion
from triage.ports import Conflict, Place, Received

_LAST = date.max


class InMemoryReference:
    """Implements ReferenceSource: the small registry and dictionary, the shipped rulebook."""

    registry = REGISTRY

    @property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        return RULEBOOKS

    def rulebook(self, today: date) -> Rulebook:
        return RULES

    def for_sponsor(self, scope: str, today: date) -> Reference:
        return Reference(sponsor=REGISTRY.sponsor(scope), rulebook=RULES, terminology=DICTIONARY, today=today)

    def recorded(self, version: CaseVersion) -> Reference:
        return self.for_sponsor(version.snapshot.sponsor, version.cause.at.date())


class Outgoing:
    """Events that wait until they are confirmed."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.waiting: set[str] = set()

    def add(self, events: Sequence[Event]) -> None:
        self.events += events
        self.waiting |= {event.id for event in events}

    def confirm(self, event_id: str) -> None:
        self.waiting.discard(event_id)

    def publish_again(self, event_id: str) -> bool:
        known = event_id in {event.id for event in self.events}
        self.waiting |= {event_id} if known else set()
        return known

    def ask_again(self, answers: str) -> bool:
        found = [event.id for event in self.events if event.answers == answers]
        self.waiting |= set(found[:1])
        return bool(found)


class InMemoryCases:
    """Implements CaseStore."""

    def __init__(self) -> None:
        self.heads: dict[str, Case] = {}
        self.versions: dict[str, CaseVersion] = {}
        self.audit: list[AuditEntry] = []
        self.outgoing = Outgoing()
        self._applied: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def get(self, case_id: str, scopes: Sequence[str]) -> Case | None:
        case = self.heads.get(case_id)
        return case if case is not None and case.sponsor in scopes else None

    def of_sender(self, sender_key: str, sponsor: str) -> Case | None:
        theirs = (c for c in self.heads.values() if c.sender_key == sender_key and c.sponsor == sponsor)
        return next(theirs, None)

    def version(self, case: Case, number: int) -> CaseVersion:
        version_id = next((ref.version_id for ref in case.versions if ref.number == number), None)
        if version_id not in self.versions:
            raise LookupError(f"case {case.id} has no version {number}")
        return self.versions[version_id]

    def is_applied(self, event_id: str) -> bool:
        return event_id in self._applied

    def known(self, event_ids: Sequence[str], sender_keys: Sequence[str]) -> set[str]:
        return ({*self._applied} | {c.sender_key for c in self.heads.values() if c.sender_key}) & {
            *event_ids,
            *sender_keys,
        }

    def add_cases(self, opened: Sequence[NewVersion]) -> set[str]:
        stored = set()
        for each in opened:
            with suppress(Conflict):
                self.add_version(each.case, each.version, None, each.events, each.audit, each.applied)
                stored.add(each.applied)
        return stored

    def applied_to(self, event_id: str) -> str | None:
        return self._applied.get(event_id)

    def publish_again(self, event_id: str) -> bool:
        return self.outgoing.publish_again(event_id)

    def answer_again(self, event_id: str) -> bool:
        return self.outgoing.ask_again(event_id)

    def add_version(
        self,
        case: Case,
        version: CaseVersion,
        expected: int | None,
        events: Sequence[Event],
        audit: AuditEntry,
        applied: str | None,
    ) -> None:
        version_id = f"ver_{len(self.versions) + 1}"
        self.versions[version_id] = version
        newest = msgspec.structs.replace(case.current, version_id=version_id)
        case = msgspec.structs.replace(case, versions=(*case.versions[:-1], newest))
        if expected is None:
            self._insert(case, events, audit, applied)
        else:
            self.update(case, expected, events, audit, applied)

    def update(
        self, case: Case, expected: int, events: Sequence[Event], audit: AuditEntry, applied: str | None
    ) -> None:
        held = self.get(case.id, (case.sponsor,))
        if held is None or held.revision != expected or self._is_taken(applied):
            raise Conflict(f"case {case.id} is not at revision {expected} any more")
        self._keep(case, events, audit, applied)

    def confirm(self, event_id: str) -> None:
        self.outgoing.confirm(event_id)

    def worklist(
        self,
        scopes: Sequence[str],
        status: str | None,
        limit: int,
        after: Place | None = None,
        unblinded: Sequence[str] = (),
        to_ask: date | None = None,
    ) -> list[Case]:
        mine = [c for c in self.heads.values() if c.sponsor in scopes and (not status or c.status == status)]
        mine = [c for c in mine if not c.blinded_trial or c.sponsor in unblinded]
        place = _asked_on if to_ask else _place
        mine = [c for c in mine if to_ask is None or place(c)[0] <= to_ask]
        behind = [c for c in mine if after is None or place(c) > (after.due or _LAST, after.id)]
        return sorted(behind, key=place)[:limit]

    def count(
        self,
        scopes: Sequence[str],
        status: str | None,
        limit: int,
        unblinded: Sequence[str] = (),
        to_ask: date | None = None,
    ) -> int:
        return len(self.worklist(scopes, status, limit, None, unblinded, to_ask))

    def blinded(self, scopes: Sequence[str], limit: int, after: Received | None = None) -> list[Case]:
        mine = [c for c in self.heads.values() if c.sponsor in scopes and c.blinded_trial]
        behind = [c for c in mine if after is None or (c.opened_at, c.id) > (after.at, after.id)]
        return sorted(behind, key=lambda case: (case.opened_at, case.id))[:limit]

    def count_blinded(self, scopes: Sequence[str], limit: int) -> int:
        return len(self.blinded(scopes, limit))

    def next_number(self, sponsor: str) -> int:
        self._numbers[sponsor] = self._numbers.get(sponsor, 0) + 1
        return self._numbers[sponsor]

    def _insert(self, case: Case, events: Sequence[Event], audit: AuditEntry, applied: str | None) -> None:
        of_sender = case.sender_key and any(case.sender_key == other.sender_key for other in self.heads.values())
        if case.id in self.heads or of_sender or self._is_taken(applied):
            raise Conflict(f"case {case.id} or its sender's case exists already")
        self._keep(case, events, audit, applied)

    def _keep(self, case: Case, events: Sequence[Event], audit: AuditEntry, applied: str | None) -> None:
        self.heads[case.id] = case
        self.audit.append(audit)
        self.outgoing.add(events)
        self._applied |= {applied: case.id} if applied else {}

    def _is_taken(self, applied: str | None) -> bool:
        return applied is not None and applied in self._applied


class InMemoryParked:
    """Implements ParkedStore."""

    def __init__(self) -> None:
        self.items: dict[str, ParkedWork] = {}
        self.contents: dict[str, bytes] = {}
        self.outgoing = Outgoing()

    def keep(self, work: ParkedWork, content: bytes, answer: Event | None) -> bool:
        if work.id in self.items:
            self.outgoing.ask_again(work.event_id)
            return False
        self.items[work.id], self.contents[work.id] = work, content
        self._step(work.id, By(actor=work.service, authentication="service", reason=work.reason), f"{work.kind}.parked")
        self.outgoing.add([answer] if answer else [])
        return True

    def works(
        self,
        scopes: Sequence[str] | None = None,
        states: Sequence[ParkedState] = (ParkedState.WAITING,),
        subject: str | None = None,
    ) -> list[ParkedWork]:
        mine = [w for w in self.items.values() if (scopes is None or w.sponsor in scopes) and w.state in states]
        return sorted((w for w in mine if subject in {None, w.subject}), key=lambda work: work.parked_at)

    def find(self, work_id: str, scopes: Sequence[str] | None = None) -> ParkedWork | None:
        found = self.items.get(work_id)
        return found if found is not None and (scopes is None or found.sponsor in scopes) else None

    def content(self, work_id: str, scopes: Sequence[str] | None = None) -> bytes:
        if self.find(work_id, scopes) is None:
            raise LookupError(work_id)
        return self.contents[work_id]

    def ask(self, work_id: str, by: By) -> None:
        self._require_waiting(work_id)
        self._step(work_id, by, "parked.replay_asked")

    def settle(self, work_id: str, by: By, outcome: str) -> bool:
        work = self.items.get(work_id)
        if work is None or work.state is ParkedState.REPLAYED:
            return False
        self._step(work_id, by, "parked.replayed", state=ParkedState.REPLAYED, outcome=outcome)
        return True

    def again(self, work_id: str, by: By) -> bool:
        work = self.items.get(work_id)
        if work is None or work.state is not ParkedState.WAITING:
            return False
        self._step(work_id, by, "parked.again", attempts=work.attempts + 1, reason=by.reason)
        return True

    def close(self, work_id: str, by: By) -> None:
        self._require_waiting(work_id)
        self._step(work_id, by, "parked.closed", state=ParkedState.CLOSED, outcome=f"{by.actor}: {by.reason}")

    def _require_waiting(self, work_id: str) -> None:
        work = self.items.get(work_id)
        if work is None:
            raise LookupError(work_id)
        if work.state is not ParkedState.WAITING:
            raise NotWaiting.any_more(work)

    def _step(self, work_id: str, by: By, action: str, **changes: Any) -> None:
        work = self.items[work_id]
        step = Step(at=work.parked_at, actor=by.actor, action=action, reason=by.reason)
        self.items[work_id] = msgspec.structs.replace(work, trail=(*work.trail, step), **changes)


def _place(case: Case) -> tuple[date, str]:
    return case.due or _LAST, case.id


def _asked_on(case: Case) -> tuple[date, str]:
    return (case.task.ask_on if case.task else None) or _LAST, case.id


class InMemoryTrail:
    """Implements AuditTrail: every entry has its place at once."""

    def __init__(self, entries: Callable[[], Sequence[AuditEntry]]) -> None:
        self._entries = entries

    def newest(
        self, sponsor: str, wanted: Mapping[str, str], limit: int, before: int | None, *, unblinded: bool
    ) -> list[Entered]:
        chain = list(enumerate((each for each in self._entries() if each.sponsor == sponsor), 1))
        shown = [
            _entered(seq, entry, withheld=entry.discloses and not unblinded)
            for seq, entry in reversed(chain)
            if (before is None or seq < before)
            and all(getattr(entry, name) == value for name, value in wanted.items())
            and (unblinded or not wanted or not entry.discloses)
        ]
        return shown[:limit]


def _entered(seq: int, entry: AuditEntry, *, withheld: bool) -> Entered:
    if withheld:
        return Entered(seq=seq, withheld=True)
    said = {name: getattr(entry, name) for name in entry.__struct_fields__ if name not in {"entry_id", "sponsor", "at"}}
    return Entered(seq=seq, at=entry.at.isoformat(), **said)
