"""The pages: queue, case, and what waits for a person. Server-rendered, without scripts."""

from collections.abc import Callable
from typing import Any

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from shared.problem import Problem
from triage.decide import Refusal
from triage.domain.case import Case
from triage.ports import Conflict
from triage.review import presenting
from triage.review.api import found, loaded
from triage.review.schemas import ActionSchema, AmendmentSchema, ListSchema
from triage.review.services import Services

ACTIONS = {"approve", "return", "amend"}


def blueprint(services: Services) -> Blueprint:
    """Return the pages and the style sheet that they use."""
    pages = Blueprint("pages", __name__, template_folder="templates", static_folder="static")
    pages.app_template_filter("words")(presenting.words)

    @pages.get("/")
    def queue() -> str:
        asked = loaded(ListSchema(), {name: value for name, value in request.args.items() if value})
        scopes, today = services.scopes(), services.clock.now().date()
        cases = services.worklist.list(scopes, asked.get("sponsor"), asked.get("status"), asked["limit"])
        rows = [(case, presenting.due(case.due, today)) for case in cases]
        view = {"rows": rows, "scopes": scopes, "statuses": presenting.statuses(), "asked": asked, "today": today}
        return render_template("queue.html", **view)

    @pages.get("/cases/<case_id>")
    def case(case_id: str) -> str:
        return _page(services, case_id)

    @pages.post("/cases/<case_id>/<action>")
    def act(case_id: str, action: str) -> Answer | tuple[str, int]:
        if action not in ACTIONS:
            raise Problem(404, "not-found", "Not found", "There is no such action.")
        try:
            _do(services, case_id, action, request.form.to_dict())
        except (Refusal, Conflict, Problem) as error:
            errors, status = _told(error)
            return _page(services, case_id, errors, request.form.to_dict(), action), status
        return redirect(url_for("pages.case", case_id=case_id), 303)

    @pages.get("/parked")
    def parked() -> str:
        return render_template("parked.html", items=services.worklist.parked(services.scopes()))

    return pages


def _page(
    services: Services, case_id: str, errors: Any = (), typed: dict[str, str] | None = None, action: str = ""
) -> str:
    case, version = found(lambda: services.worklist.get(case_id, services.scopes()))
    today = services.clock.now().date()
    return render_template(
        "case.html",
        case=case,
        version=version,
        due=presenting.due(case.due, today),
        content=presenting.content_rows(version),
        unconfirmed=presenting.unconfirmed(case),
        today=today,
        errors=errors,
        typed=typed or {},
        action=action,
    )


def _do(services: Services, case_id: str, action: str, form: dict[str, str]) -> Case:
    number = form.pop("revision", "")
    revision = int(number) if number.isdigit() and len(number) < 10 else -1
    acting = services.acting()
    simple: dict[str, Callable[..., Case]] = {"approve": services.decide.approve, "return": services.decide.give_back}
    try:
        if action in simple:
            return simple[action](case_id, revision, acting, loaded(ActionSchema(), form)["reason"])
        change = loaded(AmendmentSchema(), form)
        value = _value(change["value"])
        return services.decide.amend(case_id, revision, acting, change["reason"], change["pointer"].strip(), value)
    except LookupError as error:
        raise Problem(404, "not-found", "Not found", "There is no such case in your scope.") from error


def _value(typed: str) -> Any:
    """JSON where it is JSON, the words themselves where it is not: nobody should have to quote a date."""
    try:
        return msgspec.json.decode(typed)
    except (msgspec.DecodeError, RecursionError):
        return typed


def _told(error: Refusal | Conflict | Problem) -> tuple[list[tuple[str, str]], int]:
    """Return (anchor, words) for the error summary, and the status."""
    if isinstance(error, Refusal):
        return [("reason", words) for _, _, words in error.reasons] or [("reason", str(error))], 409
    if isinstance(error, Conflict):
        return [("reason", f"Somebody changed the case meanwhile: {error}. Read it again below.")], 412
    listed: Any = error.document.get("errors", [])
    return [(str(e["pointer"]).lstrip("#/"), e["words"]) for e in listed] or [("reason", str(error))], error.status
