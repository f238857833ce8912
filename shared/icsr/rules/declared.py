"""Each element's own declaration is a rule (guide v5.03, section 3.4): conformance, length, format, allowed values,
allowed nullFlavors, precision.

Rule ids are `<authority>.<element id>.<what is wrong>`, such as ICH.C.1.1.missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import astuple
from decimal import Decimal

from shared.icsr.element import MANDATORY, REQUIRED, Element, lexical
from shared.icsr.model.codes import (
    MEDDRA_CODE,
    MEDDRA_VERSION,
    NOT_XML,
    NUMBER,
    SAFETY_REPORT_ID,
    WHOLE_NUMBER,
)
from shared.icsr.model.dates import TS
from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.oids import UID
from shared.icsr.model.values import MAX_TEXT, Attachment, Coded, Unparsed
from shared.icsr.rules.walk import Members, Occurrence, named


def check_occurrence(found: Occurrence | Members) -> Iterator[Issue]:
    """Yield what is wrong with one element, or with the number of one group's members."""
    if isinstance(found, Members):
        yield from _too_few(found)
        yield from _empty(found)
    elif found.value is None:
        yield from _missing(found)
    elif isinstance(found.value, NullFlavor):
        yield from _null_flavor(found, found.value)
    elif isinstance(found.value, found.element.kind):
        yield from _plain(found, found.value)
    else:
        yield from _of_another_kind(found)


def rule_id(element_id: str, wrong: str) -> str:
    """The id of a rule on one element; regional elements begin with their authority already."""
    return f"{element_id}.{wrong}" if element_id.startswith("FDA.") else f"ICH.{element_id}.{wrong}"


def _plain(found: Occurrence, value: object) -> Iterator[Issue]:
    if isinstance(value, Attachment):
        yield from _document(found, value)
        return
    for check in _CHECKS:
        yield from check(found, lexical(value))


def _document(found: Occurrence, document: Attachment) -> Iterator[Issue]:
    for content in astuple(document):
        yield from _characters(found, content or "")
    if len(document.content or "") > MAX_TEXT:
        yield _issue(found, "size", "is larger than receivers take (15 MB)", "Send it in parts, or by another way.")


def _of_another_kind(found: Occurrence) -> Iterator[Issue]:
    if isinstance(found.value, Unparsed):
        yield from _characters(found, found.value.text)
        yield _issue(found, "datatype", f"holds {found.value.text!r}, which is none", _FORMATS[found.element.kind])
    elif isinstance(found.value, Coded):
        yield from _coded(found, found.value)
    else:
        cure = f"Give a {found.element.kind.__name__}."
        yield _issue(found, "datatype", f"holds a {type(found.value).__name__}", cure)


def _coded(found: Occurrence, value: Coded) -> Iterator[Issue]:
    if not found.element.takes_other_lists or not (value.code or value.system):
        cure = "Give the code alone." if found.element.takes_other_lists else _FORMATS[found.element.kind]
        yield _issue(found, "datatype", f"holds {value.code!r} as a code of the list {value.system!r}", cure)
    elif value.system and not UID.fullmatch(value.system):
        cure = "Name the list by its OID, such as 2.16.840.1.113883.6.163."
        yield _issue(found, "system", f"names the code list {value.system!r}, which is no OID", cure)
    for content in (value.code, value.system):
        yield from _characters(found, content)
    yield from _length(found, value.code)


def _too_few(found: Members) -> Iterator[Issue]:
    group = found.group
    if found.count < group.least:
        yield Issue(
            Severity.ERROR,
            rule_id(group.id, "missing"),
            group.id,
            found.location,
            f"{group.id} ({group.name}): the message has none.",
            "Add at least one.",
        )


def _empty(found: Members) -> Iterator[Issue]:
    for index in found.empty:
        yield Issue(
            Severity.ERROR,
            rule_id(found.group.id, "empty"),
            found.group.id,
            f"{found.location}[{index}]",
            f"{found.group.id} ({found.group.name}): an entry says nothing, and would not be written.",
            "Fill it in, or take it out.",
        )


