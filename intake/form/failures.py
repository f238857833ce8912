"""Whatever is sent, the answer is a page in plain words, and what was typed is still in it where it can be."""

from flask import Blueprint, Response, redirect, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from intake.form import notices
from intake.form.drafting import Another, Closed, Gone, NotBegun, Sent, posted_reference
from intake.form.fields import Typed
from intake.form.journey import ORIGINS, Place
from intake.form.questions import PAGES
from intake.form.reading import typed_on
from intake.form.rendering import notice_page, question, unsaved
from intake.form.services import Services
from shared.problem import Problem


def add_to(form: Blueprint, services: Services) -> None:
    """Register what answers instead of a page."""
    form.register_error_handler(NotBegun, lambda _: redirect(url_for(".start"), 303))
    form.register_error_handler(Sent, _sent)
    form.register_error_handler(Another, _another)
    form.register_error_handler(Closed, _closed)
    form.register_error_handler(Gone, lambda _: notice_page(notices.EXPIRED))
    form.register_error_handler(CSRFError, _stale)
    form.register_error_handler(HTTPException, _refused)
    form.register_error_handler(Problem, _guarded)
    for kind in services.away:
        form.register_error_handler(kind, _away)

    def fault(error: Exception) -> Response:
        services.fault(error)
        return notice_page(notices.FAULT)

    form.register_error_handler(Exception, fault)


def asked_place() -> Place | None:
    """Return the page of questions that the request is about; None if it is about another."""
    given = request.view_args or {}
    if given.get("slug") not in PAGES:
        return None
    origin = request.args.get("from")
    return Place(slug=given["slug"], number=given.get("number"), origin=origin if origin in ORIGINS else None)


def _stale(error: CSRFError) -> Response:
    place = asked_place()
    if place is None:
        return notice_page(notices.STALE_ELSEWHERE)
    return question(place, _typed(place), posted_reference(), notices.STALE)


def _sent(error: Sent) -> Answer:
    """Lead to the confirmation; but a change that came too late is told to be one, and a second click is none."""
    if request.method != "POST" or request.endpoint == "form.send":
        return redirect(url_for(".sent"), 303)
    place = asked_place()
    return unsaved(notices.SENT_BEFORE, place, _typed(place), reference=error.report_id)


def _another(error: Another) -> Response:
    place = asked_place()
    return unsaved(notices.ANOTHER_BEGUN, place, _typed(place), newer=url_for(".check"))


def _closed(error: Closed) -> Response:
    place = asked_place()
    return unsaved(notices.BEING_SENT, place, _typed(place), check=url_for(".check"))


def _typed(place: Place | None) -> Typed:
    return typed_on(PAGES[place.slug], request.form) if place else {}


def _refused(error: HTTPException) -> Answer:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    return notice_page(notices.BY_STATUS.get(error.code or 0, notices.BAD))


def _guarded(problem: Problem) -> Response:
    status, title = problem.status, str(problem.document["title"])
    return notice_page(notices.Notice(status=status, title=title, words=str(problem)))


def _away(error: Exception) -> Response:
    """Say where to try again: not by repeating the post, but from the page that it was sent from."""
    return notice_page(notices.AWAY, again=request.full_path.rstrip("?"))
