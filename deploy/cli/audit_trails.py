"""The audit trail of a sponsor over all services, each by its own door: nobody reads another's ledger."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

import msgspec

import intake.cli
import reporting.cli
import triage.cli
from deploy.audit.verify_export import Verifier
from deploy.cli.failure import CommandError
from shared.audit.chain import Document, blinded, withheld
from shared.audit.checkpoints import EXPORT_TAG, Key, instant
from shared.audit.ledger import START, Head
from shared.audit.notary import BrokenChain, Notary
from shared.audit.trail import Trail
from shared.contracts.audit import AuditEntry, Changed
from shared.ids import new_id
from shared.messaging.parked import By

Trails = dict[str, Trail]


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that wait in their documents, in no chain yet."""

    service: str
    count: int
    oldest: datetime


class Withholding(msgspec.Struct, frozen=True, kw_only=True):
    """What an export keeps back: its commitments stay."""

    blinded: bool = False
    fields: tuple[str, ...] = ()

    def of(self, entry: Document) -> Document:
        """Return an entry as this export may have it."""
        try:
            shown = blinded(entry) if self.blinded else entry
            return withheld(shown, self.fields) if self.fields else shown
        except (KeyError, TypeError, ValueError, AttributeError):  # not as it was written: the verifier says so
            return {**entry, "fields": {}}


@contextmanager
def opened() -> Iterator[Trails]:
    """Open every service's part. Raises SettingsError."""
    with ExitStack() as stack:
        doors = {"intake": intake.cli.trail, "triage": triage.cli.trail, "reporting": reporting.cli.trail}
        yield {service: stack.enter_context(door()) for service, door in doors.items()}


def require(trails: Trails, sponsor: str) -> None:
    """Raise CommandError where nothing was ever entered for a sponsor."""
    if any(trail.ledger.head(sponsor) != START for trail in trails.values()) or left(trails, sponsor):
        return
    known = sorted({each for trail in trails.values() for each in trail.ledger.sponsors()})
    there = f"there are those of {', '.join(known)}" if known else "nothing was entered yet"
    raise CommandError(f"there is no audit trail of {sponsor}; {there}")


def left(trails: Trails, sponsor: str) -> list[Left]:
    """Return how many entries of a sponsor wait at each service."""
    waiting = {name: [each.at for each in trail.sequencer.pending(sponsor)] for name, trail in trails.items()}
    return [Left(service=name, count=len(times), oldest=min(times)) for name, times in waiting.items() if times]


def move(trails: Trails) -> None:
    """Bring what waits into the chains."""
    for trail in trails.values():
        trail.sequencer.move_all()


def sign(trails: Trails, sponsor: str, key: Key, now: datetime) -> list[Document | BrokenChain]:
    """Sign where each chain of a sponsor ends, or say where it is broken."""
    return [made for trail in trails.values() if (made := _signed(trail, sponsor, key, now)) is not None]


def _signed(trail: Trail, sponsor: str, key: Key, now: datetime) -> Document | BrokenChain | None:
    try:
        return Notary(trail.ledger, key).sign(sponsor, now)
    except BrokenChain as broken:
        return broken


def verified(trails: Trails, sponsor: str, keys: Sequence[str], held: Sequence[Document]) -> Verifier:
    """Look at a sponsor's chains where they are kept."""
    verifier = Verifier(sponsor, keys, held)
    for trail in trails.values():
        for kind, record in _in_order(trail, sponsor):
            (verifier.entry if kind == "entry" else verifier.checkpoint)(record)
    verifier.finish()
    return verifier


def enter_export(trails: Trails, sponsor: str, by: By, withholding: Withholding, now: datetime) -> None:
    """Enter that the trail is copied: it is told in the copy itself."""
    trail = trails["triage"]
    what = {"blinded": withholding.blinded, "redacted": list(withholding.fields)}
    entry = AuditEntry(
        entry_id=new_id("aud"),
        sponsor=sponsor,
        at=now,
        action="audit.exported",
        subject=sponsor,
        service_version=trail.service_version,
        changes=tuple(Changed(field=name, new=json.dumps(value)) for name, value in what.items()),
        **msgspec.structs.asdict(by),
    )
    trail.happenings.enter(entry)


def export(trails: Trails, sponsor: str, key: Key, withholding: Withholding, now: datetime) -> Iterator[bytes]:
    """Yield the lines of an export: every chain with its checkpoints, and a signed last line saying where they end."""
    said = {
        "sponsor": sponsor,
        "at": instant(now),
        "blinded": withholding.blinded,
        "redacted": list(withholding.fields),
    }
    yield line("export", said)
    heads: dict[str, Head] = {}
    for service, trail in trails.items():
        for kind, record in _in_order(trail, sponsor):
            if kind == "entry":
                heads[service] = record["seq"], record["hash"]
            yield line(kind, withholding.of(record) if kind == "entry" else record)
    chains = {service: {"seq": seq, "hash": ended} for service, (seq, ended) in heads.items()}
    yield line("end", key.sign(EXPORT_TAG, {**said, "chains": chains}))


def _in_order(trail: Trail, sponsor: str) -> Iterator[tuple[str, Document]]:
    """Yield a chain's entries, each followed by the checkpoints of its place."""
    checkpoints = list(trail.ledger.checkpoints(sponsor))
    for entry in trail.ledger.entries(sponsor):
        yield "entry", entry
        while checkpoints and checkpoints[0]["seq"] <= entry["seq"]:
            yield "checkpoint", checkpoints.pop(0)
    yield from (("checkpoint", each) for each in checkpoints)


def line(kind: str, record: Any) -> bytes:
    """Return a line of an export."""
    return json.dumps({"kind": kind, **record}, ensure_ascii=False, default=str).encode() + b"\n"
