"""What the use cases need of the world; stores and fakes implement the same Protocols."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec

from shared.contracts.audit import AuditEntry
from shared.contracts.envelope import Event
from shared.contracts.parked_work import ParkedState, ParkedWork
from shared.messaging.parked import By
from triage.domain.case import Case, CaseVersion
from triage.domain.credentials import Account
from triage.domain.pipeline import Reference
from triage.domain.registry import Registry
from triage.domain.rulebook import Rulebook
from triage.domain.session import Errand, Session
from triage.domain.trail import Entered
from triage.domain.versions import NewVersion


class Conflict(Exception):
    """Somebody else changed the case first: read it again."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case stands in a list by a day, on which it is due or to be asked, and id."""

    due: date | None
    id: str


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case stands in a list by receipt and id."""

    at: datetime
    id: str


class CaseStore(Protocol):
    """Cases and their versions. Every read is within scopes; an empty scope holds nothing."""

    def get(self, case_id: str, scopes: Sequence[str]) -> Case | None:
        """Return a case, or None where there is none in these scopes."""
        ...

    def of_sender(self, sender_key: str, sponsor: str) -> Case | None:
        """Return the case that a sender's own case id belongs to."""
        ...

    def version(self, case: Case, number: int) -> CaseVersion:
        """Return one version of a case."""
        ...

    def is_applied(self, event_id: str) -> bool:
        """Say whether an event has had its effect."""
        ...

    def applied_to(self, event_id: str) -> str | None:
        """Return the id of the case on which an event has had its effect."""
        ...

    def answer_again(self, event_id: str) -> bool:
        """Publish the stored answer to an event once more; False where it has none."""
        ...

    def add_version(
        self,
        case: Case,
        version: CaseVersion,
        expected: int | None,
        events: Sequence[Event],
        audit: AuditEntry,
        applied: str | None,
    ) -> None:
        """Store a version and the case that points at it. ``expected`` is the revision read, None for a new case.

        Raises Conflict.
        """
        ...

    def update(
        self, case: Case, expected: int, events: Sequence[Event], audit: AuditEntry, applied: str | None
    ) -> None:
        """Store a changed case. Raises Conflict."""
        ...

    def known(self, event_ids: Sequence[str], sender_keys: Sequence[str]) -> set[str]:
        """Return those of the events that have had their effect and those of the sender keys that have a case."""
        ...

    def add_cases(self, opened: Sequence[NewVersion]) -> set[str]:
        """Store new cases; return the events applied by those that are stored. The others met a conflict."""
        ...

    def confirm(self, event_id: str) -> None:
        """Note that an event of ours arrived."""
        ...

    def publish_again(self, event_id: str) -> bool:
        """Publish an event of ours once more, though it was confirmed; False where there is none of that id."""
        ...

    def worklist(
        self,
        scopes: Sequence[str],
        status: str | None,
        limit: int,
        after: Place | None = None,
        unblinded: Sequence[str] = (),
        to_ask: date | None = None,
    ) -> list[Case]:
        """Return cases by due date, none last, or those ``to_ask`` by a day, by it; blinded ones if ``unblinded``."""
        ...

    def count(
        self,
        scopes: Sequence[str],
        status: str | None,
        limit: int,
        unblinded: Sequence[str] = (),
        to_ask: date | None = None,
    ) -> int:
        """Return how many of these cases there are, counted up to ``limit``."""
        ...

    def blinded(self, scopes: Sequence[str], limit: int, after: Received | None = None) -> list[Case]:
        """Return cases of blinded trials by receipt."""
        ...

    def count_blinded(self, scopes: Sequence[str], limit: int) -> int:
        """Return how many cases are of blinded trials, counted up to ``limit``."""
        ...

    def next_number(self, sponsor: str) -> int:
        """Return the sponsor's next case number; gaps happen, repeats do not."""
        ...


class AuditTrail(Protocol):
    """What triage entered, for auditors."""

    def newest(
        self, sponsor: str, wanted: Mapping[str, str], limit: int, before: int | None, *, unblinded: bool
    ) -> list[Entered]:
        """Return entries before a place, the newest first; what discloses is withheld, or left out where one asks."""
        ...


