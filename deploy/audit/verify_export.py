#!/usr/bin/env python3
"""Checks an export of a sponsor's audit trail, offline, without anything of the company that made it.

    python3 verify_export.py EXPORT.ndjson --key PUBLIC.pem --checkpoint HELD.ndjson

Needs Python 3.11 and the package cryptography. --key is the company's public key, as it was given to you once and not
with this file; --checkpoint is a checkpoint that you hold from earlier: only it tells of a trail that was written anew.
Exit code 0: the trail is whole. 1: it is not, and where. 2: this could not be checked, and why.

How it is hashed and signed (SHA-256, Ed25519, JSON in the form of RFC 8785; tags end with a zero byte):
a field's commitment = H("dayzero/audit/field/1" salt value); an entry's hash = H("dayzero/audit/entry/1"
{commitments, prev, seq, service, sponsor}); a signature is over "dayzero/audit/checkpoint/1", or
"dayzero/audit/export/1" for the last line, and everything of the line but kind, public_key and signature.
key_id = the first 32 digits of H(public_key).
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

FIELD, ENTRY = b"dayzero/audit/field/1\x00", b"dayzero/audit/entry/1\x00"
CHECKPOINT, EXPORT = b"dayzero/audit/checkpoint/1\x00", b"dayzero/audit/export/1\x00"
BEFORE_FIRST = "0" * 64
SALT_BYTES = 16
LARGEST = 2**53 - 1
SIGNED = {"key_id", "public_key", "signature"}
FORMS = {  # every line says exactly this: what no hash covers could be written there by anybody
    "export": {"sponsor", "at", "blinded", "redacted"},
    "entry": {"service", "sponsor", "seq", "prev", "fields", "hash"},
    "checkpoint": {"service", "sponsor", "seq", "hash", "at"} | SIGNED,
    "end": {"sponsor", "at", "blinded", "redacted", "chains"} | SIGNED,
}
SHOWN = 20  # faults of a chain that are told; the rest is counted

Record = dict[str, Any]


class Unusable(Exception):
    """This cannot be checked; the words say what to give instead."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, and at which position of which service's chain."""

    service: str
    seq: int
    words: str


@dataclass
class Chain:
    """What has been seen of a service's chain."""

    seq: int = 0
    hash: str = BEFORE_FIRST
    count: int = 0
    withheld: int = 0  # entries of which something is
    covered: int = 0  # up to where a checkpoint reaches
    covered_at: str = ""
    awaited: dict[int, list[Record]] = field(default_factory=lambda: defaultdict(list))  # checkpoints, by position


