"""Door for commands: the ledger's facts, one case with everything found of it, what waits for a person, and users."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from shared.audit import ledger
from shared.audit.door import read_uri
from shared.audit.happenings import COLLECTION as HAPPENINGS
from shared.audit.happenings import Happenings
from shared.audit.sequencer import Sequencer
from shared.audit.trail import Trail
from shared.clock import SystemClock
from shared.contracts.audit import INSTALLATION
from shared.contracts.ledger_facts import ApprovalFact, CaseVersionFact, NonCaseFact, ParkedFact
from shared.contracts.parked_work import ParkedKind, ParkedState, ParkedWork
from shared.messaging.parked import By
from shared.settings import SettingsError, load
from triage import config
from triage.administer import CONSOLE, Administer, Denied
from triage.administer import By as Administrator
from triage.domain.identity import Grant, Role, User
from triage.domain.partner_key import PartnerKey
from triage.domain.rulebook import Rulebook, SignOff, in_force
from triage.handlers import handlers
from triage.partner_keys import PartnerKeys
from triage.redecide import Redecide
from triage.reference.files import ReferenceFileError
from triage.reference.memory import Memory
from triage.reference.rules import RULEBOOKS, load_rulebooks
from triage.reference.source import FileReference
from triage.replay import ReplayParked
from triage.sign_off import SignRules
from triage.store.cases import MongoCaseStore
from triage.store.database import SERVICE, TRANSIENT, Database, audited, opened, prepare
from triage.store.memory import MongoMemory
from triage.store.parked import MongoParkedStore
from triage.store.partner_keys import MongoPartnerKeyStore
from triage.store.sign_offs import MongoSignOffStore
from triage.store.users import MongoSessionStore, MongoUserStore
from triage.store.walk import MongoCaseWalk

__all__ = ["Denied"]
_ALL = (INSTALLATION,)


def ledger_facts() -> Iterator[CaseVersionFact | ApprovalFact | ParkedFact | NonCaseFact]:
    """Tell every case version, approval and parked item. Raises SettingsError."""
    always = {book.version: tuple(each.id for each in book.destinations if each.always) for book in load_rulebooks()}
    with opened(load(config.read_store)) as database:
        yield from MongoCaseStore(database, SystemClock()).ledger_facts(always)
        yield from MongoParkedStore(database, SystemClock(), config.SERVICE_VERSION).ledger_facts()


def case(case_id: str) -> dict[str, Any] | None:
    """Return a case with its versions, as plain values; None for an id that there is not."""
    with opened(load(config.read_store)) as database:
        cases = MongoCaseStore(database, SystemClock())
        found = cases.anywhere(case_id)
        if found is None:
            return None
        versions = [cases.version(found, ref.number) for ref in found.versions]
        return {"case": msgspec.to_builtins(found), "versions": msgspec.to_builtins(versions)}


def parked(states: Sequence[ParkedState]) -> list[ParkedWork]:
    """Return the parked items in these states, oldest first; reporting tells of its approvals itself."""
    with opened(load(config.read_store)) as database:
        works = _parked(database).works(None, states)
    return [work for work in works if work.kind is not ParkedKind.APPROVAL]


def parked_content(work: ParkedWork) -> bytes:
    """Return the bytes of a parked item. Raises LookupError."""
    with opened(load(config.read_store)) as database:
        return _parked(database).content(work.id)


def replay(work: ParkedWork, by: By) -> ParkedWork:
    """Try an item again and return it as it is then. Raises SettingsError, NotWaiting or NotReplayable."""
    settings, clock = load(config.read), SystemClock()
    with opened(settings.mongo_uri) as database:
        reference = _reference(settings, MongoMemory(database))
        cases, parked = MongoCaseStore(database, clock), _parked(database)
        handled = handlers(cases, parked, MongoPartnerKeyStore(database, clock), reference, clock)
        return ReplayParked(parked, cases, handled, TRANSIENT).replay(work.id, None, by)


def close(work: ParkedWork, by: By) -> ParkedWork:
    """Give an item up, documented, and return it as it is then. Raises NotWaiting."""
    with opened(load(config.read_store)) as database:
        parked = _parked(database)
        parked.close(work.id, by)
        return parked.find(work.id) or work


def sponsors() -> tuple[str, ...]:
    """Return the scopes that the registry names. Raises SettingsError."""
    return _reference(load(config.read)).registry.scopes()


def users() -> list[dict[str, Any]]:
    """Return every user, by name."""
    with _administer() as administer:
        return [_told(user) for user in administer.users(_ALL)]


def user(name: str) -> dict[str, Any]:
    """Return a user. Raises LookupError."""
    with _administer() as administer:
        return _told(administer.user(name, _ALL))


def add_user(
    actor: str,
    reason: str,
    name: str,
    full_name: str,
    grants: Sequence[tuple[str, str]],
    subject: str | None = None,
) -> str | None:
    """Add a user with roles (sponsor, role), and return her one-time password. Raises Denied."""
    given = [Grant(sponsor=sponsor, role=_role(role)) for sponsor, role in grants]
    with _administer() as administer:
        return administer.add(_by(actor, reason), name, full_name, given, subject)


def grant(actor: str, reason: str, name: str, sponsor: str, role: str, *, unblinded: bool = False) -> dict[str, Any]:
    """Give a role. Raises LookupError or Denied."""
    given = Grant(sponsor=sponsor, role=_role(role), unblinded=unblinded)
    with _administer() as administer:
        return _told(administer.grant(_by(actor, reason), name, given))


def revoke(actor: str, reason: str, name: str, sponsor: str, role: str) -> dict[str, Any]:
    """Take a role. Raises LookupError or Denied."""
    with _administer() as administer:
        return _told(administer.revoke(_by(actor, reason), name, sponsor, _role(role)))


def disable(actor: str, reason: str, name: str) -> dict[str, Any]:
    """Let a user in no more. Raises LookupError or Denied."""
    with _administer() as administer:
        return _told(administer.disable(_by(actor, reason), name))


def enable(actor: str, reason: str, name: str) -> dict[str, Any]:
    """Let a user in again. Raises LookupError or Denied."""
    with _administer() as administer:
        return _told(administer.enable(_by(actor, reason), name))


def reset(actor: str, reason: str, name: str) -> str:
    """Return a one-time password in the place of what a user had. Raises LookupError or Denied."""
    with _administer() as administer:
        return administer.reset(_by(actor, reason), name)


def issue_key(
    actor: str, reason: str, organisation: str, sponsors: Sequence[str], expires_on: date | None = None
) -> tuple[dict[str, Any], str]:
    """Issue a partner's key; return it, and what the partner is handed, once. Raises Denied."""
    with _keys() as keys:
        key, handed = keys.issue(_by(actor, reason), organisation, sponsors, expires_on)
    return _told(key), handed


