"""The review API: what the pages can do, for scripts; a case is changed at the revision that was read (If-Match)."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, Response, request
from marshmallow import Schema, ValidationError

from shared.contracts.parked_work import ParkedWork
from shared.messaging.parked import NotWaiting
from shared.messaging.replay import NotReplayable
from shared.problem import Problem
from triage.decide import Refusal
from triage.domain.amendment import Edit
from triage.domain.case import Case
from triage.ports import Conflict
from triage.review.schemas import ActionSchema, AmendmentSchema, AmendmentsSchema, ListSchema
from triage.review.services import Services

_ETAG = re.compile(r'"(\d+)"')
_JSON = "application/json"


def blueprint(services: Services) -> Blueprint:
    """Return the routes under ``/api``."""
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.get("/cases")
    def list_cases() -> Response:
        page = listed(services)
        response = _json({"cases": [summary(case) for case in page.cases], "next": page.next})
        if page.next:
            following = urlencode(wanted() | {"after": page.next})
            response.headers["Link"] = f'<{request.path}?{following}>; rel="next"'
        return response

    @api.get("/cases/<case_id>")
    def one_case(case_id: str) -> Response:
        return _case(services, case_id)

    @api.get("/cases/<case_id>/versions/<int:number>")
    def one_version(case_id: str, number: int) -> Response:
        return _json(found(lambda: services.worklist.version(case_id, number, services.scopes())))

    _add_parked(api, services)
    _add_actions(api, services)
    return api


def _add_parked(api: Blueprint, services: Services) -> None:
    @api.get("/parked")
    def parked() -> Response:
        return _json({"parked": services.worklist.parked(services.scopes())})

    @api.get("/parked/<work_id>")
    def parked_item(work_id: str) -> Response:
        return _json(found(lambda: services.worklist.parked_item(work_id, services.scopes())[0]))

    @api.post("/parked/<work_id>/<any(replay, close):action>")
    def parked_action(work_id: str, action: str) -> Response:
        try:
            return _json(parked_act(services, work_id, action, loaded(ActionSchema(), _body())["reason"]))
        except (NotWaiting, NotReplayable) as error:
            raise Problem(409, "refused", "The item does not allow this now", str(error)) from error


def _add_actions(api: Blueprint, services: Services) -> None:
    @api.post("/cases/<case_id>/approve")
    def approve(case_id: str) -> Response:
        body, revision = loaded(ActionSchema(), _body()), _revision()
        done(lambda: services.decide.approve(case_id, revision, services.acting(), body["reason"]))
        return _case(services, case_id)

    @api.post("/cases/<case_id>/return")
    def give_back(case_id: str) -> Response:
        body, revision = loaded(ActionSchema(), _body()), _revision()
        done(lambda: services.decide.give_back(case_id, revision, services.acting(), body["reason"]))
        return _case(services, case_id)

    @api.post("/cases/<case_id>/amend")
    def amend(case_id: str) -> Response:
        body = _body()
        asked, revision = loaded(AmendmentsSchema() if "changes" in body else AmendmentSchema(), body), _revision()
        edits = [Edit(each["pointer"], each["value"]) for each in asked.get("changes", [asked])]
        done(lambda: services.decide.amend(case_id, revision, services.acting(), asked["reason"], edits))
        return _case(services, case_id)


class Page(msgspec.Struct, frozen=True):
    """Cases by due date; ``next`` is the cursor of the page behind it, None where this is the last."""

    asked: dict[str, Any]
    cases: list[Case]
    next: str | None


def listed(services: Services) -> Page:
    """Return the page of cases that the request asks for. Raises Problem 422."""
    asked = loaded(ListSchema(), wanted())
    scopes, limit = services.scopes(), asked["limit"]
    cases = services.worklist.list(
        scopes, asked.get("sponsor"), asked.get("status"), limit + 1, asked.get("after")
    )  # one more, to know whether there is a next page
    shown = cases[:limit]
    return Page(asked, shown, f"{shown[-1].due or ''}~{shown[-1].id}" if len(cases) > limit else None)


def summary(case: Case) -> dict[str, Any]:
    """Return what the queue shows of a case."""
    plain: dict[str, Any] = msgspec.to_builtins(case)
    shown = (
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
    )
    decisions = [{name: d[name] for name in ("destination", "kind", "due")} for d in plain["decisions"]]
    return {name: plain[name] for name in shown} | {"version": case.current.number, "decisions": decisions}


def loaded(schema: Schema, given: Any) -> dict[str, Any]:
    """Return what a schema makes of what was given. Raises Problem 422 that names each field."""
    try:
        fields: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        named = _named("", error.normalized_messages())  # type: ignore[no-untyped-call]
        errors = [{"pointer": pointer, "rule": "field", "words": words} for pointer, words in named]
        raise Problem(422, "fields", "Fields need attention", "See errors for each field.", errors) from error
    return fields


def _named(pointer: str, messages: Any) -> Iterator[tuple[str, str]]:
    """Walk marshmallow's tree of messages, whose leaves are lists of words."""
    if isinstance(messages, dict):
        for name, below in messages.items():
            yield from _named(f"{pointer}/{name}", below)
    else:
        yield pointer, " ".join(messages)


def wanted() -> dict[str, str]:
    """Return the parameters of a list; an empty one, as a form sends it, asks for nothing."""
    return {name: value for name, value in request.args.items() if value}


def missing() -> Problem:
    """Return the one answer to what is not there and to what is not in scope: nobody learns which."""
    return Problem(404, "not-found", "Not found", "There is no such case or version in your scope.")


def found(read: Callable[[], Any]) -> Any:
    """Return what was read. Raises Problem 404, the same whatever the reason."""
    try:
        return read()
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
    act = services.replay.replay if action == "replay" else services.replay.close
    try:
        return act(work_id, services.scopes(), services.by(reason))
    except LookupError as error:
        raise missing() from error


def _case(services: Services, case_id: str) -> Response:
    case, version = found(lambda: services.worklist.get(case_id, services.scopes()))
    body = msgspec.to_builtins(case) | {"title": case.title, "current": msgspec.to_builtins(version)}
    body["snapshot"] = body["current"].pop("snapshot")
    response = _json(body)
    response.headers["ETag"] = f'"{case.revision}"'
    return response


def _json(body: Any) -> Response:
    return Response(msgspec.json.encode(body), content_type=_JSON)


def _body() -> Any:
    if request.mimetype != _JSON:
        raise Problem(415, "content-type", "Unsupported media type", f"Send {_JSON}.")
    try:
        body = msgspec.json.decode(request.get_data())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "json", "Not JSON", f"The body is not JSON: {error}.") from error
    if not isinstance(body, dict):
        words = "Send an object with a reason."
        errors = [{"pointer": "", "rule": "object", "words": words}]
        raise Problem(422, "fields", "Fields need attention", words, errors)
    return body


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
