"""A chain alone can be written anew by whoever owns the database: a signed checkpoint, held elsewhere, tells of it.

Ed25519 (RFC 8032), by a key that no database holds. A checkpoint says: at this moment the chain of this sponsor at this
service ended at this position, with this hash.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

CHECKPOINT_TAG = b"dayzero/audit/checkpoint/1\x00"
EXPORT_TAG = b"dayzero/audit/export/1\x00"
_KEY_ID_DIGITS = 32

Document = dict[str, Any]


class UnusableKey(ValueError):
    """The file is not the key that is needed; the words say how to make one."""


class Key:
    """The key that signs."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        """Hold the key in memory."""
        self._private = private
        self._public = private.public_key()
        self.public = self._public.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        self.key_id = key_id(self.public)

    @classmethod
    def read(cls, path: Path) -> "Key":
        """Read a key from its PEM file. Raises UnusableKey, whose words never hold what is in the file."""
        cure = f"make one with: openssl genpkey -algorithm ed25519 -out {path}"
        try:
            private = load_pem_private_key(path.read_bytes(), password=None)
        except OSError as error:
            raise UnusableKey(f"{path}: {error.strerror}; {cure}") from error
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UnusableKey(f"{path} holds no private key in PEM without a password; {cure}") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise UnusableKey(f"{path} holds a key of another kind than Ed25519; {cure}")
        return cls(private)

    def public_pem(self) -> str:
        """Return the public key as PEM: what a sponsor keeps."""
        return self._public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")

    def sign(self, tag: bytes, statement: Mapping[str, Any]) -> Document:
        """Return the statement with key and signature."""
        signed = {**statement, "key_id": self.key_id}
        signature = self._private.sign(tag + rfc8785.dumps(signed)).hex()
        return {**signed, "public_key": self.public, "signature": signature}


def key_id(public: str) -> str:
    """Return the short name of a public key, which is its own hash: nobody can give it to another key."""
    return sha256(bytes.fromhex(public)).hexdigest()[:_KEY_ID_DIGITS]


def checkpoint(key: Key, service: str, sponsor: str, head: tuple[int, str], at: datetime) -> Document:
    """Return the signed checkpoint of a chain's end."""
    seq, ended = head
    statement = {"service": service, "sponsor": sponsor, "seq": seq, "hash": ended, "at": instant(at)}
    return key.sign(CHECKPOINT_TAG, statement)


def instant(at: datetime) -> str:
    """Return an instant as it is signed: UTC, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
