"""Reports go in as any partner sends them: over HTTP, one body each, each answered by a durable receipt (DOMAIN 2)."""

from pathlib import Path
from typing import Any

import msgspec

from deploy.cli.failure import CommandError
from deploy.cli.import_files import must_be_regular, strict_json
from deploy.cli.import_reports import ACCEPTED, sender_case
from deploy.cli.partner import Partner

REPORTS = Path(__file__).parent / "reports.ndjson"


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """One line that was posted: its number, and the report that it became; refused ones have words instead."""

    line: int
    case_id: str
    report_id: str | None
    repeat: bool = False
    queries: int = 0
    refusal_id: str | None = None
    words: str = ""


def read_lines(file: Path) -> list[Any]:
    """Read one JSON body a line; blank lines are none. Raises CommandError or OSError."""
    must_be_regular(file)
    bodies = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not UTF-8 at byte {error.start}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                bodies.append(strict_json(line))
            except ValueError as error:
                raise CommandError(f"{file} line {number} is no JSON: {error}") from error
    if not bodies:
        raise CommandError(f"{file} holds no report; a line is one body, see: dayzero schema report")
    return bodies


def post(partner: Partner, line: int, body: Any) -> Posted:
    """Send one body."""
    answer = partner.call("POST", "/v1/reports", body)
    told = answer.body if isinstance(answer.body, dict) else {}
    case_id = (sender_case(body) or ("", "no id"))[1]
    if answer.status != ACCEPTED:
        refusal_id = told.get("refusal_id")
        return Posted(line=line, case_id=case_id, report_id=None, refusal_id=refusal_id, words=answer.words)
    queries = len(told.get("queries", ()))
    return Posted(
        line=line, case_id=case_id, report_id=told["report_id"], repeat=bool(told.get("repeat")), queries=queries
    )


def is_handled(partner: Partner, report_id: str) -> bool:
    """Say whether triage has answered for a report: opened as a case, or parked."""
    answer = partner.call("GET", f"/v1/reports/{report_id}")
    return answer.status == 200 and answer.body.get("state") != "received"
