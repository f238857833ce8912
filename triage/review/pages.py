"""The pages: queue, case, and what waits for a person. Server-rendered, without scripts."""

from flask import Blueprint, g, render_template
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from shared.problem import Problem
from triage.completeness import waiting
from triage.domain.identity import Permission
from triage.review import (
    admin_pages,
    asking,
    assessing,
    audit,
    blinded,
    browsing,
    case_page,
    parked_page,
    presenting,
    provider_pages,
    sign_in_pages,
)
from triage.review.access import needs
from triage.review.api import listed, wanted
from triage.review.services import Services

_PLACES = (
    ("Queue", "pages.queue", Permission.CASE_READ),
    ("Waiting for a person", "pages.parked", Permission.PARKED_READ),
    ("Audit trail", "pages.audit", Permission.AUDIT_READ),
    ("Users", "pages.users", Permission.USERS_ADMINISTER),
)
MOST_COUNTED = 10_000  # of one status: an index is read that far within a few milliseconds


def blueprint(services: Services) -> Blueprint:
    """Return the pages and the style sheet that they use."""
    pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static")
    pages.app_template_filter("words")(presenting.words)
    pages.app_context_processor(_on_every_page)
    pages.register_error_handler(Problem, _problem)
    pages.register_error_handler(HTTPException, _http_error)

    @pages.get("/")
    @needs(Permission.CASE_READ)
    def queue() -> str:
        return _queue(services)

    sign_in_pages.add_to(pages, services)
    provider_pages.add_to(pages, services)
    admin_pages.add_to(pages, services)
    parked_page.add_to(pages, services)
    case_page.add_to(pages, services)
    assessing.add_to(pages, services)
    blinded.add_to_pages(pages, services)
    audit.add_to_pages(pages, services)
    return pages


def _on_every_page() -> dict[str, object]:
    user = g.get("user")
    places = [(words, endpoint) for words, endpoint, needed in _PLACES if user and user.scopes(needed)]
    return {"user": user, "places": places, "csrf": _csrf}


def _csrf() -> Markup:
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(browsing.csrf_token())


def _queue(services: Services) -> str:
    page = listed(services)
    scopes, today = services.scopes(Permission.CASE_READ), services.clock.now().date()
    sponsor = page.asked.get("sponsor")
    counts = services.worklist.counts(scopes, sponsor, MOST_COUNTED, services.unblinded)
    asked = services.worklist.count_to_ask(scopes, sponsor, today, MOST_COUNTED, services.unblinded)
    return render_template(
        "queue.html",
        rows=[(case, presenting.due(case.due, today), asking.shown(case, today)) for case in page.cases],
        tabs=presenting.tabs(counts, MOST_COUNTED),
        names=services.decide.destination_names(),
        waiting=waiting,
        to_ask=page.asked["to_ask"],
        to_ask_count=presenting.counted(asked, MOST_COUNTED),
        blinded_count=services.worklist.count_blinded(blinded.scopes(services), sponsor, MOST_COUNTED),
        scopes=scopes,
        sponsor=sponsor,
        status=page.asked.get("status"),
        following=wanted() | {"after": page.next} if page.next else None,
        paged="after" in page.asked,
        today=today,
    )


def _problem(problem: Problem) -> tuple[str, int, dict[str, str]]:
    """A person gets a page where a script gets a problem document."""
    document = problem.document
    listed = document.get("errors", [])
    return render_template("problem.html", problem=document, listed=listed), problem.status, problem.headers


def _http_error(error: HTTPException) -> tuple[str, int]:
    document = {"title": error.name, "detail": error.description}
    return render_template("problem.html", problem=document, listed=[]), error.code or 500
