"""``POST /v1/reports`` and ``GET /v1/reports/{id}``: a durable receipt; the status of a report, not its content."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

import msgspec
from flask import Blueprint, Response, jsonify, request

from intake.domain.records import Held
from intake.receive import BODY_LIMIT, Accepted, Arrival, Refused
from shared.contracts.report_received import Receipt
from shared.problem import Problem

_PERSON = (
    "The body is kept; a person will look at it, for its clock may be running. Please send a corrected report too."
)


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Who a request counts as; until sign-in exists, one actor for all."""

    actor: str
    authentication: str = "none"
    channel: str = "api"


def blueprint(
    receive: Callable[[Arrival], Accepted | Refused], find: Callable[[str], Held | None], origin: Origin
) -> Blueprint:
    """Return the routes; ``find`` returns the report of an id, if this caller may see it."""
    reports = Blueprint("reports", __name__, url_prefix="/v1/reports")

    @reports.post("")
    def post_report() -> Response:
        outcome = receive(_arrival(origin))
        return _receipt(outcome) if isinstance(outcome, Accepted) else _problem(outcome).response()

    @reports.get("/<report_id>")
    def get_report(report_id: str) -> Response:
        held = find(report_id)
        if held is None:
            raise Problem(404, "unknown-report", "Unknown report", "There is no report with this id.")
        return _status(held)

    return reports


def _arrival(origin: Origin) -> Arrival:
    content = _body()
    headers = request.headers
    return Arrival(
        content=content[:BODY_LIMIT],
        complete=len(content) <= BODY_LIMIT,
        content_type=headers.get("Content-Type", ""),
        content_encoding=headers.get("Content-Encoding", ""),
        idempotency_key=headers.get("Idempotency-Key", "").strip(),
        strict=_prefers_strict(headers.getlist("Prefer")),
        actor=origin.actor,
        authentication=origin.authentication,
        channel=origin.channel,
    )


def _body() -> bytes:
    """Read at most one byte more than allowed.

    Not ``request.get_data()``, which throws an oversized body away: a refusal keeps what it refused.
    """
    stated = request.content_length
    if stated is None and not request.environ.get("wsgi.input_terminated"):
        return b""
    most = BODY_LIMIT + 1 if stated is None else min(stated, BODY_LIMIT + 1)
    source = cast(BinaryIO, request.environ["wsgi.input"])
    chunks: list[bytes] = []
    while most > 0 and (chunk := source.read(most)):
        chunks.append(chunk)
        most -= len(chunk)
    return b"".join(chunks)


def _prefers_strict(headers: list[str]) -> bool:
    wishes = ",".join(headers).lower().replace('"', "").replace(" ", "").split(",")
    return any(wish.partition(";")[0] == "handling=strict" for wish in wishes)


def _receipt(accepted: Accepted) -> Response:
    receipt = accepted.kept.receipt
    status_url = f"{request.script_root}{request.path}/{accepted.report_id}"
    response = jsonify(
        report_id=accepted.report_id,
        receipt_id=receipt.receipt_id,
        received_at=_at_site(receipt),
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


def _problem(refused: Refused) -> Problem:
    why = refused.why
    detail = f"{why.detail} {_PERSON}"
    return Problem(why.status, why.rule, why.title, detail, why.errors, refusal_id=refused.refusal_id)


def _status(held: Held) -> Response:
    first = held.receipts[0].receipt
    told: dict[str, Any] = {
        "report_id": held.report_id,
        "state": held.status.state,
        "received_at": _at_site(first),
        "zone": first.zone,
        "receipts": len(held.receipts),
    }
    if held.status.version is not None:
        told["case_version"] = held.status.version
    response = jsonify(told)
    response.headers["Cache-Control"] = "no-store"
    return response


def _at_site(receipt: Receipt) -> str:
    """Return the instant of a receipt with the offset that its zone had then (RFC 3339)."""
    return receipt.received_at.astimezone(ZoneInfo(receipt.zone)).isoformat(timespec="milliseconds")
