"""One page after another, and back: from "Change" on a list or on the check page straight back there."""

from typing import Any

import msgspec
from flask import url_for

from intake.domain.records import Draft
from intake.form.body import key, numbers
from intake.form.fields import Group
from intake.form.questions import GROUPS, MEDICINES, MOST_ITEMS, REACTIONS, group_of

ORIGINS = ("check", *GROUPS)  # where "Change" may come from
_NEXT = {"patient": "story", "story": "reporter", "reporter": "contact"}
_BEFORE = {
    "medicines": "who",
    "reactions": "medicines",
    "patient": "reactions",
    "story": "patient",
    "reporter": "story",
    "contact": "reporter",
    "check": "contact",
}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the form: which one, of which item, and where "Change" was pressed, if it was."""

    slug: str
    number: int | None = None
    origin: str | None = None

    @property
    def key(self) -> str:
        """The name under which a draft keeps it."""
        return key(self.slug, self.number)

    @property
    def url(self) -> str:
        """Where it is."""
        return _url("answer" if self.number is None else "answer_item", self)


def after(place: Place, draft: Draft) -> str:
    """Return where "Continue" leads; an item whose later pages were never seen is finished first."""
    group = group_of(place.slug)
    if group and place.slug != group.pages[-1]:
        following = Place(slug=group.pages[-1], number=place.number, origin=place.origin)
        if place.origin is None or following.key not in draft.answers:
            return following.url
    if place.origin:
        return origin_url(place.origin)
    if group:
        return listing(group)
    if place.slug == "who":
        return entry(MEDICINES, draft)
    following_slug = _NEXT.get(place.slug)
    return Place(slug=following_slug).url if following_slug else url_for(".check")


def before(place: Place) -> str:
    """Return where "Back" leads. It asks no store: "Back" works while MongoDB is away."""
    group = group_of(place.slug)
    if place.origin and (not group or place.slug == group.pages[0]):
        return origin_url(place.origin)
    if group and place.slug != group.pages[0]:
        return Place(slug=group.pages[0], number=place.number, origin=place.origin).url
    if group and place.number != 1:
        return listing(group)
    return before_page(group.slug if group else place.slug)


def before_page(slug: str) -> str:
    """Return the page before one that has no items."""
    if slug == "who":
        return url_for(".start")
    earlier = _BEFORE[slug]
    return listing(GROUPS[earlier]) if earlier in GROUPS else Place(slug=earlier).url


def beyond(group: Group, draft: Draft) -> str:
    """Return where "Continue" on a list leads."""
    return entry(REACTIONS, draft) if group is MEDICINES else Place(slug="patient").url


def entry(group: Group, draft: Draft) -> str:
    """Return where a group begins: its first item, or its list if it has some."""
    return listing(group) if numbers(draft, group) else Place(slug=group.pages[0], number=1).url


def listing(group: Group) -> str:
    """Return the page that lists a group."""
    return url_for(".items", listed=group.slug)


def adding(group: Group, draft: Draft, origin: str | None = None) -> str | None:
    """Return where one more is added; None if there are as many as a report can hold."""
    number = max(numbers(draft, group), default=0) + 1
    return Place(slug=group.pages[0], number=number, origin=origin).url if number <= MOST_ITEMS else None


def origin_url(origin: str) -> str:
    """Return the page where "Change" was pressed."""
    return url_for(".check") if origin == "check" else listing(GROUPS[origin])


def _url(endpoint: str, place: Place) -> str:
    said: dict[str, Any] = {"number": place.number} if place.number else {}
    if place.origin:
        said["from"] = place.origin  # a word of Python's, so no keyword here
    return url_for(f".{endpoint}", slug=place.slug, **said)
