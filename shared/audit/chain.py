"""Secure, computer-generated, time-stamped audit trails that obscure nothing recorded before (21 CFR 11.10(e)).

Each entry of a sponsor's chain names the hash of the one before it. The hash is taken over commitments to the fields,
not over the fields: a copy from which a field is withheld keeps its commitment, and verifies as the whole does.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import rfc8785

FIELD_TAG = b"dayzero/audit/field/1\x00"
ENTRY_TAG = b"dayzero/audit/entry/1\x00"
BEFORE_FIRST = "0" * 64  # what the first entry of a chain follows
SALT_BYTES = 16  # without it who knows the few values that a field can have would find the one withheld

# Of every entry, so that its shape does not tell what it has: entries of earlier versions lack some.
_ALWAYS: Mapping[str, Any] = {"roles": [], "rule": None, "signature": None, "discloses": False}
_LARGEST = 2**53 - 1  # RFC 8785: what every reader of JSON can hold

Document = dict[str, Any]
Salt = Callable[[], str]


def new_salt() -> str:
    """Return a salt that nobody can guess, as hexadecimal digits."""
    return secrets.token_hex(SALT_BYTES)


def fields_of(pending: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a pending audit entry by name, each change's parts by themselves: ``changes/0/new``.

    Whatever else an entry has is a field too: nothing that was written is left out of the chain.
    """
    said = {name: value for name, value in pending.items() if name not in {"sponsor", "changes"}}
    fields = {name: plain for key, value in {**_ALWAYS, **said}.items() for name, plain in _flat(key, value)}
    for number, change in enumerate(pending.get("changes") or ()):
        fields |= dict(_flat(f"changes/{number}", {"old": None, "new": None, **change}))
    return fields


def link(service: str, sponsor: str, seq: int, prev: str, fields: Mapping[str, Any], salt: Salt = new_salt) -> Document:
    """Return the ledger entry of these fields, at this place in the sponsor's chain."""
    salted = {name: {"salt": salt(), "value": value} for name, value in fields.items()}
    made = {"service": service, "sponsor": sponsor, "seq": seq, "prev": prev, "fields": salted}
    return {**made, "hash": hash_of(made)}


def chain(
    service: str, sponsor: str, after: tuple[int, str], entries: Iterable[Mapping[str, Any]], salt: Salt = new_salt
) -> list[Document]:
    """Return the ledger entries of these fields, one after the other, after a position and its hash."""
    made: list[Document] = []
    seq, prev = after
    for fields in entries:
        seq += 1
        made.append(link(service, sponsor, seq, prev, fields, salt))
        prev = made[-1]["hash"]
    return made


def commitment(field: Mapping[str, Any]) -> str:
    """Return a field's commitment: the one that a withheld field has left, or that of its salt and value."""
    if "commitment" in field:
        return str(field["commitment"])
    return sha256(FIELD_TAG + bytes.fromhex(field["salt"]) + rfc8785.dumps(field["value"])).hexdigest()


def hash_of(entry: Mapping[str, Any]) -> str:
    """Return the hash that an entry must carry."""
    hashed = {name: entry[name] for name in ("service", "sponsor", "seq", "prev")}
    hashed["commitments"] = {name: commitment(field) for name, field in entry["fields"].items()}
    return sha256(ENTRY_TAG + rfc8785.dumps(hashed)).hexdigest()


def follows(entry: Mapping[str, Any], before: tuple[int, str]) -> bool:
    """Say whether an entry is whole, and stands right after that position and hash."""
    seq, prev = before
    return (entry["seq"], entry["prev"]) == (seq + 1, prev) and hash_of(entry) == entry["hash"]


def withheld(entry: Document, names: Sequence[str] | None = None) -> Document:
    """Return an entry with commitments in place of the named fields and their parts; of all fields, where None."""
    kept = {
        name: {"commitment": commitment(field)} if names is None or _is_named(name, names) else field
        for name, field in entry["fields"].items()
    }
    return {**entry, "fields": kept}


def blinded(entry: Document) -> Document:
    """Return an entry as a blinded reader may have it: nothing of what discloses an allocation (DOMAIN 19)."""
    return withheld(entry) if entry["fields"]["discloses"].get("value") is not False else entry


def values_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a ledger entry without their salts; what is withheld is not among them."""
    return {name: field["value"] for name, field in entry["fields"].items() if "value" in field}


def _is_named(name: str, names: Sequence[str]) -> bool:
    return any(name == each or name.startswith(f"{each}/") for each in names)


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for part, within in value.items():
            yield from _flat(f"{name}/{part}", within)
    else:
        yield name, _plain(value)


def _plain(value: Any) -> Any:
    """Return a value as RFC 8785 has only one way to write it: so no number with a point, and instants in UTC."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    is_plain = value is None or isinstance(value, str | bool) or (isinstance(value, int) and abs(value) <= _LARGEST)
    return value if is_plain else str(value)
