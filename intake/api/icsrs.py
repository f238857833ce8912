"""``POST /v1/icsrs`` and ``GET /v1/icsrs/{id}``: a file of E2B(R3) messages, and what became of each of them.

The answer to a file is its acknowledgement (ICH E2B(R3) guide v5.03, section 4), whatever that says of its messages;
only a body that is no readable batch is a problem document.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for

from intake.api.authentication import Door
from intake.api.over_http import arrival_of, at_site, problem_of
from intake.domain.arrival import Arrival
from intake.domain.icsr.files import HeldFile, MessageEntry
from intake.domain.scope import Scope
from intake.receive_icsrs import Answered
from intake.refuse import Refused
from shared.problem import Problem


def blueprint(
    receive: Callable[[Arrival], Answered | Refused],
    find: Callable[[Scope, str], HeldFile | None],
    door: Door,
    limit: int,
) -> Blueprint:
    """Return the routes for whom ``door`` lets in; ``find`` returns a file within a scope; ``limit`` is in bytes."""
    icsrs = Blueprint("icsrs", __name__, url_prefix="/v1/icsrs")
    door.guards(icsrs)

    @icsrs.post("")
    @door.guesses
    def post_file() -> Response:
        outcome = receive(arrival_of(door(), limit, sponsor=request.args.get("sponsor")))
        return _acknowledgement(outcome) if isinstance(outcome, Answered) else problem_of(outcome, "file").response()

    @icsrs.get("/<file_id>")
    @door.guesses
    def get_file(file_id: str) -> Response:
        held = door().sees(find, file_id, lambda found: found.receipts[0].actor)
        if held is None:
            raise Problem(404, "unknown-file", "Unknown file", "There is no file with this id.")
        return _status(held)

    return icsrs


def _acknowledgement(answered: Answered) -> Response:
    response = Response(answered.answer.acknowledgement, 200, content_type="application/xml; charset=utf-8")
    response.headers["Location"] = url_for("icsrs.get_file", file_id=answered.file_id)
    response.headers["X-Content-Type-Options"] = "nosniff"
    if answered.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _status(held: HeldFile) -> Response:
    told: dict[str, Any] = {
        "file_id": held.file_id,
        "received_at": at_site(held.receipts[0]),
        "zone": held.receipts[0].zone,
        "sponsor": held.sponsor,
        "receipts": len(held.receipts),
        "messages": [],
    }
    if held.answer is not None:
        told["code"] = held.answer.code
        told["messages"] = [_message(entry) for entry in held.answer.messages]
    response = jsonify(told)
    response.headers["Cache-Control"] = "no-store"
    return response


def _message(entry: MessageEntry) -> dict[str, Any]:
    told: dict[str, Any] = {"number": entry.number, "code": entry.code, "repeat": entry.repeat}
    if entry.report_id is not None:
        told["report_id"] = entry.report_id
        told["status_url"] = url_for("reports.get_report", report_id=entry.report_id)
    if entry.refusal_id is not None:
        told["refusal_id"] = entry.refusal_id
    return told
