"""Passwords are long, not known to everybody, and kept so that they cannot be read back (OWASP ASVS 5.0, 6.2; 11.4.2).

No rule asks for kinds of characters: what is refused is what everybody would try.
"""

import re
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST, LONGEST = 12, 200
_ONE_TIME_BYTES = 15
_FEW = 5  # different characters: "aaaaaaaaaaab" has two
# OWASP's Password Storage Cheat Sheet: argon2id, 19 MiB, two passes, one lane; a signature asks for it each time.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS = _HASHER.hash(secrets.token_urlsafe(_ONE_TIME_BYTES))
_ALIKE = str.maketrans("013457@$!", "oieastasi")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiop")
_WORDS = (
    *("password", "passwort", "passw", "pass", "word", "motdepasse", "contrasena", "secret", "letmein", "welcome"),
    *("admin", "administrator", "user", "test", "login", "signin", "guest", "root", "default", "changeme", "change"),
    *("qwerty", "qwertz", "azerty", "asdfgh", "zxcvbn", "qwe", "asd", "zxc", "abc", "xyz", "iloveyou", "love", "you"),
    *("monkey", "dragon", "football", "baseball", "basketball", "sunshine", "princess", "superman", "batman", "master"),
    *("shadow", "michael", "jennifer", "jordan", "charlie", "ashley", "daniel", "trustno", "starwars", "pokemon"),
    *("freedom", "whatever", "hello", "computer", "internet", "summer", "winter", "spring", "autumn", "january"),
    *("february", "march", "april", "june", "july", "august", "september", "october", "november", "december"),
    *("monday", "friday", "sunday", "company", "safety", "pharma", "drug", "pharmacovigilance", "vigilance", "dayzero"),
    *("my", "the", "is", "me", "i", "a", "new", "this", "please", "super", "good", "one", "two", "three", "it", "in"),
)


def hashed(password: str) -> str:
    """Return what is kept of a password: argon2id with a salt of its own."""
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Say whether a password is the one kept; where none is kept the work is the same, and the answer no."""
    try:
        return _HASHER.verify(kept or _NOBODYS, password[: LONGEST + 1]) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


def one_time() -> str:
    """Return a password for one sign-in, 120 random bits."""
    return secrets.token_urlsafe(_ONE_TIME_BYTES)


def weakness(password: str, name: str) -> str | None:
    """Say in words what is wrong with a new password; None: nothing."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters: a few words that do not belong together are good."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if len(set(password)) < _FEW or _is_common(password, name):
        return "This is among the first that somebody would try; use words that do not belong together."
    return None


def _is_common(password: str, name: str) -> bool:
    """Say whether nothing is left of it but well-known words, runs of the keyboard, the user's name, and figures."""
    words = sorted({*_WORDS, *re.findall(r"[a-z]{3,}", name.lower())}, key=len, reverse=True)
    known = re.compile("|".join([*(re.escape(word) for word in words), r"[\W\d_]"]))
    runs = [run[i : i + 4] for run in _RUNS for i in range(len(run) - 3)]
    for letters in (password.lower(), password.lower().translate(_ALIKE)):
        left = known.sub("", letters)
        for run in [*runs, *(run[::-1] for run in runs)]:
            left = left.replace(run, "")
        if len(left) < 4:
            return True
    return False
