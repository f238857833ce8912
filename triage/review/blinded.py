"""What review shows of cases of blinded trials: all of it to who may know, and that is entered; else a blinded view.

The blinded view is the same whether or not the subject was unblinded (DOMAIN 19).
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, render_template, request

from shared.problem import Problem
from triage.domain.blinding import Blinded, BlindedCase
from triage.domain.case import Case, CaseVersion
from triage.domain.identity import Permission
from triage.review import presenting
from triage.review.access import needs
from triage.review.reading import json_of, loaded
from triage.review.schemas import BlindedListSchema
from triage.review.services import Services


class Page(msgspec.Struct, frozen=True):
    """Cases by receipt; ``next`` is the cursor of the page behind it."""

    asked: dict[str, Any]
    cases: list[BlindedCase]
    next: str | None


def seen(services: Services, read: Callable[[], tuple[Case, CaseVersion]]) -> tuple[Case, CaseVersion]:
    """Return what was read, and enter it where it shows what follows of an allocation."""
    case, version = read()
    services.unblind.seen(case, services.acting(Permission.CASE_READ))
    return case, version


def refusal() -> Problem:
    """Return the answer to who is blinded and asks for more, or acts."""
    words = "The case is of a blinded trial; it takes a role that may see treatment allocations."
    return Problem(403, "blinded", "Not for blinded eyes", words)


def scopes(services: Services) -> list[str]:
    """Return the sponsors to whose allocations the user is blinded."""
    return [each for each in services.scopes(Permission.CASE_READ) if each not in services.unblinded]


def page_of(services: Services, blinded: Blinded) -> str:
    """Return the page of a case as a blinded reader may see it."""
    view = services.worklist.blinded_view(blinded)
    parts = presenting.sections(view.content) if view.content else []
    return render_template("blinded_case.html", blinded=view, sections=parts)


def add_to_api(api: Blueprint, services: Services) -> None:
    """Add the list."""

    @api.get("/blinded")
    @needs(Permission.CASE_READ)
    def blinded() -> Response:
        page = _listed(services)
        response = json_of({"cases": page.cases, "next": page.next})
        if page.next:
            following = urlencode(request.args.to_dict() | {"after": page.next})
            response.headers["Link"] = f'<{request.path}?{following}>; rel="next"'
        return response


def add_to_pages(pages: Blueprint, services: Services) -> None:
    """Add the list."""

    @pages.get("/blinded")
    @needs(Permission.CASE_READ)
    def blinded() -> str:
        return render_template("blinded.html", page=_listed(services))


def _listed(services: Services) -> Page:
    asked = loaded(BlindedListSchema(), {name: value for name, value in request.args.items() if value})
    limit = asked["limit"]
    cases = services.worklist.blinded(scopes(services), asked.get("sponsor"), limit + 1, asked.get("after"))
    shown = list(cases[:limit])
    return Page(asked, shown, f"{shown[-1].received_at.isoformat()}~{shown[-1].id}" if len(cases) > limit else None)
