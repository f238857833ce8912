"""What became of every report, on one page: verdicts with reasons, due dates, file, schema check, acknowledgement."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from deploy.demo.posting import Posted

Case = Mapping[str, Any]
Places = Mapping[str, tuple[str, int]]  # report id: case id and version
CHECKED = "ICH schema: checked"
NOT_CHECKED = "not configured, structural checks only"
_SHORT = {"fda_postmarketing": "FDA", "eu_postmarketing": "EU", "uk_postmarketing": "UK"}
_WIDTHS = {
    "Report": 2,
    "Case": 2,
    "Verdict and reason": 8,
    "Due": 2,
    "File": 5,
    "Schema": 3,
    "Acknowledgement": 3,
}
_SHOWN_OF_ID = 12
_NARROWEST = 13


def result_table(posted: list[Posted], cases: Mapping[str, Case], places: Places, left: Mapping[str, str]) -> Table:
    """Return the table: a row for each report and destination; a case is told at its first report.

    ``left`` has the reasons of cases that are with no destination.
    """
    table = Table(title="What became of each report", expand=True)
    for name, ratio in _WIDTHS.items():
        table.add_column(name, overflow="fold", ratio=ratio, min_width=_NARROWEST)
    told: set[str] = set()
    for one in posted:
        case_id, version = places.get(one.report_id or "", ("", 0))
        first = [f"{one.line}  {one.case_id}", case_id[:_SHOWN_OF_ID]]
        if one.repeat or case_id in told or case_id not in cases:
            table.add_row(*first, Text(_in_short(one, case_id, version)))
        else:
            told.add(case_id)
            for cells in _case_rows(cases[case_id], left.get(case_id)):
                table.add_row(*map(Text, [*first, *cells]))
                first = ["", ""]
        table.add_section()
    return table


def _in_short(one: Posted, case_id: str, version: int) -> str:
    if one.report_id is None:
        return f"refused, kept for a person: {one.words}"
    if one.repeat:
        return "the same body again: another receipt of the same report"
    return f"follow-up: version {version} of this case" if case_id else "parked for a person"


def _case_rows(case: Case, left: str | None) -> Iterator[list[str]]:
    """Yield a row for each decision, and one for what a person has to do."""
    for decision in (each for each in case["decisions"] if each["kind"] != "none"):
        destination = decision["destination"]
        attempts = [each for each in case["approvals"] if each["destination"] == destination]
        yield [
            f"{_SHORT.get(destination, destination)} {decision['kind']} ({decision['rule_id']}): {decision['reason']}",
            "\n".join(_dues(case, decision)),
            "\n".join(str(each.get("file_name") or "-") for each in attempts),
            "\n".join(dict.fromkeys(_schema(each) for each in attempts)),
            "\n".join(_answer(each) for each in attempts),
        ]
    if left:
        yield [f"{case['status'].replace('_', ' ')}: {left}"]


def _dues(case: Case, decision: Mapping[str, Any]) -> Iterator[str]:
    owed = [each for each in case["obligations"] if each["destination"] == decision["destination"]]
    yield from (f"{each['due']} {each['state']}" for each in owed)
    if not owed and decision.get("due"):
        yield f"{decision['due']} if it is so"


def _schema(approval: Mapping[str, Any]) -> str:
    if approval["state"] == "blocked":
        return "not built"
    return CHECKED if approval.get("schema_checked") else NOT_CHECKED


def _answer(approval: Mapping[str, Any]) -> str:
    said = str(approval.get("acknowledgement") or approval["state"]).split(" ")[0]
    return "; ".join([said, *approval["errors"]])
