"""The audit trail, read: what waits in its documents, then the ledger, the newest first (21 CFR 11.10(e))."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.audit.chain import values_of
from shared.audit.ledger import Ledger
from shared.audit.sequencer import Pending, Source, waiting
from shared.contracts.audit import Changed
from triage.domain.trail import Entered

_SAID = ("at", "actor", "authentication", "action", "subject", "reason", "service_version", "rule", "signature")


class MongoTrail:
    """``triage.ports.AuditTrail`` over the documents of triage and its ledger."""

    def __init__(self, ledger: Ledger | None, sources: Sequence[Source]) -> None:
        """Without a ledger only what waits for one is told."""
        self._ledger = ledger
        self._sources = sources

    def newest(
        self, sponsor: str, wanted: Mapping[str, str], limit: int, before: int | None, *, unblinded: bool
    ) -> list[Entered]:
        """Return entries before a position of the chain; what waits has none yet and comes with the first page."""
        pending = [] if before else self._pending(sponsor, wanted, unblinded=unblinded)
        found = self._ledger.newest(sponsor, wanted, limit, before, withheld=unblinded) if self._ledger else []
        kept = [_entered(each["seq"], values_of(each), unblinded=unblinded) for each in found]
        moved = {each["fields"]["entry_id"]["value"] for each in found}
        return [entered for entry_id, entered in pending if entry_id not in moved] + kept

    def _pending(self, sponsor: str, wanted: Mapping[str, str], *, unblinded: bool) -> list[tuple[str, Entered]]:
        found: list[Pending] = [
            each
            for source in self._sources
            for each in waiting(source.collection)
            if each.sponsor == sponsor and _is_wanted(each.fields, wanted, unblinded=unblinded)
        ]
        newest = sorted(found, key=lambda each: each.at, reverse=True)
        return [(each.entry_id, _entered(None, each.fields, unblinded=unblinded)) for each in newest]


def _is_wanted(fields: Mapping[str, Any], wanted: Mapping[str, str], *, unblinded: bool) -> bool:
    """A withheld entry answers no question: that it would match is told by its being there."""
    if wanted and fields["discloses"] and not unblinded:
        return False
    return all(fields.get(name) == value for name, value in wanted.items())


def _entered(seq: int | None, fields: Mapping[str, Any], *, unblinded: bool) -> Entered:
    if fields["discloses"] and not unblinded:
        return Entered(seq=seq, withheld=True)
    places = sorted({int(name.split("/")[1]) for name in fields if name.startswith("changes/")})
    said: dict[str, Any] = {name: fields.get(name) for name in _SAID}
    changes = tuple(_change(fields, place) for place in places)
    return Entered(seq=seq, discloses=bool(fields["discloses"]), roles=tuple(fields["roles"]), changes=changes, **said)


def _change(fields: Mapping[str, Any], place: int) -> Changed:
    field, old, new = (fields.get(f"changes/{place}/{part}") for part in ("field", "old", "new"))
    return Changed(field=str(field), old=old, new=new)
