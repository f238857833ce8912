"""One case: why it stands as it does, and the three things that a physician does with it, each with a reason.

What cannot be done comes back on the page, beside what was typed; what was done answers 303, so that a reload of the
page does it once.
"""

from typing import Any

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from shared.problem import Problem
from triage.decide import Refusal
from triage.domain.amendment import Edit
from triage.domain.case import Case
from triage.domain.identity import Permission
from triage.ports import Conflict
from triage.review import presenting
from triage.review import received as as_received
from triage.review.access import needs
from triage.review.api import found, missing
from triage.review.reading import form_of, loaded
from triage.review.schemas import LONGEST_POINTER, ActionSchema, AmendmentSchema
from triage.review.services import Services

_FIELDS = {"reason", "pointer", "value"}
_PERMISSIONS = {
    "approve": Permission.CASE_APPROVE,
    "return": Permission.CASE_RETURN,
    "amend": Permission.CASE_AMEND,
}


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed into which form, and what is wrong with it."""

    action: str = ""
    typed: dict[str, str] = {}
    errors: tuple[presenting.FieldError, ...] = ()


def add_to(pages: Blueprint, services: Services) -> None:
    """Add the case page and its forms."""

    @pages.get("/cases/<case_id>")
    @needs(Permission.CASE_READ)
    def case(case_id: str) -> str:
        pointer = request.args.get("amend", "")[:LONGEST_POINTER]
        return _page(services, case_id, Attempt(action="amend", typed={"pointer": pointer}))

    @pages.post("/cases/<case_id>/approve")
    @needs(Permission.CASE_APPROVE)
    def approve(case_id: str) -> Answer | tuple[str, int]:
        return act(case_id, "approve")

    @pages.post("/cases/<case_id>/return")
    @needs(Permission.CASE_RETURN)
    def give_back(case_id: str) -> Answer | tuple[str, int]:
        return act(case_id, "return")

    @pages.post("/cases/<case_id>/amend")
    @needs(Permission.CASE_AMEND)
    def amend(case_id: str) -> Answer | tuple[str, int]:
        return act(case_id, "amend")

    def act(case_id: str, action: str) -> Answer | tuple[str, int]:
        form = form_of()
        try:
            _do(services, case_id, action, form)
        except (Refusal, Conflict, Problem) as error:
            errors, status = _told(error, action)
            # After a conflict the page shows the case anew, and its revision counts; else the one that was read.
            typed = form if not isinstance(error, Conflict) else form | {"revision": ""}
            return _page(services, case_id, Attempt(action=action, typed=typed, errors=errors)), status
        return redirect(url_for("pages.case", case_id=case_id), 303)


def _page(services: Services, case_id: str, attempt: Attempt) -> str:
    case, version = found(lambda: services.worklist.get(case_id, services.scopes(Permission.CASE_READ)))
    return render_template(
        "case.html",
        case=case,
        version=version,
        history=services.worklist.history(case),
        parked=services.worklist.parked(services.scopes(Permission.PARKED_READ), subject=case.id),
        due=presenting.due(case.due, services.clock.now().date()),
        sections=presenting.sections(version),
        received=as_received.received(version.snapshot, services.decide.authorities()),
        unconfirmed=presenting.unconfirmed(case),
        sources=presenting.SOURCES,
        may=[action for action, needed in _PERMISSIONS.items() if services.user.may(needed, case.sponsor)],
        action=attempt.action,
        typed=attempt.typed,
        errors=attempt.errors,
    )


def _do(services: Services, case_id: str, action: str, form: dict[str, str]) -> Case:
    decide, acting = services.decide, services.acting(_PERMISSIONS[action])
    stated = {name: value for name, value in form.items() if name != "revision"}
    fields = loaded(AmendmentSchema() if action == "amend" else ActionSchema(), stated)
    revision, reason = _revision(form.get("revision", "")), fields["reason"]
    try:
        if action == "amend":
            edit = Edit(fields["pointer"].strip(), _value(fields["value"]))
            return decide.amend(case_id, revision, acting, reason, [edit])
        return (decide.approve if action == "approve" else decide.give_back)(case_id, revision, acting, reason)
    except LookupError as error:
        raise missing() from error


def _revision(stated: str) -> int:
    return int(stated) if stated.isdecimal() and len(stated) < 10 else -1


def _value(typed: str) -> Any:
    """JSON where it is JSON, the words themselves where it is not: nobody should have to quote a date."""
    try:
        return msgspec.json.decode(typed)
    except (msgspec.DecodeError, RecursionError):
        return typed


def _told(error: Refusal | Conflict | Problem, action: str) -> tuple[tuple[presenting.FieldError, ...], int]:
    """Return what the error summary says, and the status."""
    if isinstance(error, Conflict):
        words = f"Somebody changed the case meanwhile: {error}. It is shown as it is now; read it, then decide again."
        return (presenting.FieldError(field="reason", words=words),), 409
    if isinstance(error, Refusal):
        reasons = [(pointer, words) for pointer, _, words in error.reasons]
        return _errors(reasons or [("", str(error))], action), 409
    listed: Any = error.document.get("errors", [])
    return _errors([(e["pointer"], e["words"]) for e in listed] or [("", str(error))], action), error.status


def _errors(reasons: list[tuple[str, str]], action: str) -> tuple[presenting.FieldError, ...]:
    """A pointer into the case is no field of the form: of an amendment it is what stands in its first field."""
    otherwise = "pointer" if action == "amend" else "reason"
    return tuple(
        presenting.FieldError(field=name if (name := pointer[1:]) in _FIELDS else otherwise, words=words)
        for pointer, words in reasons
    )
