"""A person judges whether a drug caused an event; scales support her and never set what is sent (GVP VI.B.2).

What she answers is worked out and kept nowhere. What she judges is the sponsor's opinion, made by an amendment, beside
those of others (G.k.9.i.2.r). Answers are clinical data: they come in a body, never in a URL.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answered

from shared.contracts.clinical import CaseContent
from shared.contracts.code_lists import CausalityResult
from shared.problem import Problem
from triage.domain.blinding import Blinded
from triage.domain.case import Case
from triage.domain.causality import assessments
from triage.domain.causality_scales import CRITERIA, NARANJO, Answer
from triage.domain.identity import Permission
from triage.domain.nullification import refuse_void
from triage.domain.refusal import Refusal
from triage.domain.sponsor_opinion import earlier, judgement, suspect_places
from triage.ports import Conflict
from triage.review import blinded, presenting, scales
from triage.review.access import needs
from triage.review.acting import told
from triage.review.naming import missing
from triage.review.reading import body_of, form_of, json_of, loaded
from triage.review.schemas import LONGEST_METHOD, LONGEST_REASON, JudgementSchema, ScalesSchema
from triage.review.services import Services

Read = TypeVar("Read")

_SCALES = ("naranjo", "who_umc")  # of a form's field ``naranjo-objective``, the part before the dash
_ANSWERED = {*(f"naranjo-{each.name}" for each in NARANJO), *(f"who_umc-{each}" for each in CRITERIA)}
_FIELDS = {"result", "method", "own_method", "reason"} | _ANSWERED
_RESULTS = {
    CausalityResult.RELATED: "Related: there is a reasonable possibility",
    CausalityResult.NOT_RELATED: "Not related: there is no reasonable possibility",
}


class Asked(msgspec.Struct, frozen=True):
    """A case that may be judged, and which event with which drug is asked for."""

    case: Case
    content: CaseContent
    event: int
    drug: int


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed, and what is wrong with it."""

    typed: dict[str, str] = {}
    errors: tuple[presenting.FieldError, ...] = ()


def add_to(pages: Blueprint, services: Services) -> None:
    """Add the page, and what its two buttons do."""

    @pages.get("/cases/<case_id>/causality")
    @needs(Permission.CASE_AMEND)
    def causality(case_id: str) -> str:
        try:
            return _page(_asked(services, case_id), Attempt())
        except Blinded as error:
            return blinded.page_of(services, error)

    @pages.post("/cases/<case_id>/causality")
    @needs(Permission.CASE_AMEND)
    def work_out(case_id: str) -> str | tuple[str, int]:
        form, asked = form_of(), _acting(lambda: _asked(services, case_id))
        try:
            loaded(ScalesSchema(), _answers(form))
        except Problem as error:
            return _refused(asked, form, error)
        return _page(asked, Attempt(typed=form))

    @pages.post("/cases/<case_id>/causality/record")
    @needs(Permission.CASE_AMEND)
    def record(case_id: str) -> Answered | tuple[str, int]:
        form, asked = form_of(), _acting(lambda: _asked(services, case_id))
        try:
            _record(services, asked, form)
        except (Refusal, Conflict, Problem) as error:
            return _refused(asked, form, error)
        return redirect(url_for("pages.case", case_id=case_id), 303)


def add_to_api(api: Blueprint, services: Services) -> None:
    """Add the scales for scripts; a judgement is an amendment there too."""

    @api.post("/cases/<case_id>/causality")
    @needs(Permission.CASE_AMEND)
    def causality(case_id: str) -> Response:
        _acting(lambda: _open(services, case_id))
        return json_of(scales.worked(loaded(ScalesSchema(), body_of())))


def _acting(read: Callable[[], Read]) -> Read:
    """Return what is acted on. Raises Problem 403, 404 or 409."""
    try:
        return read()
    except Blinded as error:
        raise blinded.refusal() from error


def _asked(services: Services, case_id: str) -> Asked:
    """Return what is asked for. Raises Blinded, Problem 404, or 409 where nothing is judged any more."""
    case, content = _open(services, case_id)
    try:
        event = _place("event", range(len(content.reactions)))
        return Asked(case, content, event, _place("drug", suspect_places(content)))
    except LookupError as error:
        raise missing() from error


