"""``POST /v1/reports`` and ``GET /v1/reports/{id}``: a durable receipt; the status of a report, not its content."""

from collections.abc import Callable
from typing import Any

import msgspec
from flask import Blueprint, Response, jsonify, request

from intake.api.authentication import Door
from intake.api.over_http import Origin, arrival_of, at_site, problem_of
from intake.domain.records import Held
from intake.domain.scope import Scope
from intake.receive import BODY_LIMIT, Accepted, Arrival, Refused
from shared.problem import Problem

__all__ = ["Origin", "blueprint"]


def blueprint(
    receive: Callable[[Arrival], Accepted | Refused],
    find: Callable[[Scope, str], Held | None],
    door: Door,
) -> Blueprint:
    """Return the routes for whom ``door`` lets in; ``find`` returns the report of an id within a scope."""
    reports = Blueprint("reports", __name__, url_prefix="/v1/reports")
    door.guards(reports)

    @reports.post("")
    @door.guesses
    def post_report() -> Response:
        strict = _prefers_strict(request.headers.getlist("Prefer"))
        outcome = receive(arrival_of(door(), BODY_LIMIT, strict))
        return _receipt(outcome) if isinstance(outcome, Accepted) else problem_of(outcome, "report").response()

    @reports.get("/<report_id>")
    @door.guesses
    def get_report(report_id: str) -> Response:
        held = door().sees(find, report_id, lambda found: found.receipts[0].receipt.actor)
        if held is None:
            raise Problem(404, "unknown-report", "Unknown report", "There is no report with this id.")
        return _status(held)

    return reports


def _prefers_strict(headers: list[str]) -> bool:
    wishes = ",".join(headers).lower().replace('"', "").replace(" ", "").split(",")
    return any(wish.partition(";")[0] == "handling=strict" for wish in wishes)


def _receipt(accepted: Accepted) -> Response:
    receipt = accepted.kept.receipt
    status_url = f"{request.script_root}{request.path}/{accepted.report_id}"
    response = jsonify(
        report_id=accepted.report_id,
        receipt_id=receipt.receipt_id,
        received_at=at_site(receipt),
        zone=receipt.zone,
        status_url=status_url,
        sponsor=accepted.sponsor,
        repeat=accepted.kept.repeat,
        queries=msgspec.to_builtins(accepted.queries),
    )
    response.status_code = 202
    response.headers["Location"] = status_url
    if accepted.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _status(held: Held) -> Response:
    first = held.receipts[0].receipt
    told: dict[str, Any] = {
        "report_id": held.report_id,
        "state": held.status.state,
        "received_at": at_site(first),
        "zone": first.zone,
        "receipts": len(held.receipts),
    }
    if held.status.version is not None:
        told["case_version"] = held.status.version
    response = jsonify(told)
    response.headers["Cache-Control"] = "no-store"
    return response
