"""Audit trails are available for review (21 CFR 11.10(e)); to blinded auditors without what discloses (DOMAIN 19)."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, render_template, request

from triage.domain.case import Case
from triage.domain.identity import Permission, User
from triage.domain.trail import Entered
from triage.review.access import needs
from triage.review.naming import missing, user_id
from triage.review.reading import json_of, loaded
from triage.review.schemas import TrailSchema
from triage.review.services import Services

_OF_CASE = 20  # entries shown on its page


class Page(msgspec.Struct, frozen=True):
    """Entries, the newest first; ``next`` is the position that the page behind it is before."""

    sponsor: str
    asked: dict[str, Any]
    entries: list[Entered]
    next: int | None
    users: list[User]


def add_to_pages(pages: Blueprint, services: Services) -> None:
    """Add the page."""

    @pages.get("/audit")
    @needs(Permission.AUDIT_READ)
    def audit() -> str:
        page = _listed(services)
        return render_template(
            "audit.html",
            page=page,
            sponsors=services.scopes(Permission.AUDIT_READ),
            users=[(user_id(user), user) for user in page.users],
            following=_following(page),
        )


def add_to_api(api: Blueprint, services: Services) -> None:
    """Add the list."""

    @api.get("/audit")
    @needs(Permission.AUDIT_READ)
    def audit() -> Response:
        page = _listed(services)
        response = json_of({"sponsor": page.sponsor, "entries": page.entries, "next": page.next})
        if page.next:
            response.headers["Link"] = f'<{request.path}?{urlencode(_following(page))}>; rel="next"'
        return response


def of_case(services: Services, case: Case) -> list[Entered]:
    """Return the newest entries of a case for who may read the trail."""
    if not services.user.may(Permission.AUDIT_READ, case.sponsor):
        return []
    return _read(services, case.sponsor, {"subject": case.id}, _OF_CASE, None)


def _listed(services: Services) -> Page:
    asked = loaded(TrailSchema(), {name: value for name, value in request.args.items() if value})
    scopes, limit = services.scopes(Permission.AUDIT_READ), asked["limit"]
    sponsor = asked.get("sponsor", scopes[0])
    if sponsor not in scopes:
        raise missing()
    users = services.administer.users((sponsor,))
    wanted: dict[str, str] = {name: asked[name] for name in ("subject", "action") if name in asked}
    if "by" in asked:
        wanted["actor"] = next((user.name for user in users if user_id(user) == asked["by"]), "")
    entries = _read(services, sponsor, wanted, limit, asked.get("before"))
    places = [each.seq for each in entries if each.seq is not None]
    return Page(sponsor, asked, entries, places[-1] if len(places) == limit else None, users)


def _read(services: Services, sponsor: str, wanted: dict[str, str], limit: int, before: int | None) -> list[Entered]:
    unblinded = sponsor in services.unblinded
    entries = services.trail.newest(sponsor, wanted, limit, before, unblinded=unblinded)
    if any(each.discloses for each in entries):
        services.unblind.seen_trail(sponsor, services.acting(Permission.AUDIT_READ))
    return entries


def _following(page: Page) -> dict[str, Any]:
    kept = {name: page.asked[name] for name in ("subject", "action", "by", "limit") if name in page.asked}
    return {"sponsor": page.sponsor} | kept | {"before": page.next}
