"""The review API: what the pages can do, for scripts; a case is changed at the revision that was read (If-Match)."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, request

from shared.contracts.parked_work import ParkedWork
from shared.messaging.parked import NotWaiting
from shared.messaging.replay import NotReplayable
from shared.problem import Problem
from triage.domain.blinding import Blinded
from triage.domain.case import Case, CaseVersion
from triage.domain.identity import Permission
from triage.domain.refusal import Refusal
from triage.domain.rulebook import Kind
from triage.ports import Conflict
from triage.review import assessing, audit, blinded, session_api
from triage.review.access import needs
from triage.review.acting import ACTIONS, guarded, perform
from triage.review.blinded import refusal, seen
from triage.review.naming import missing
from triage.review.reading import body_of, json_of, loaded
from triage.review.schemas import ActionSchema, ListSchema
from triage.review.services import Services

_ETAG = re.compile(r'"(\d+)"')


def blueprint(services: Services) -> Blueprint:
    """Return the routes under ``/api``."""
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.get("/cases")
    @needs(Permission.CASE_READ)
    def list_cases() -> Response:
        page = listed(services)
        response = json_of({"cases": [summary(case) for case in page.cases], "next": page.next})
        if page.next:
            following = urlencode(wanted() | {"after": page.next})
            response.headers["Link"] = f'<{request.path}?{following}>; rel="next"'
        return response

    @api.get("/cases/<case_id>")
    @needs(Permission.CASE_READ)
    def one_case(case_id: str) -> Response:
        return _case(services, case_id)

    @api.get("/cases/<case_id>/versions/<int:number>")
    @needs(Permission.CASE_READ)
    def one_version(case_id: str, number: int) -> Response:
        scopes = services.scopes(Permission.CASE_READ)
        read = found(
            lambda: seen(services, lambda: services.worklist.version(case_id, number, scopes, services.unblinded))
        )
        return json_of(read[1])

    session_api.add_to(api, services)
    blinded.add_to_api(api, services)
    audit.add_to_api(api, services)
    assessing.add_to_api(api, services)
    _add_parked(api, services)
    _add_actions(api, services)
    return api


def _add_parked(api: Blueprint, services: Services) -> None:
    @api.get("/parked")
    @needs(Permission.PARKED_READ)
    def parked() -> Response:
        return json_of(
            {"parked": services.worklist.parked(services.scopes(Permission.PARKED_READ), None, services.unblinded)}
        )

    @api.get("/parked/<work_id>")
    @needs(Permission.PARKED_READ)
    def parked_item(work_id: str) -> Response:
        scopes = services.scopes(Permission.PARKED_READ)
        return json_of(found(lambda: services.worklist.parked_item(work_id, scopes, services.unblinded)[0]))

    @api.post("/parked/<work_id>/<any(replay, close):action>")
    @needs(Permission.PARKED_ACT)
    def parked_action(work_id: str, action: str) -> Response:
        try:
            return json_of(parked_act(services, work_id, action, loaded(ActionSchema(), body_of())["reason"]))
        except (NotWaiting, NotReplayable) as error:
            raise Problem(409, "refused", "The item does not allow this now", str(error)) from error


def _add_actions(api: Blueprint, services: Services) -> None:
    for name, action in ACTIONS.items():

        def act(case_id: str, name: str = name) -> Response:
            done(lambda: perform(services, name, case_id, _revision(), body_of()))
            return _case(services, case_id)

        view = guarded(services, action, act)
        api.add_url_rule(f"/cases/<case_id>/{action.path}", name, view, methods=["POST"])


_SHOWN = (
    "id",
    "sponsor",
    "revision",
    "status",
    "title",
    "day_zero",
    "due",
    "obligations",
    "safety_report_id",
    "note",
    "priority",
)


class Page(msgspec.Struct, frozen=True):
    """Cases by due date or day to ask; ``next`` is the cursor of the page behind it, None where this is the last."""

    asked: dict[str, Any]
    cases: list[Case]
    next: str | None


def listed(services: Services) -> Page:
    """Return the page of cases that the request asks for. Raises Problem 422."""
    asked = loaded(ListSchema(), wanted())
    scopes, limit = services.scopes(Permission.CASE_READ), asked["limit"]
    to_ask = services.clock.now().date() if asked["to_ask"] else None
    cases = services.worklist.list(
        scopes, asked.get("sponsor"), asked.get("status"), limit + 1, asked.get("after"), services.unblinded, to_ask
    )  # one more, to know whether there is a next page
    shown = cases[:limit]
    return Page(asked, shown, _place(shown[-1], by_due=not to_ask) if len(cases) > limit else None)


def _place(last: Case, by_due: bool) -> str:
    day = last.due if by_due else last.task and last.task.ask_on
    return f"{day or ''}~{last.id}"


def summary(case: Case) -> dict[str, Any]:
    """Return what the queue shows of a case."""
    told = [decision for decision in case.decisions if decision.kind is not Kind.NONE]
    decisions = [{"destination": each.destination, "kind": each.kind, "due": each.due} for each in told]
    facts = {"version": case.current.number, "decisions": decisions, "task": case.task}
    return {name: getattr(case, name) for name in _SHOWN} | facts


def wanted() -> dict[str, str]:
    """Return the parameters of a list; an empty one, as a form sends it, asks for nothing."""
    return {name: value for name, value in request.args.items() if value}


def found(read: Callable[[], Any]) -> Any:
    """Return what was read. Raises Problem 404, the same whatever the reason, or 403 where the reader is blinded."""
    try:
        return read()
    except LookupError as error:
        raise missing() from error
    except Blinded as error:
        raise refusal() from error


def case_seen(services: Services, case_id: str) -> tuple[Case, CaseVersion]:
    """Return a case and its current version. Raises Problem 404, or Blinded."""
    scopes = services.scopes(Permission.CASE_READ)
    try:
        return seen(services, lambda: services.worklist.get(case_id, scopes, services.unblinded))
    except LookupError as error:
        raise missing() from error


def done(act: Callable[[], Case]) -> Case:
    """Do it. Raises Problem 404, 409 with the reasons, or 412 where somebody else was first."""
    try:
        return act()
    except LookupError as error:
        raise missing() from error
    except Conflict as error:
        raise Problem(412, "revision", "Somebody changed the case", f"{error}; read it again.") from error
    except Refusal as refusal:
        errors = [{"pointer": pointer, "rule": rule, "words": words} for pointer, rule, words in refusal.reasons]
        raise Problem(409, "refused", "The case does not allow this now", str(refusal), errors) from refusal


def parked_act(services: Services, work_id: str, action: str, reason: str) -> ParkedWork:
    """Replay or close a parked item. Raises Problem 404, NotWaiting or NotReplayable."""
    scopes = services.scopes(Permission.PARKED_ACT)
    found(lambda: services.worklist.parked_item(work_id, scopes, services.unblinded))
    act = services.replay.replay if action == "replay" else services.replay.close
    try:
        return act(work_id, scopes, services.by(reason))
    except LookupError as error:
        raise missing() from error


def _case(services: Services, case_id: str) -> Response:
    try:
        case, version = case_seen(services, case_id)
    except Blinded as error:
        return json_of({"blinded": services.worklist.blinded_view(error)})
    body = msgspec.to_builtins(case) | {"title": case.title, "current": msgspec.to_builtins(version), "task": case.task}
    body |= {name: body["current"].pop(name) for name in ("snapshot", "decisions")}  # of the head: without rules tried
    response = json_of(body)
    response.headers["ETag"] = f'"{case.revision}"'
    return response


def _revision() -> int:
    header = request.headers.get("If-Match")
    if header is None:
        raise Problem(
            428, "if-match", "If-Match required", 'Send the ETag of the case that you read, as If-Match: "3".'
        )
    match = _ETAG.fullmatch(header.strip())
    if match is None or len(match[1]) > 9:
        raise Problem(412, "revision", "Not a revision", 'If-Match is the ETag of the case, as "3".')
    return int(match[1])
