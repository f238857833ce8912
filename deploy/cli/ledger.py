"""The ledger identity: nothing is lost, decided twice or sent twice, or sent without approval (DOMAIN 21).

Every receipt has one stored report; every report is linked to a case version, is parked, or is a non-case that a person
documented; every (case version x destination) has exactly one decision; every approved expedited decision has exactly
one message, or a block by name; of a case and destination at most one submission is active; nothing else has a message.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

import msgspec

from shared.contracts.ledger_facts import (
    ApprovalFact,
    CaseVersionFact,
    MessageFact,
    NonCaseFact,
    ParkedFact,
    ReportFact,
    SubmissionFact,
)

Fact = ReportFact | CaseVersionFact | ApprovalFact | ParkedFact | NonCaseFact | MessageFact | SubmissionFact
F = TypeVar("F", bound=msgspec.Struct)
EXPEDITED = "expedited"


class Clause(StrEnum):
    """A sentence of the identity."""

    RECEIPT = "every receipt has one stored report"
    LINKED = "every report is linked to a case version, parked, or a documented non-case"
    DECIDED = "every case version and destination has exactly one decision"
    ANSWERED = "every approval has exactly one message or named block"
    ACTIVE = "at most one active submission per case and destination"
    NOTHING_ELSE = "nothing else has a message"
    ON_ITS_WAY = "every message has exactly one submission"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A record that the clause does not hold for. ``since`` is set where time may still heal it."""

    clause: Clause
    subject: str
    words: str
    since: datetime | None = None


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """The result: how much was looked at, what is broken, what is under way."""

    counts: dict[str, int]
    broken: tuple[Finding, ...]
    in_flight: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Say whether the identity holds."""
        return not self.broken


class Records:
    """The facts of all services, by kind."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        """Sort the facts."""
        self._of: dict[type, list[Fact]] = defaultdict(list)
        for fact in facts:
            self._of[type(fact)].append(fact)

    def of(self, kind: type[F]) -> list[F]:
        """Return the facts of one kind."""
        return [fact for fact in self._of[kind] if isinstance(fact, kind)]


def check(facts: Iterable[Fact], now: datetime, grace: timedelta) -> Ledger:
    """Join the facts. What time may heal and is younger than ``grace`` is in flight, everything else is broken."""
    records = Records(facts)
    found = [finding for clause in _CLAUSES for finding in clause(records)]
    young = [f for f in found if f.since is not None and now - f.since < grace]
    broken = [f for f in found if f not in young]
    counts = {kind.__name__: len(records.of(kind)) for kind in _KINDS}
    return Ledger(counts=counts, broken=tuple(broken), in_flight=tuple(young))


def _receipts(records: Records) -> Iterator[Finding]:
    reports = records.of(ReportFact)
    for report in reports:
        if report.receipts < 1:
            yield Finding(clause=Clause.RECEIPT, subject=report.report_id, words="stored without a receipt")
    for report_id, count in _repeated(report.report_id for report in reports):
        yield Finding(clause=Clause.RECEIPT, subject=report_id, words=f"stored {count} times")


def _links(records: Records) -> Iterator[Finding]:
    linked = {version.report_id for version in records.of(CaseVersionFact)} - {None}
    waiting = _accounted_for(records)
    for report in records.of(ReportFact):
        if report.report_id not in waiting | (set() if report.refused else linked):
            kind = "refusal that no person can see" if report.refused else "report without case version, and not parked"
            yield Finding(clause=Clause.LINKED, subject=report.report_id, words=kind, since=report.stored_at)
    for unknown in sorted(linked - {report.report_id for report in records.of(ReportFact)}, key=str):
        words = "a case version names this report, which intake does not have"
        yield Finding(clause=Clause.LINKED, subject=str(unknown), words=words)


def _accounted_for(records: Records) -> set[str]:
    """Return what waits for a person, and what a person closed with name and reason."""
    closed = {fact.subject for fact in records.of(NonCaseFact) if fact.actor.strip() and fact.reason.strip()}
    return closed | {parked.subject for parked in records.of(ParkedFact)}


def _non_cases(records: Records) -> Iterator[Finding]:
    for fact in records.of(NonCaseFact):
        if not (fact.actor.strip() and fact.reason.strip()):
            words = "closed as no case, without who or why"
            yield Finding(clause=Clause.LINKED, subject=fact.subject, words=words)


def _decisions(records: Records) -> Iterator[Finding]:
    versions = records.of(CaseVersionFact)
    for name, count in _repeated(f"{v.case_id}/{v.version}" for v in versions):
        yield Finding(clause=Clause.DECIDED, subject=name, words=f"this case version is stored {count} times")
    for version in versions:
        made = Counter(destination for destination, _ in version.decisions)
        for destination in sorted(set(version.destinations) | set(made)):
            wanted = 1 if destination in version.destinations else 0
            if made[destination] != wanted:
                words = f"{destination}: {made[destination]} decisions, {wanted} expected"
                yield Finding(clause=Clause.DECIDED, subject=f"{version.case_id}/{version.version}", words=words)
        if not version.destinations:
            words = "held to a rulebook without a destination"
            yield Finding(clause=Clause.DECIDED, subject=f"{version.case_id}/{version.version}", words=words)


def _approvals(records: Records) -> Iterator[Finding]:
    answers = Counter(message.approval_id for message in records.of(MessageFact))
    waiting = _accounted_for(records)
    for approval in records.of(ApprovalFact):
        count = answers[approval.approval_id]
        if count == 0 and approval.approval_id not in waiting:
            words = f"{approval.destination}: approved, and neither message nor block"
            since = approval.approved_at
            yield Finding(clause=Clause.ANSWERED, subject=approval.approval_id, words=words, since=since)
        if count > 1:
            words = f"{approval.destination}: {count} messages or blocks"
            yield Finding(clause=Clause.ANSWERED, subject=approval.approval_id, words=words)


def _active(records: Records) -> Iterator[Finding]:
    active = Counter((s.case_id, s.destination) for s in records.of(SubmissionFact) if s.active)
    for (case_id, destination), count in active.items():
        if count > 1:
            words = f"{destination}: {count} active submissions"
            yield Finding(clause=Clause.ACTIVE, subject=case_id, words=words)


def _nothing_else(records: Records) -> Iterator[Finding]:
    approvals = {approval.approval_id: approval for approval in records.of(ApprovalFact)}
    expedited = {
        (version.case_id, version.version, destination)
        for version in records.of(CaseVersionFact)
        for destination, kind in version.decisions
        if kind == EXPEDITED
    }
    for approval in approvals.values():
        if _place(approval) not in expedited:
            words = f"{approval.destination}: approved, though no expedited decision of this version asks for it"
            yield Finding(clause=Clause.NOTHING_ELSE, subject=approval.approval_id, words=words)
    for message in records.of(MessageFact):
        asked = approvals.get(message.approval_id)
        if asked is None or _place(asked) != _place(message):
            subject = message.message_id or message.approval_id
            words = f"{message.destination}: no approval of this case version asks for it"
            yield Finding(clause=Clause.NOTHING_ELSE, subject=subject, words=words)


def _submissions(records: Records) -> Iterator[Finding]:
    sent = Counter(submission.message_id for submission in records.of(SubmissionFact))
    built = {m.message_id: m for m in records.of(MessageFact) if m.message_id is not None}
    for message_id, message in built.items():
        if sent[message_id] == 0:
            words = f"{message.destination}: built, and not on its way"
            yield Finding(clause=Clause.ON_ITS_WAY, subject=message_id, words=words, since=message.built_at)
        if sent[message_id] > 1:
            yield Finding(clause=Clause.ON_ITS_WAY, subject=message_id, words=f"{sent[message_id]} submissions")
    for submission in records.of(SubmissionFact):
        if submission.message_id not in built:
            words = f"{submission.destination}: a submission of a message that there is not"
            yield Finding(clause=Clause.NOTHING_ELSE, subject=submission.submission_id, words=words)


def _place(fact: ApprovalFact | MessageFact) -> tuple[str, int, str]:
    return fact.case_id, fact.version, fact.destination


H = TypeVar("H", bound=Hashable)


def _repeated(items: Iterable[H]) -> list[tuple[H, int]]:
    return [(item, count) for item, count in Counter(items).items() if count > 1]


_CLAUSES = (_receipts, _links, _non_cases, _decisions, _approvals, _active, _nothing_else, _submissions)
_KINDS = (ReportFact, CaseVersionFact, ApprovalFact, ParkedFact, NonCaseFact, MessageFact, SubmissionFact)
