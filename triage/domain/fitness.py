"""What a person amends is held to the limits of the form, as a report is: nothing is made up on the way (DOMAIN 4).

A code comes from the dictionary, whole; what was received stays as it was received; dates exist, countries are those of
ISO 3166-1, quantities are possible, text is what XML can carry.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from shared.contracts.clinical import CaseContent, Reaction
from shared.icsr.elements.g_dosage import Dosage
from shared.icsr.elements.h_narrative import Narrative
from shared.icsr.model.codes import COUNTRIES, NOT_XML
from shared.icsr.rules.walk import declared_element

_DATES = {"birth_date", "death_date", "onset", "end", "start"}
_COUNTRIES = {"country", "authorisation_country"}
_LIMITS = {  # the largest value that is possible at all; units as in shared.contracts.clinical
    ("age", "value"): 1_500_000.0,  # hours of 170 years
    ("patient", "weight_kg"): 700.0,
    ("patient", "height_cm"): 300.0,
    ("dose", "value"): 10.0 ** (declared_element(Dosage, "dose").max_length or 0) - 1,
    ("study", "type"): 3.0,  # C.5.4
}
_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_LONGEST = declared_element(Narrative, "case_narrative").max_length or 0
_NOT_REPORTED = Reaction()


class AmendmentError(Exception):
    """The change names no field, or gives it a value that it cannot have; the message says which and the cure.

    It never quotes the value: what a report says is told where it is asked for, and an error goes everywhere.
    """


def refuse_unfit(before: CaseContent, after: CaseContent, pointer: str) -> None:
    """Refuse a content that no report could have. Raises AmendmentError that names the field and the cure."""
    _refuse_what_is_not_a_persons(before, after, pointer)
    known = set(_stated(before))
    for path, value in _stated(after):
        if (path, value) not in known:  # what was reported oddly is a query, not the amender's fault
            _refuse_leaf(path, value)


def _refuse_what_is_not_a_persons(before: CaseContent, after: CaseContent, pointer: str) -> None:
    if before.received_from != after.received_from:
        raise AmendmentError(f"{pointer}: from whom the case was received is no question of choice")
    if before.nullified != after.nullified:
        raise AmendmentError(f"{pointer}: a case is nullified by two persons; propose it as a nullification")
    if before.received_icsr != after.received_icsr:
        raise AmendmentError(f"{pointer}: what was received stays as it was received; amend the case's own field")
    _refuse_other_identities(before, after, pointer)
    for i, reaction in enumerate(after.reactions):
        was = before.reactions[i] if i < len(before.reactions) else _NOT_REPORTED
        if reaction.coding != was.coding and pointer != f"/reactions/{i}/coding":
            raise AmendmentError(f'choose a term as a whole: amend /reactions/{i}/coding with {{"llt_code": "…"}}')
        if (reaction.received_coding, reaction.criteria_derived) != (was.received_coding, was.criteria_derived):
            raise AmendmentError(f"{pointer}: what was received stays as it was received; amend the field beside it")


def _refuse_other_identities(before: CaseContent, after: CaseContent, pointer: str) -> None:
    """A part may be taken out of the case whole; what it is of the received report is no question of choice."""
    for parts in ("reporters", "reactions", "drugs"):
        known, now = _identities(before, parts), _identities(after, parts)
        if pointer.endswith("/received_id") or not set(now) <= set(known) or len(set(now)) < len(now):
            words = "which part of the received report it is stays; leave received_id as it was, or out"
            raise AmendmentError(f"{pointer}: {words}")


def _identities(content: CaseContent, parts: str) -> list[str]:
    return [each.received_id for each in getattr(content, parts) if each.received_id is not None]


def _stated(content: CaseContent) -> Iterator[tuple[tuple[str, ...], Any]]:
    return _leaves((), msgspec.to_builtins(msgspec.structs.replace(content, received_icsr=None)))


def _refuse_leaf(path: tuple[str, ...], value: Any) -> None:
    name, pointer = path[-1], "/" + "/".join(path)
    if name in _DATES and not _is_date(value):
        raise AmendmentError(f"{pointer}: that is no date; give YYYY, YYYY-MM or YYYY-MM-DD")
    if name in _COUNTRIES and value not in COUNTRIES.values:
        raise AmendmentError(f"{pointer}: that is no country; give its ISO 3166-1 code of two letters, as DE")
    limit = _LIMITS.get((path[-2], name)) if len(path) > 1 else None
    if limit is not None and not 0 < value <= limit:
        raise AmendmentError(f"{pointer}: that is not possible; give a value above 0 and up to {limit:g}")
    if isinstance(value, str) and (NOT_XML.search(value) or len(value) > _LONGEST):
        raise AmendmentError(f"{pointer}: text has at most {_LONGEST} characters, and none that XML cannot carry")


def _is_date(value: str) -> bool:
    found = _PARTIAL_DATE.fullmatch(value)
    if found is None:
        return False
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return False
    return True


def _leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves((*path, name), item)
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _leaves((*path, str(i)), item)
    else:
        yield path, value
