"""What a value says, in words: codes by their lists, nullFlavors by their meaning (ICH E2B(R3) v5.03, 3.3.6)."""

import re

from shared.icsr.element import Element
from shared.icsr.model.dates import TS
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment, Coded, Unparsed

NULL_FLAVORS = {
    NullFlavor.NI: "no information",
    NullFlavor.MSK: "known, but withheld for privacy",
    NullFlavor.UNK: "not known",
    NullFlavor.NA: "not applicable",
    NullFlavor.ASKU: "asked, but not known",
    NullFlavor.NASK: "not asked",
    NullFlavor.NINF: "minus infinity",
    NullFlavor.PINF: "plus infinity",
    NullFlavor.OTH: "another value than the list has",
}
_DATE = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\.\d+)?([+-]\d\d)?(\d\d)?")
_BETWEEN = ("", "-", "-", " ", ":", ":", "", " ", ":")


def meaning(element: Element, value: object) -> str | None:
    """Say what a value means, where that is not what it looks like; None where it is."""
    if isinstance(value, NullFlavor):
        return NULL_FLAVORS.get(value, "a nullFlavor of HL7 that ICH does not use")
    if isinstance(value, Unparsed):
        return "not in the format of the element"
    if isinstance(value, Coded):
        return f"from code list {value.system}" if value.system else "from a code list that is not named"
    known = element.codes.values.get(str(value)) if element.codes and isinstance(value, str) else None
    return known if known != value else None


def said(element: Element, value: object) -> str:
    """Give a value for a reader: date and time apart, yes and no, a code with its meaning, a document by its size."""
    words = meaning(element, value)
    text = _plain(value)
    if isinstance(value, NullFlavor):
        return f"{words} ({text})"
    return f"{text} ({words})" if words else text


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, TS):
        return readable(value)
    if isinstance(value, NullFlavor):
        return value.value
    if isinstance(value, Attachment):
        size = f"{len(value.content or '')} characters of {value.representation or 'text'}"
        return f"a document, {value.media_type or 'of no stated type'}, {size}"
    return str(value) or "no code"


def readable(value: TS) -> str:
    """A date with the precision it was reported with: 2026-04, 2026-04-01 12:00:00 +01:00."""
    parts = found.groups() if (found := _DATE.fullmatch(value.value)) else ()
    return "".join(sign + part for sign, part in zip(_BETWEEN, parts, strict=False) if part) or value.value