def _open(services: Services, case_id: str) -> tuple[Case, CaseContent]:
    scopes = services.scopes(Permission.CASE_AMEND)
    try:
        case, version = blinded.seen(services, lambda: services.worklist.get(case_id, scopes, services.unblinded))
        refuse_void(case)
    except LookupError as error:
        raise missing() from error
    except Refusal as error:
        raise Problem(409, "refused", "The case does not allow this now", str(error)) from error
    return case, version.snapshot.content


def _place(name: str, among: Sequence[int]) -> int:
    """Return the place that the query names, or the first. Raises LookupError."""
    stated = request.args.get(name, str(among[0]) if among else "")
    return {str(each): each for each in among}[stated]


def _record(services: Services, asked: Asked, form: dict[str, str]) -> None:
    """Make the amendment. Raises Refusal, Conflict, or Problem 422."""
    said = loaded(JudgementSchema(), _answers(form) | _others(form))
    method, revision = _method(said), form.get("revision", "")
    edit = judgement(asked.content, asked.event, asked.drug, CausalityResult(said["result"]), method)
    if revision != str(asked.case.revision):  # the edit is of the content that was read
        raise Conflict(f"the case is at revision {asked.case.revision}, and another was read")
    acting = services.acting(Permission.CASE_AMEND)
    services.decide.amend(asked.case.id, asked.case.revision, acting, said["reason"], [edit])


def _method(said: dict[str, Any]) -> str | None:
    """Return what the method is called. Raises Problem 422 where that is not what the answers come to."""
    scale, own = said["method"], said["own_method"].strip()
    if scale and scale not in scales.worked(said).methods:
        raise _wrong("/method", "The answers are others than when this was worked out: work it out again, then choose.")
    if scale and own:
        raise _wrong("/own_method", "Choose a scale or write your own words, not both.")
    return scale or own or None


def _wrong(pointer: str, words: str) -> Problem:
    errors = [{"pointer": pointer, "rule": "field", "words": words}]
    return Problem(422, "fields", "Fields need attention", "See errors for each field.", errors)


def _answers(form: dict[str, str]) -> dict[str, Any]:
    given = [(name.partition("-"), value) for name, value in form.items() if name.partition("-")[0] in _SCALES]
    return {scale: {name: value for (of, _, name), value in given if of == scale} for scale in _SCALES}


def _others(form: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in form.items() if name.partition("-")[0] not in {*_SCALES, "revision"}}


def _refused(asked: Asked, form: dict[str, str], error: Refusal | Conflict | Problem) -> tuple[str, int]:
    reasons, status = told(error)
    typed = form if not isinstance(error, Conflict) else form | {"revision": ""}
    errors = tuple(presenting.FieldError(field=_field(pointer), words=words) for pointer, words in reasons)
    return _page(asked, Attempt(typed=typed, errors=errors)), status


def _field(pointer: str) -> str:
    """Return the id of the field that a pointer means; one into the case is of what she judged."""
    name = pointer[1:].replace("/", "-")
    if name in _FIELDS:
        return name
    return "result" if pointer.startswith("/reactions") else "reason"


def _page(asked: Asked, attempt: Attempt) -> str:
    reaction, drug = asked.content.reactions[asked.event], asked.content.drugs[asked.drug]
    return render_template(
        "causality.html",
        case=asked.case,
        pair={"event": asked.event, "drug": asked.drug},
        events=[(i, scales.event_name(each, i)) for i, each in enumerate(asked.content.reactions)],
        drugs=[(i, scales.drug_name(asked.content.drugs[i], i)) for i in suspect_places(asked.content)],
        event=scales.event_name(reaction, asked.event),
        drug=scales.drug_name(drug, asked.drug),
        event_course=scales.course_of_event(reaction),
        drug_course=scales.course_of_drug(drug),
        is_named=bool(drug.name),
        opinions=assessments(reaction, drug.name),
        earlier=earlier(reaction, drug.name),
        questions=NARANJO,
        answers=list(Answer),
        groups=scales.GROUPS,
        criteria=CRITERIA,
        results=_RESULTS,
        worked=_worked(attempt.typed),
        points=scales.signed,
        in_words=scales.in_words,
        longest_method=LONGEST_METHOD,
        longest_reason=LONGEST_REASON,
        typed=attempt.typed,
        errors=attempt.errors,
    )


def _worked(typed: dict[str, str]) -> scales.Worked | None:
    """Work out what was answered; None where nothing was sent yet, or not all of it can be read."""
    try:
        return scales.worked(loaded(ScalesSchema(), _answers(typed))) if typed else None
    except Problem:
        return None
