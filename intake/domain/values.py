"""Leaf values are read strictly: nothing is coerced, for a coerced value was never reported (DOMAIN 4)."""

import math
import re
from enum import StrEnum

from intake.domain.countries import COUNTRIES, EUROPEAN_UNION
from intake.domain.findings import Finding, Read, refused
from intake.domain.text import is_legal, normal

_ILLEGAL = Finding(
    "illegal-character",
    "Characters that no report file can carry were replaced by U+FFFD; send the text again without them.",
)
MOST_AGE = 99999  # of any unit: D.2.2a has five digits
MOST_WEIGHT_KG = 1000
_LANGUAGE = re.compile("[a-z]{3}")
_UNIT = re.compile("[!-~]{1,50}")
_NOT_ISO = {"UK": "GB", "EL": "GR", "SU": "RU", "YU": "RS"}  # in use, never or no longer in ISO 3166-1


def text(value: object, limit: int) -> Read[str]:
    """Read text: NFC, illegal characters replaced, cut to ``limit`` characters. Blank text says nothing."""
    if not isinstance(value, str):
        return refused("text", "Write text in quotes.")
    kept = normal(value)
    found = () if is_legal(value) else (_ILLEGAL,)
    if len(kept) > limit:
        words = f"Cut to the {limit} characters that E2B(R3) has room for; the report as received has the rest."
        kept, found = kept[:limit].rstrip(), (*found, Finding("too-long", words))
    return kept or None, found


def identifier(value: object, limit: int) -> Read[str]:
    """Read an identifier byte for byte: a cut or mended one would be another identifier."""
    if not isinstance(value, str):
        return refused("text", "Write the identifier in quotes.")
    if not is_legal(value):
        return refused("illegal-character", "Send the identifier without control characters.")
    if len(value) > limit:
        return refused("too-long", f"Give an identifier of at most {limit} characters.")
    return (value if value.strip() else None), ()


def number(value: object, low: float, high: float) -> Read[float]:
    """Read a finite number from ``low`` to ``high``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return refused("number", "Write a plain number, without quotes or unit.")
    if not math.isfinite(value) or not low <= value <= high:
        return refused("range", f"Give a number from {low:g} to {high:g}.")
    return float(value), ()


def whole(value: object, low: int, high: int) -> Read[int]:
    """Read a whole number from ``low`` to ``high``."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        return refused("whole-number", f"Write a whole number from {low} to {high}, without quotes.")
    return value, ()


def truth(value: object) -> Read[bool]:
    """Read true or false."""
    return (value, ()) if isinstance(value, bool) else refused("boolean", "Write true or false, without quotes.")


def choice(value: object, values: type[StrEnum]) -> Read[str]:
    """Read one of the words of an enumeration."""
    if isinstance(value, str) and value in set(values):
        return str(value), ()
    return refused("choice", f"Write one of: {', '.join(values)}.")


def country(value: object, with_union: bool) -> Read[str]:
    """Read an ISO 3166-1 alpha-2 code; ``with_union`` also takes EU, where an authorisation can be the Union's."""
    if not isinstance(value, str):
        return refused("country", "Write the ISO 3166-1 alpha-2 code in quotes, for example CH.")
    if value in COUNTRIES or (with_union and value == EUROPEAN_UNION):
        return value, ()
    better = _NOT_ISO.get(value, value.upper())
    cure = f"Write {better}." if better in COUNTRIES else "Write the ISO 3166-1 alpha-2 code, for example CH."
    return refused("country", f"This is no ISO 3166-1 alpha-2 code. {cure}")


def language(value: object) -> Read[str]:
    """Read a language code in the form of ISO 639-2: three small letters."""
    if isinstance(value, str) and _LANGUAGE.fullmatch(value):
        return value, ()
    return refused("language", "Write the ISO 639-2 code: three small letters, for example deu.")


def unit(value: object) -> Read[str]:
    """Read a unit in the form of UCUM: printable ASCII without blanks."""
    if isinstance(value, str) and _UNIT.fullmatch(value):
        return value, ()
    return refused("unit", "Write the UCUM unit without blanks, for example mg or mg/kg; free words go to dose_text.")