def revoke_key(actor: str, reason: str, key_id: str) -> dict[str, Any]:
    """Let a key open nothing any more. Raises LookupError or Denied."""
    with _keys() as keys:
        return _told(keys.revoke(_by(actor, reason), key_id))


def keys() -> list[dict[str, Any]]:
    """Return every partner's key, by organisation."""
    with _keys() as keys:
        return [_told(key) for key in keys.all()]


def rulebooks(folder: Path | None = None) -> tuple[Rulebook, ...]:
    """Return every version of the rulebook, as installed or in a folder, unsigned. Raises SettingsError."""
    try:
        return load_rulebooks(folder or RULEBOOKS)
    except ReferenceFileError as error:
        raise SettingsError(str(error)) from error


def rulebook(day: date, given: Sequence[SignOff] = ()) -> Rulebook:
    """Return the rulebook in force on a day, with what is signed off of it. Raises SettingsError."""
    return in_force(rulebooks(), day).signed(given)


def sign_offs() -> list[SignOff]:
    """Return every sign-off. Raises SettingsError."""
    with opened(load(config.read_store)) as database:
        return MongoSignOffStore(database).all()


def kept_file(sha256: str) -> bytes | None:
    """Return a file that something was decided with; None for a hash that there is not. Raises SettingsError."""
    with opened(load(config.read_store)) as database:
        found = MongoMemory(database).kept(sha256)
        return found.content if found else None


def sign_rules(actor: str, reason: str, rule_ids: Sequence[str]) -> list[SignOff]:
    """Sign rules of the rulebook in force off. Raises SettingsError or Denied."""
    with opened(load(config.read_store)) as database:
        prepare(database)
        clock = SystemClock()
        book = rulebook(clock.now().date())
        return SignRules(MongoSignOffStore(database), clock)(_by(actor, reason), book, rule_ids)


@contextmanager
def redeciding() -> Iterator[Redecide]:
    """Open the cases to be decided again. Raises SettingsError."""
    settings, clock = load(config.read), SystemClock()
    with opened(settings.mongo_uri) as database:
        reference = _reference(settings, MongoMemory(database))
        yield Redecide(MongoCaseStore(database, clock), MongoCaseWalk(database), reference, clock)


def by(actor: str, reason: str) -> Administrator:
    """Return who acts from a console. Raises Denied without a reason."""
    return _by(actor, reason)


@contextmanager
def _keys() -> Iterator[PartnerKeys]:
    settings = load(config.read)
    scopes = _reference(settings).registry.scopes
    with opened(settings.mongo_uri) as database:
        prepare(database)
        yield PartnerKeys(MongoPartnerKeyStore(database, SystemClock()), scopes, SystemClock())


@contextmanager
def _administer() -> Iterator[Administer]:
    settings = load(config.read)
    scopes = _reference(settings).registry.scopes
    with opened(settings.mongo_uri) as database:
        prepare(database)  # the first user may be added before anything has run
        users, sessions = MongoUserStore(database), MongoSessionStore(database)
        yield Administer(users, sessions, scopes, SystemClock(), config.SERVICE_VERSION)


def _by(actor: str, reason: str) -> Administrator:
    if not reason.strip():
        raise Denied("a reason is required; say why with --reason")
    return Administrator(actor=actor, authentication=CONSOLE, scopes=_ALL, reason=reason.strip())


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError as error:
        raise Denied(f"{name!r} is no role; the roles are {', '.join(Role)}") from error


def _told(known: User | PartnerKey) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(known)
    return told


def _reference(settings: config.Settings, memory: Memory | None = None) -> FileReference:
    try:
        return FileReference(settings.registry, settings.dictionary, memory, lists=settings.lists)
    except ReferenceFileError as error:
        raise SettingsError(str(error)) from error


@contextmanager
def trail() -> Iterator[Trail]:
    """Open triage's part of the audit trail. Raises SettingsError."""
    uri, kept_at = load(config.read_store), load(lambda env: read_uri(env, SERVICE))
    with opened(uri) as database, ledger.opened(kept_at, SERVICE) as kept:
        happenings = Happenings(lambda: database[HAPPENINGS])
        yield Trail(kept, Sequencer(kept, audited(database)), happenings, config.SERVICE_VERSION)


def _parked(database: Database) -> MongoParkedStore:
    return MongoParkedStore(database, SystemClock(), config.SERVICE_VERSION)
