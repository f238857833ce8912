"""Cases in MongoDB: a change, its events and its audit entry are one write; versions are written before their case."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import msgspec
from pymongo import ReturnDocument
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError

from shared.audit.happenings import pending
from shared.clock import Clock
from shared.contracts.audit import AuditEntry
from shared.contracts.envelope import Event
from shared.contracts.ledger_facts import ApprovalFact, CaseVersionFact
from shared.ids import new_id
from shared.outbox import Outbox, entry
from shared.threads import prepare
from triage.domain.case import Case, CaseVersion
from triage.domain.versions import NewVersion
from triage.ports import Conflict, Place, Received
from triage.store.ledger_facts import approval_fact, version_fact

prepare(Case, CaseVersion)

Document = dict[str, Any]
_DUPLICATE_KEY = 11000
_OPEN = [False, None]  # None: of an earlier version
_AT_ONCE = 500
_LAST = "9999-12-31"  # sorts a case without a day behind those with one


class MongoCaseStore:
    """``triage.ports.CaseStore`` over MongoDB."""

    def __init__(self, database: Database[Document], clock: Clock) -> None:
        """Use the database; indexes are made by ``database.prepare``."""
        self._cases = database["cases"]
        self._versions = database["case_versions"]
        self._counters = database["counters"]
        self._clock = clock
        self.outbox = Outbox(self._cases)

    def get(self, case_id: str, scopes: Sequence[str]) -> Case | None:
        """Return a case within scopes."""
        return _case(self._cases.find_one({"_id": case_id, "sponsor": {"$in": list(scopes)}}, {"head": 1}))

    def anywhere(self, case_id: str) -> Case | None:
        """Return a case of whatever sponsor: for the operator of the installation, who has the database anyway."""
        return _case(self._cases.find_one({"_id": case_id}, {"head": 1}))

    def of_sender(self, sender_key: str, sponsor: str) -> Case | None:
        """Return the case of a sender's own case id."""
        return _case(self._cases.find_one({"sender_key": sender_key, "sponsor": sponsor}, {"head": 1}))

    def version(self, case: Case, number: int) -> CaseVersion:
        """Return one version of a case. Raises LookupError for a number that it does not have."""
        version_id = next((ref.version_id for ref in case.versions if ref.number == number), None)
        found = self._versions.find_one({"_id": version_id, "sponsor": case.sponsor})
        if found is None:
            raise LookupError(f"case {case.id} has no version {number}")
        return msgspec.convert(found["version"], CaseVersion)

    def is_applied(self, event_id: str) -> bool:
        """Say whether an event has had its effect."""
        return self._cases.find_one({"applied": event_id}, {"_id": 1}) is not None

    def known(self, event_ids: Sequence[str], sender_keys: Sequence[str]) -> set[str]:
        """Return the applied ones of the events and the sender keys that have a case: one query for all."""
        either = [{"applied": {"$in": list(event_ids)}}, {"sender_key": {"$in": list(sender_keys)}}]
        found = self._cases.find({"$or": either}, {"applied": 1, "sender_key": 1})
        held = {name for document in found for name in (*document["applied"], document["sender_key"])}
        return held & {*event_ids, *sender_keys}

    def applied_to(self, event_id: str) -> str | None:
        """Return the id of the case on which an event has had its effect."""
        found = self._cases.find_one({"applied": event_id}, {"_id": 1})
        return None if found is None else str(found["_id"])

    def answer_again(self, event_id: str) -> bool:
        """Publish the stored answer once more."""
        return self.outbox.ask_again(event_id, self._clock.now())

    def confirm(self, event_id: str) -> None:
        """Note that an event of ours arrived."""
        self.outbox.confirm(event_id, self._clock.now())

    def publish_again(self, event_id: str) -> bool:
        """Publish an event of ours once more, though it was confirmed."""
        return self.outbox.publish_again(event_id, self._clock.now())

    def add_version(
        self,
        case: Case,
        version: CaseVersion,
        expected: int | None,
        events: Sequence[Event],
        audit: AuditEntry,
        applied: str | None,
    ) -> None:
        """Store the version, then the case that points at it; a crash between the two leaves a version nobody names."""
        stored = self._version_document(case, version)
        self._versions.insert_one(stored)
        case = _pointing(case, stored["_id"])
        if expected is not None:
            self.update(case, expected, events, audit, applied)
            return
        try:
            self._cases.insert_one(self._document(case, events, audit, applied))
        except DuplicateKeyError as error:
            raise Conflict(f"case {case.id} or its sender's case exists already") from error

    def add_cases(self, opened: Sequence[NewVersion]) -> set[str]:
        """Store the versions in one write, then the cases that point at them in another."""
        versions = [self._version_document(each.case, each.version) for each in opened]
        self._versions.insert_many(versions, ordered=False)
        documents = [
            self._document(_pointing(each.case, version["_id"]), each.events, each.audit, each.applied)
            for each, version in zip(opened, versions, strict=True)
        ]
        try:
            self._cases.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            conflicts = _conflicts(error)
            return {each.applied for place, each in enumerate(opened) if place not in conflicts}
        return {each.applied for each in opened}

    def update(
        self, case: Case, expected: int, events: Sequence[Event], audit: AuditEntry, applied: str | None
    ) -> None:
        """Store a changed case, its events and its audit entry, if nobody changed it meanwhile."""
        guard: Document = {"_id": case.id, "sponsor": case.sponsor, "revision": expected}
        push: Document = {"audit": pending(audit), "outbox": {"$each": self._entries(events)}}
        if applied is not None:
            push["applied"] = applied
            guard["applied"] = {"$ne": applied}  # a unique index does not see the same value twice in one document
        try:
            changed = self._cases.update_one(guard, {"$set": _fields(case), "$push": push})
        except DuplicateKeyError as error:
            raise Conflict(f"{applied} was applied to another case meanwhile") from error
        if not changed.matched_count:
            raise Conflict(f"case {case.id} is not at revision {expected} any more")

    def worklist(
        self,
        scopes: Sequence[str],
        status: str | None,
        limit: int,
        after: Place | None = None,
        unblinded: Sequence[str] = (),
        to_ask: date | None = None,
    ) -> list[Case]:
        """Return cases by due date, or by the day on which they are to be asked."""
        wanted, day = _wanted(scopes, status, unblinded, to_ask), "ask_on" if to_ask else "due"
        behind = _behind(day, after.due.isoformat() if after.due else _LAST, after.id) if after else {}
        found = self._cases.find({"$and": [wanted, behind]} if behind else wanted, {"head": 1})
        return [msgspec.convert(each["head"], Case) for each in found.sort([(day, 1), ("_id", 1)]).limit(limit)]

    def count(
        self,
        scopes: Sequence[str],
        status: str | None,
        limit: int,
        unblinded: Sequence[str] = (),
        to_ask: date | None = None,
    ) -> int:
        """Count by index, no further than ``limit``."""
        return self._cases.count_documents(_wanted(scopes, status, unblinded, to_ask), limit=limit)

    def blinded(self, scopes: Sequence[str], limit: int, after: Received | None = None) -> list[Case]:
        """Return cases of blinded trials by receipt."""
        wanted: Document = {"sponsor": {"$in": list(scopes)}, "blinded_trial": True}
        behind = _behind("opened_at", _instant(after.at), after.id) if after else {}
        found = self._cases.find(wanted | behind, {"head": 1})
        return [msgspec.convert(each["head"], Case) for each in found.sort([("opened_at", 1), ("_id", 1)]).limit(limit)]

    def count_blinded(self, scopes: Sequence[str], limit: int) -> int:
        """Count by index, no further than ``limit``."""
        return self._cases.count_documents({"sponsor": {"$in": list(scopes)}, "blinded_trial": True}, limit=limit)

    def next_number(self, sponsor: str) -> int:
        """Count on, outside any other write: a crash costs a number and nothing else."""
        counted = self._counters.find_one_and_update(
            {"_id": sponsor, "sponsor": sponsor},
            {"$inc": {"last": 1}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        if counted is None:
            raise LookupError(f"no counter of {sponsor}")
        return int(counted["last"])

    def ledger_facts(self, always: Mapping[str, tuple[str, ...]]) -> Iterator[CaseVersionFact | ApprovalFact]:
        """Tell every version and approval, for the ledger identity.

        ``always`` are the destinations of each rulebook that every case has a decision for; of others it may have one.
        """
        found = iter(self._cases.find({}, {"head": 1}))
        while documents := list(islice(found, _AT_ONCE)):
            cases = [msgspec.convert(each["head"], Case) for each in documents]
            held = self._held(cases)
            for case in cases:
                yield from (version_fact(case, ref, held.get(ref.version_id, {}), always) for ref in case.versions)
                yield from (approval_fact(case, given) for given in case.approvals)

    def _held(self, cases: Sequence[Case]) -> dict[str, Document]:
        """Return of each version what it was decided by and what was decided, and nothing else: versions are large."""
        wanted = {"version.rulebook": 1, "version.decisions.destination": 1, "version.decisions.kind": 1}
        ids = [ref.version_id for case in cases for ref in case.versions]
        asked = {"_id": {"$in": ids}, "sponsor": {"$in": sorted({case.sponsor for case in cases})}}
        return {each["_id"]: each["version"] for each in self._versions.find(asked, wanted)}

    def _version_document(self, case: Case, version: CaseVersion) -> Document:
        return {
            "_id": new_id("ver"),
            "sponsor": case.sponsor,
            "case_id": case.id,
            "number": version.snapshot.version,
            "stored_at": self._clock.now(),
            "version": msgspec.to_builtins(version),
        }

    def _document(self, case: Case, events: Sequence[Event], audit: AuditEntry, applied: str | None) -> Document:
        return {
            "_id": case.id,
            "sponsor": case.sponsor,
            "sender_key": case.sender_key,
            "applied": [applied] if applied else [],
            "outbox": self._entries(events),
            "audit": [pending(audit)],
            **_fields(case),
        }

    def _entries(self, events: Sequence[Event]) -> list[Document]:
        return [entry(event, self._clock.now()) for event in events]


def _wanted(scopes: Sequence[str], status: str | None, unblinded: Sequence[str], to_ask: date | None) -> Document:
    """Every sponsor's open cases, and those of blinded trials where the reader is unblinded; each by one index."""
    asked: Document = {"sponsor": {"$in": list(scopes)}} | ({"status": status} if status else {})
    asked |= {"ask_on": {"$lte": to_ask.isoformat()}} if to_ask else {}
    seeing = [scope for scope in scopes if scope in unblinded]
    if not seeing:
        return asked | {"blinded_trial": {"$in": _OPEN}}
    blind = [scope for scope in scopes if scope not in unblinded]
    either = [({"$in": blind}, _OPEN), ({"$in": seeing}, [*_OPEN, True])]
    return {"$or": [asked | {"sponsor": of, "blinded_trial": {"$in": lanes}} for of, lanes in either]}


def _behind(field: str, value: str, case_id: str) -> Document:
    return {"$or": [{field: {"$gt": value}}, {field: value, "_id": {"$gt": case_id}}]}


def _instant(at: datetime) -> str:
    """An instant as text that sorts as instants do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _conflicts(error: BulkWriteError) -> set[int]:
    """Return the places of what exists already; raise the error where it speaks of anything else."""
    details = error.details or {}
    if details["writeConcernErrors"] or any(each["code"] != _DUPLICATE_KEY for each in details["writeErrors"]):
        raise error
    return {each["index"] for each in details["writeErrors"]}


def _pointing(case: Case, version_id: str) -> Case:
    newest = msgspec.structs.replace(case.current, version_id=version_id)
    return msgspec.structs.replace(case, versions=(*case.versions[:-1], newest))


def _case(document: Document | None) -> Case | None:
    return None if document is None else msgspec.convert(document["head"], Case)


def _fields(case: Case) -> Document:
    head = msgspec.to_builtins(case)
    return {
        "revision": case.revision,
        "status": case.status.value,
        "due": head["due"] or _LAST,
        "blinded_trial": case.blinded_trial,
        "opened_at": _instant(case.opened_at),
        "ask_on": case.task.ask_on.isoformat() if case.task and case.task.ask_on else _LAST,
        "head": head,
    }