def _missing(found: Occurrence) -> Iterator[Issue]:
    if found.element.conformance in (MANDATORY, REQUIRED):
        nulls = _choice(found.element)
        cure = f"Give a value, or the nullFlavor {nulls} if the value is not known." if nulls else "Give a value."
        yield _issue(found, "missing", "has no value", cure)


def _null_flavor(found: Occurrence, flavor: NullFlavor) -> Iterator[Issue]:
    if flavor not in found.element.nulls:
        nulls = _choice(found.element)
        cure = f"Give a value, or one of: {nulls}." if nulls else "Give a value, or leave the element out."
        yield _issue(found, "null-flavor", f"does not allow the nullFlavor {flavor.value}", cure)


def _blank(found: Occurrence, content: str) -> Iterator[Issue]:
    if not content.strip():
        yield _issue(found, "blank", "holds white space only", "Give a value, or leave the element out.")


def _characters(found: Occurrence, content: str) -> Iterator[Issue]:
    if wrong := NOT_XML.search(content):
        yield _issue(
            found,
            "characters",
            f"holds U+{ord(wrong[0]):04X} at position {wrong.start() + 1}, which XML can't carry",
            "Take the character out, and keep the text as received beside the report.",
        )


def _length(found: Occurrence, content: str) -> Iterator[Issue]:
    most = found.element.max_length
    if most is not None and len(content) > most:
        yield _issue(
            found,
            "length",
            f"has {len(content)} characters of at most {most}",
            f"Shorten it to {most} characters; tell the rest in the narrative (H.1).",
        )


def _code(found: Occurrence, content: str) -> Iterator[Issue]:
    codes = found.element.codes
    if codes and content not in codes.values:
        some = ", ".join(codes.values) if len(codes.values) <= 10 else codes.name
        yield _issue(found, "code", f"holds {content!r}, which is not in its list", f"Choose from: {some}.")


def _form(found: Occurrence, content: str) -> Iterator[Issue]:
    pattern = found.element.pattern
    if pattern and not re.fullmatch(pattern, content, re.ASCII):
        yield _issue(found, "form", f"holds {content!r}, which has another form", f"Write {_PATTERNS[pattern]}.")


def _precision(found: Occurrence, _: str) -> Iterator[Issue]:
    least = found.element.precision
    if least is not None and isinstance(found.value, TS) and found.value.precision < least:
        yield _issue(
            found,
            "precision",
            f"is stated to the {found.value.precision.name.lower()} only",
            f"State it at least to the {least.name.lower()}.",
        )


_FORMATS: dict[object, str] = {
    TS: "Write CCYY[MM[DD[hhmmss[+ZZzz]]]], as far as the date is known.",
    Decimal: "Write a number with digits and at most one point.",
    bool: "Write true or false, or a nullFlavor if neither is known.",
    str: "Write it as text.",
    Attachment: "Attach the document itself.",
}
_PATTERNS = {
    MEDDRA_VERSION: "one or two digits, a point and a digit, such as 29.0",
    MEDDRA_CODE: "the eight digits of the code, without the term",
    SAFETY_REPORT_ID: "a country code, who sends it and a number, with hyphens between, such as SE-ORBIS-0001",
    NUMBER: "a number of digits with at most one point, such as 71.5",
    WHOLE_NUMBER: "a whole number of digits alone, such as 168",
}
_CHECKS: tuple[Callable[[Occurrence, str], Iterator[Issue]], ...] = (
    _blank,
    _characters,
    _length,
    _code,
    _form,
    _precision,
)


def _choice(element: Element) -> str:
    return ", ".join(flavor.value for flavor in NullFlavor if flavor in element.nulls)


def _issue(found: Occurrence, wrong: str, message: str, cure: str) -> Issue:
    element = found.element
    return Issue(
        Severity.ERROR,
        rule_id(element.id, wrong),
        element.id,
        found.location,
        f"{named(element)} {message}.",
        cure,
    )
