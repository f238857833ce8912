"""Identifiers: unguessable where a stranger may hold one, derived where redelivery must find the same one again."""

import hashlib
import ssl
from base64 import b32encode


def new_id(kind: str) -> str:
    """Return an unguessable identifier, 130 random bits behind a readable kind: ``rep_k3v…``."""
    # OpenSSL's generator, for os.urandom lets another thread run at each call: a third of the time of a busy intake
    return f"{kind}_{_letters(ssl.RAND_bytes(17))}"


def derived_id(kind: str, *parts: str) -> str:
    """Return the one identifier that belongs to these parts; the same parts give the same identifier for ever."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return f"{kind}_{_letters(digest[:17])}"


def sha256(content: bytes) -> str:
    """Return the SHA-256 of the content as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _letters(content: bytes) -> str:
    return b32encode(content).decode().rstrip("=").lower()