class ParkedStore(Protocol):
    """What waits for a person; an item is never deleted. ``scopes`` of None is every sponsor."""

    def keep(self, work: ParkedWork, content: bytes, answer: Event | None) -> bool:
        """Keep an item and the answer to it; keeping it twice (False) is keeping it once and answering again."""
        ...

    def works(
        self,
        scopes: Sequence[str] | None = None,
        states: Sequence[ParkedState] = (ParkedState.WAITING,),
        subject: str | None = None,
    ) -> list[ParkedWork]:
        """Return items in these states, those parked longest first."""
        ...

    def find(self, work_id: str, scopes: Sequence[str] | None = None) -> ParkedWork | None:
        """Return an item in whatever state."""
        ...

    def content(self, work_id: str, scopes: Sequence[str] | None = None) -> bytes:
        """Return the bytes that were parked. Raises LookupError."""
        ...

    def ask(self, work_id: str, by: By) -> None:
        """Note that a person wants it replayed. Raises LookupError or NotWaiting."""
        ...

    def settle(self, work_id: str, by: By, outcome: str) -> bool:
        """Note that the event has had its effect. False: that was known, or there is no such item."""
        ...

    def again(self, work_id: str, by: By) -> bool:
        """Note one more attempt that failed. False: it waits no more."""
        ...

    def close(self, work_id: str, by: By) -> None:
        """Note that a person gives it up. Raises LookupError or NotWaiting."""
        ...


class UserStore(Protocol):
    """Who may do what. A user is never deleted, and a name or subject never another's (21 CFR 11.100(a))."""

    def add(self, account: Account, entries: Sequence[AuditEntry]) -> None:
        """Store a new account. Raises Conflict where its name or subject was ever anybody's."""
        ...

    def find(self, name: str) -> Account | None:
        """Return the account of a name."""
        ...

    def of_subject(self, subject: str) -> Account | None:
        """Return the account of an identity at the OpenID provider."""
        ...

    def accounts(self) -> list[Account]:
        """Return every account, by name."""
        ...

    def update(self, account: Account, expected: int, entries: Sequence[AuditEntry]) -> None:
        """Store a changed account with what is entered of it. Raises Conflict."""
        ...

    def enter(self, entries: Sequence[AuditEntry]) -> None:
        """Enter what happened to no account."""
        ...


class NotVouched(Exception):
    """The provider vouches for nobody; the words say why."""


class ProviderAway(Exception):
    """The provider does not answer."""


class Vouched(msgspec.Struct, frozen=True, kw_only=True):
    """For whom a provider vouches; ``signed_in_at`` is when it last saw proof, None where it does not say."""

    subject: str
    signed_in_at: datetime | None


class Provider(Protocol):
    """An OpenID provider."""

    @property
    def name(self) -> str:
        """Return the host that a person is sent to."""
        ...

    def ask(self, errand: Errand, redirect_uri: str, *, again: bool) -> str:
        """Return where to send a person; ``again``: to prove anew who she is. Raises ProviderAway."""
        ...

    def answered(self, errand: Errand, redirect_uri: str, given: dict[str, str], *, again: bool) -> Vouched:
        """Return for whom the provider vouches. Raises NotVouched or ProviderAway."""
        ...


class SessionStore(Protocol):
    """Sessions, by the hash of what the browser holds."""

    def put(self, session: Session, instead_of: str | None = None) -> None:
        """Store a session, new or changed; the one that it stands ``instead_of`` ends with that."""
        ...

    def find(self, key: str) -> Session | None:
        """Return a session, live or not."""
        ...

    def seen(self, key: str, at: datetime) -> None:
        """Note that it was used."""
        ...

    def end(self, key: str, at: datetime) -> None:
        """End a session; it stays ended."""
        ...

    def end_all(self, user: str, at: datetime, but: str | None = None) -> None:
        """End every session of a user."""
        ...


class ReferenceSource(Protocol):
    """The registry, dictionary and rulebooks."""

    @property
    def registry(self) -> Registry:
        """The registry."""
        ...

    @property
    def rulebooks(self) -> tuple[Rulebook, ...]:
        """Every version of the rulebook, the earliest adopted first."""
        ...

    def rulebook(self, today: date) -> Rulebook:
        """The version in force on a day."""
        ...

    def for_sponsor(self, scope: str, today: date) -> Reference:
        """Return what a case of this scope is assessed against."""
        ...

    def recorded(self, version: CaseVersion) -> Reference:
        """Return what a version was assessed against. Raises LookupError where that is not kept."""
        ...
