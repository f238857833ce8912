"""One case: why it stands as it does, and the three things that a physician does with it, each with a reason.

What cannot be done comes back on the page, beside what was typed; what was done answers 303, so that a reload of the
page does it once.
"""

from typing import Any

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from shared.problem import Problem
from triage.completeness import waiting
from triage.domain.blinding import Blinded
from triage.domain.case import Case
from triage.domain.identity import Permission
from triage.domain.refusal import Refusal
from triage.domain.sponsor_opinion import suspect_places
from triage.ports import Conflict
from triage.review import asking, audit, blinded, presenting
from triage.review import received as as_received
from triage.review.access import needs
from triage.review.acting import ACTIONS, guarded, perform, told
from triage.review.api import case_seen
from triage.review.naming import missing
from triage.review.reading import form_of
from triage.review.schemas import LONGEST_POINTER
from triage.review.services import Services

_FIELDS = {"reason", "pointer", "value", "password", "totp", "means", "outcome", "ask_again", "no_more"}
_SECRET = {"password", "totp"}  # never sent back to a page
_EDITS = {"amend", "downgrade"}


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

    for name, action in ACTIONS.items():

        def view(case_id: str, name: str = name) -> Answer | tuple[str, int]:
            return act(case_id, name)

        may = guarded(services, action, view)
        pages.add_url_rule(f"/cases/<case_id>/{action.path}", f"case_{name}", may, methods=["POST"])

    def act(case_id: str, action: str) -> Answer | tuple[str, int]:
        form = form_of()
        try:
            _do(services, case_id, action, form)
        except (Refusal, Conflict, Problem) as error:
            reasons, status = told(error)
            errors = _errors(reasons, action)
            # After a conflict the page shows the case anew, and its revision counts; else the one that was read.
            kept = {field: value for field, value in form.items() if field not in _SECRET}
            typed = kept if not isinstance(error, Conflict) else kept | {"revision": ""}
            return _page(services, case_id, Attempt(action=action, typed=typed, errors=errors)), status
        return redirect(url_for("pages.case", case_id=case_id), 303)


def _page(services: Services, case_id: str, attempt: Attempt) -> str:
    try:
        case, version = case_seen(services, case_id)
    except Blinded as error:
        return blinded.page_of(services, error)
    history = services.worklist.history(case)
    return render_template(
        "case.html",
        case=case,
        version=version,
        history=history,
        parked=services.worklist.parked(services.scopes(Permission.PARKED_READ), case.id, services.unblinded),
        due=presenting.due(case.due, services.clock.now().date()),
        task=asking.shown(case, services.clock.now().date()),
        whom=asking.whom(version.snapshot.content),
        inquiry_means=asking.MEANS,
        inquiry_outcomes=asking.OUTCOMES,
        sections=presenting.sections(version.snapshot.content, version.snapshot.derived),
        received=as_received.received(version.snapshot, services.decide.authorities(case.sponsor)),
        differences=presenting.differences(history),
        decided=presenting.decided(version.decisions),
        names=services.decide.destination_names(),
        masked=presenting.masked(services.decide.authorities(case.sponsor)),
        unconfirmed=presenting.unconfirmed(case),
        sources=presenting.SOURCES,
        may=[name for name, each in ACTIONS.items() if services.user.may(each.permission, case.sponsor)],
        has_suspects=bool(suspect_places(version.snapshot.content)),
        blinded_drugs=[(i, drug) for i, drug in enumerate(version.snapshot.content.drugs) if drug.blinded],
        waits_for_completion=waiting(case),
        trail=audit.of_case(services, case),
        signer=presenting.signer(services.opened, services.clock.now()),
        signed=presenting.signed(case, history),
        action=attempt.action,
        typed=attempt.typed,
        errors=attempt.errors,
    )


def _do(services: Services, case_id: str, action: str, form: dict[str, str]) -> Case:
    said: dict[str, Any] = {name: value for name, value in form.items() if name != "revision"}
    if action in _EDITS and "value" in said:
        said["value"] = _value(said["value"])
    if action == "unblind":
        said = _allocated(said)
    try:
        return perform(services, action, case_id, _revision(form.get("revision", "")), said)
    except LookupError as error:
        raise missing() from error


def _allocated(form: dict[str, Any]) -> dict[str, Any]:
    """Of each drug the form has what it was, and whether that is placebo."""
    said = {name: value for name, value in form.items() if "-" not in name}
    places = [name.removeprefix("given-") for name in form if name.startswith("given-")]
    said["allocations"] = [
        {"drug": int(place), "name": form[f"given-{place}"], "placebo": form.get(f"placebo-{place}") == "yes"}
        for place in places
        if place.isdecimal() and len(place) < 4
    ]
    return said


def _revision(stated: str) -> int:
    return int(stated) if stated.isdecimal() and len(stated) < 10 else -1


def _value(typed: str) -> Any:
    """JSON where it is JSON, the words themselves where it is not: nobody should have to quote a date."""
    try:
        return msgspec.json.decode(typed)
    except (msgspec.DecodeError, RecursionError):
        return typed


def _errors(reasons: list[tuple[str, str]], action: str) -> tuple[presenting.FieldError, ...]:
    """A pointer into the case is no field of the form: of an amendment it is what stands in its first field."""
    otherwise = "pointer" if action in _EDITS else "reason"
    return tuple(
        presenting.FieldError(field=name if (name := pointer[1:]) in _FIELDS else otherwise, words=words)
        for pointer, words in reasons
    )