def canonical(value: Any) -> str:
    """Return JSON in the form of RFC 8785. Raises ValueError for what this trail never holds, as 1.5."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int) and abs(value) <= LARGEST:
        return str(value)
    if isinstance(value, list):
        return f"[{','.join(map(canonical, value))}]"
    if isinstance(value, dict):
        names = sorted(value, key=None if "".join(value).isascii() else lambda name: name.encode("utf-16-be"))
        return f"{{{','.join(f'{encode_basestring(name)}:{canonical(value[name])}' for name in names)}}}"
    raise ValueError(f"{type(value).__name__} is no value of an audit trail")


def digest(tag: bytes, value: Any) -> str:
    """Return the tagged SHA-256 of a value."""
    return sha256(tag + canonical(value).encode()).hexdigest()


def commitment(said: Mapping[str, Any]) -> str:
    """Return what a field commits to. Raises ValueError where it has no such form."""
    if said.keys() == {"commitment"}:
        return str(said["commitment"])
    if said.keys() != {"salt", "value"} or len(salt := bytes.fromhex(said["salt"])) != SALT_BYTES:
        raise ValueError("a field has neither salt and value nor a commitment")
    return digest(FIELD + salt, said["value"])


def hash_of(entry: Record) -> str:
    """Return the hash that an entry must carry. Raises ValueError."""
    hashed = {name: entry[name] for name in ("service", "sponsor", "seq", "prev")}
    hashed["commitments"] = {name: commitment(said) for name, said in entry["fields"].items()}
    return digest(ENTRY, hashed)


class Verifier:
    """Looks at one line after the other and remembers no more than where each chain stands."""

    def __init__(self, sponsor: str, keys: Iterable[str] = (), held: Iterable[Record] = ()) -> None:
        """``keys`` are the public keys to be trusted, as hexadecimal digits; none: whatever came with the file."""
        self.sponsor = sponsor
        self.named = {public: key_id(public) for public in keys}
        self.used: set[str] = set()
        self.chains: dict[str, Chain] = defaultdict(Chain)
        self.faults: list[Fault] = []
        for each in held:
            self.checkpoint(each, "the checkpoint that you hold ")

    def entry(self, entry: Record) -> None:
        """Look at an entry."""
        service, seq = str(entry.get("service")), _position(entry)
        chain = self.chains[service]
        chain.count += 1
        if seq <= chain.seq:
            return self._fault(service, seq, f"stands after position {chain.seq}: inserted, repeated or out of order")
        if words := self._not_whole(entry):
            self._fault(service, seq, words)
        if seq > chain.seq + 1:
            self._fault(service, chain.seq + 1, f"{_positions(chain.seq + 1, seq - 1)} missing: removed, or reordered")
        elif entry.get("prev") != chain.hash:
            self._fault(service, seq, f"does not follow position {chain.seq}: one of them was inserted or changed")
        chain.withheld += _is_withheld(entry.get("fields"))
        chain.seq, chain.hash = seq, str(entry.get("hash"))
        for each in chain.awaited.pop(seq, ()):
            self._compare(chain, each)
        return None

    def checkpoint(self, record: Record, whose: str = "a checkpoint ") -> None:
        """Look at a checkpoint."""
        service, seq = str(record.get("service")), _position(record)
        if words := self._not_signed(record, CHECKPOINT):
            return self._fault(service, seq, f"{whose}{words}")
        chain, told = self.chains[service], {**record, "whose": whose}
        if seq > chain.seq:
            chain.awaited[seq].append(told)
        elif seq == chain.seq:
            self._compare(chain, told)
        else:
            self._fault(service, seq, f"{whose}stands after position {chain.seq}: out of order")
        return None

    def end(self, header: Record, record: Record) -> None:
        """Look at the last line, which says where each chain ends."""
        if words := self._not_signed(record, EXPORT):
            return self._fault("the export", 0, f"its last line {words}")
        if {name: record[name] for name in FORMS["end"] & FORMS["export"]} != {
            name: header.get(name) for name in FORMS["end"] & FORMS["export"]
        }:
            self._fault("the export", 0, "its first line was changed: the last one, which is signed, says otherwise")
        for service, said in record["chains"].items():
            chain = self.chains[service]
            if said["seq"] > chain.seq:
                words = f"cut: the export, as signed, ended at position {said['seq']}, this file ends at {chain.seq}"
                self._fault(service, chain.seq + 1, words)
            elif (said["seq"], said["hash"]) != (chain.seq, chain.hash):
                words = f"the export, as signed, ended at position {said['seq']} with another entry"
                self._fault(service, chain.seq, words)
        for service in sorted(self.chains.keys() - record["chains"].keys()):
            self._fault(service, 1, "the export, as signed, had no such chain")
        return None

    def finish(self) -> None:
        """Look at what should have come."""
        for service, chain in self.chains.items():
            for seq, records in sorted(chain.awaited.items()):
                if seq > chain.seq:
                    words = (
                        f"cut: the chain ends at {chain.seq}, {records[0]['whose']}of {records[0]['at']} covers {seq}"
                    )
                    self._fault(service, chain.seq + 1, words)

    def _compare(self, chain: Chain, record: Record) -> None:
        if record["hash"] == chain.hash:
            chain.covered, chain.covered_at = max(chain.covered, chain.seq), str(record["at"])
            return
        words = (
            f"{record['whose']}of {record['at']} has another hash for it: rewritten here or since {chain.covered + 1}"
        )
        self._fault(record["service"], chain.seq, words)

    def _not_whole(self, entry: Record) -> str:
        if entry.get("sponsor") != self.sponsor:
            return f"is of the trail of {entry.get('sponsor')}, not of {self.sponsor}"
        if words := _deformed(entry, "entry"):
            return words
        try:
            found = hash_of(entry)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            return f"was changed: it cannot be hashed ({error})"
        return "" if found == entry["hash"] else "was changed: its hash is not that of what it says"

    def _not_signed(self, record: Record, tag: bytes) -> str:
        if words := _deformed(record, "checkpoint" if tag == CHECKPOINT else "end"):
            return words
        if record["sponsor"] != self.sponsor:
            return f"is of the trail of {record['sponsor']}, not of {self.sponsor}"
        public = str(record["public_key"])
        if self.named and public not in self.named:
            named = " and ".join(sorted(self.named.values()))
            return (
                f"is signed by a key that you did not name ({record['key_id']}, not {named}); after a change, name both"
            )
        said = {name: value for name, value in record.items() if name not in {"kind", "public_key", "signature"}}
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
            key.verify(bytes.fromhex(record["signature"]), tag + canonical(said).encode())
        except (InvalidSignature, ValueError, TypeError, RecursionError):
            return "is forged: its signature does not fit what it says"
        self.used.add(public)
        return "" if key_id(public) == record["key_id"] else "names another key than the one that signed it"

    def _fault(self, service: str, seq: int, words: str) -> None:
        self.faults.append(Fault(service, seq, words))


def key_id(public: str) -> str:
    """Return the short name of a public key."""
    return sha256(bytes.fromhex(public)).hexdigest()[:32]


def public_key(path: Path) -> str:
    """Return the public key of a PEM file. Raises Unusable."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except ValueError as error:
        raise Unusable(
            f"{path} holds no public key in PEM; ask the company for its: dayzero audit public-key"
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise Unusable(f"{path} holds a key of another kind than Ed25519")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def held_in(path: Path) -> list[Record]:
    """Return the checkpoints of a file. Raises Unusable."""
    records = list(_records(path.read_bytes().splitlines()))
    if not records or any(record.get("kind") != "checkpoint" for record in records):
        raise Unusable(f"{path} holds no checkpoints; take them with: dayzero audit checkpoint")
    return records


def verify(lines: Iterable[bytes], keys: Iterable[str] = (), held: Iterable[Record] = ()) -> Verifier:
    """Look at the lines of an export. Raises Unusable where they are none."""
    records = _records(lines)
    header = next(records, {})
    if header.get("kind") != "export" or _deformed(header, "export"):
        raise Unusable(
            "this is no export of an audit trail: its first line does not say so; make one with: dayzero audit export"
        )
    verifier, end = Verifier(str(header["sponsor"]), keys, held), None
    for number, record in enumerate(records, 2):
        kind = record.get("kind")
        if end is not None or kind not in {"entry", "checkpoint", "end"}:
            verifier.faults.append(Fault("the export", 0, f"line {number} does not belong there"))
        elif kind == "end":
            end = record
        else:
            (verifier.entry if kind == "entry" else verifier.checkpoint)(record)
    if end is None:
        verifier.faults.append(Fault("the export", 0, "its last line is missing, which says where it ends: cut"))
    else:
        verifier.end(header, end)
    verifier.finish()
    return verifier


def report(verifier: Verifier) -> Iterator[str]:
    """Say what was found, in words."""
    yield f"Audit trail of {verifier.sponsor}"
    for service, chain in sorted(verifier.chains.items()):
        faulty = any(fault.service == service for fault in verifier.faults)
        withheld = f", {chain.withheld} of them with fields withheld" if chain.withheld else ""
        yield f"{service}: {chain.count} entries{withheld}, {'NOT WHOLE' if faulty else 'whole'}; {_covered(chain)}"
    for service in sorted({fault.service for fault in verifier.faults}):
        faults = [fault for fault in verifier.faults if fault.service == service]
        for fault in faults[:SHOWN]:
            yield f"  {service}{f' {fault.seq}' if fault.seq else ''}: {fault.words}"
        if len(faults) > SHOWN:
            yield f"  {service}: and {len(faults) - SHOWN} more faults"
    if not verifier.named:
        ids = ", ".join(sorted(map(key_id, verifier.used))) or "none"
        yield f"Signed by the key that came with it ({ids}): name the one that you were given, with --key"
    yield f"{len(verifier.faults)} faults: this is not the trail that was written." if verifier.faults else "Whole."


def _covered(chain: Chain) -> str:
    if not chain.covered:
        return "no checkpoint covers any of it" if chain.count else "nothing to cover"
    left = chain.seq - chain.covered
    told = f"the checkpoint of {chain.covered_at} covers it up to {chain.covered}"
    return f"{told}, {left} later ones have none yet" if left > 0 else told


def _deformed(record: Record, kind: str) -> str:
    found, wanted = record.keys() - {"kind"}, FORMS[kind]
    if missing := sorted(wanted - found):
        return f"was changed: {missing[0]} is missing"
    return f"was changed: {min(found - wanted)} is covered by no hash" if found - wanted else ""


def _position(record: Record) -> int:
    seq = record.get("seq")
    return seq if isinstance(seq, int) and not isinstance(seq, bool) else 0


def _is_withheld(fields: Any) -> bool:
    said = fields.values() if isinstance(fields, dict) else ()
    return any(isinstance(each, dict) and "commitment" in each for each in said)


def _positions(first: int, last: int) -> str:
    return f"position {first} is" if first == last else f"positions {first} to {last} are"


def _records(lines: Iterable[bytes]) -> Iterator[Record]:
    for line in lines:
        try:
            record = _DECODER.decode(line.decode())
        except (ValueError, RecursionError) as error:
            record = {"kind": f"unreadable: {error}"}
        yield record if isinstance(record, dict) else {"kind": "no object"}


def _once(pairs: list[tuple[str, Any]]) -> Record:
    """Two readers could see two values of a name that stands twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no value of an audit trail")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)


def main(arguments: list[str] | None = None) -> int:
    """Check one export."""
    parser = argparse.ArgumentParser(description="Check an export of a sponsor's audit trail, offline.")
    parser.add_argument("export", type=Path, help="the file that dayzero audit export wrote")
    parser.add_argument("--key", type=Path, action="append", default=[], help="the public key that you were given, PEM")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="a checkpoint that you hold")
    given = parser.parse_args(arguments)
    try:
        keys = [public_key(path) for path in given.key]
        held = [record for path in given.checkpoint for record in held_in(path)]
        with given.export.open("rb") as file:
            verifier = verify(file, keys, held)
    except (Unusable, OSError) as error:
        sys.stderr.write(f"verify_export: {error}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in report(verifier))
    return int(bool(verifier.faults))


if __name__ == "__main__":
    sys.exit(main())
