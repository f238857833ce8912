"""The form says a report in the words of ``POST /v1/reports``, and nothing that was not answered (DOMAIN 4)."""

import json
from collections.abc import Iterator
from typing import Any

from intake.domain.records import Draft
from intake.form import reading
from intake.form.fields import NONE, Field, Group, Page, Typed, first
from intake.form.questions import MEDICINES, PAGES, PRIVACY_NOTICE, REACTIONS
from shared.ids import derived_id

START = "start"  # what the draft notes at its beginning
NOTICE_SHOWN = {"privacy-notice": [PRIVACY_NOTICE]}
_SINGLE = ("who", "patient", "story", "reporter", "contact")
_NOTHING: Typed = {}


def content_of(draft: Draft) -> bytes:
    """Return the body of ``POST /v1/reports``: the same bytes for the same answers."""
    return json.dumps(report_of(draft), ensure_ascii=False, sort_keys=True).encode(errors="backslashreplace")


def report_of(draft: Draft) -> dict[str, Any]:
    """Return the report that the answers are.

    The case id is the form's own number of this draft, so that two people who say the same are not taken for one.
    """
    parts = {name: _parts(draft, name) for name in ("patient", "reporter", "case")}
    notice = first(draft.answers.get(START, _NOTHING), "privacy-notice")
    report = {
        "sponsor": draft.sponsor_stated,
        "sender": {"case_id": derived_id("form", draft.draft_id)},
        "patient": parts["patient"],
        "reporters": [{**parts["reporter"], "privacy_notice": notice}],
        "reactions": list(_items(draft, REACTIONS)),
        "drugs": list(_items(draft, MEDICINES)),
        **parts["case"],
    }
    return {name: said for name, said in report.items() if said}


def says_enough(draft: Draft) -> bool:
    """Say whether something stands under medicine or what happened: the least that a person can look into."""
    report = report_of(draft)
    return any(report.get(name) for name in ("drugs", "reactions", "narrative"))


def key(slug: str, number: int | None = None) -> str:
    """Return the name under which a draft keeps a page."""
    return slug if number is None else f"{slug}-{number}"


def numbers(draft: Draft, group: Group) -> list[int]:
    """Return the numbers of the items of which something was said."""
    found = {
        int(number)
        for slug, _, number in (name.rpartition("-") for name, typed in draft.answers.items() if typed)
        if slug in group.pages
    }
    return sorted(found)


def _items(draft: Draft, group: Group) -> Iterator[dict[str, Any]]:
    for number in numbers(draft, group):
        pages = [(PAGES[slug], draft.answers.get(key(slug, number), _NOTHING)) for slug in group.pages]
        yield _said([(field, typed) for page, typed in pages for field in page.fields])


def _parts(draft: Draft, part: str) -> dict[str, Any]:
    pages = [(PAGES[slug], draft.answers.get(slug, _NOTHING)) for slug in _SINGLE]
    return _said([(field, typed) for page, typed in pages for field in page.fields if _part(field, page) == part])


def _part(field: Field, page: Page) -> str:
    return field.part or page.part


def _said(asked: list[tuple[Field, Typed]]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for field, typed in asked:
        value = reading.value(field, typed)
        if value is not None:
            said.update(_criteria(value) if field.name == "serious" else {field.name: value})
        elif field.name == "serious" and NONE in typed.get(field.name, []):
            said["serious"] = False
    not_known = [field.name for field, typed in asked if reading.is_not_known(field, typed)]
    return {**said, "not_known": not_known} if not_known else said


def _criteria(chosen: list[str]) -> dict[str, Any]:
    return {"serious": True, "criteria": chosen}
