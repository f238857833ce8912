"""What became of every report, on one page: verdicts with reasons, due dates, file, schema check, acknowledgement."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from deploy.demo.posting import Posted

Cases = Mapping[str, Mapping[str, Any]]
Places = Mapping[str, tuple[str, int]]  # report id: case id and version
CHECKED = "ICH schema: checked"
NOT_CHECKED = "not configured, structural checks only"
_SHORT = {"fda_postmarketing": "FDA", "eu_postmarketing": "EU"}
_COLUMNS = ("Report", "Case", "Verdicts and reasons", "Due", "File", "Schema", "Acknowledgement")


def result_table(posted: list[Posted], cases: Cases, places: Places, left: Mapping[str, str]) -> Table:
    """Return the table: a row for each line posted; a case is told at its first report."""
    table = Table(title="What became of each report", show_lines=True, expand=True)
    for name in _COLUMNS:
        table.add_column(name, overflow="fold", ratio=4 if name.startswith("Verdicts") else 1)
    told: set[str] = set()
    for one in posted:
        case_id, version = places.get(one.report_id or "", ("", 0))
        report = f"{one.line}  {one.case_id}"
        if one.repeat or case_id in told or case_id not in cases:
            table.add_row(report, case_id[:12], _in_short(one, case_id, version))
            continue
        told.add(case_id)
        table.add_row(report, *_case_cells(cases[case_id], case_id, left.get(case_id)))
    return table


def _in_short(one: Posted, case_id: str, version: int) -> str:
    if one.report_id is None:
        return f"refused, kept for a person: {one.words}"
    if one.repeat:
        return "the same body again: another receipt of the same report"
    return f"follow-up: version {version} of this case" if case_id else "parked for a person"


def _case_cells(case: Mapping[str, Any], case_id: str, left: str | None) -> Iterator[Text]:
    approvals = case["approvals"]
    verdicts = [f"{_place(d)} {d['kind']} ({d['rule_id']}): {d['reason']}" for d in case["decisions"]]
    if left:
        verdicts.append(f"{case['status'].replace('_', ' ')}: {left}")
    dues = [f"{_place(o)} {o['due']} {o['state']}" for o in case["obligations"]]
    yield Text(f"{case_id[:12]} v{case['snapshot']['version']}")
    yield Text("\n".join(verdicts))
    yield Text("\n".join(dues))
    yield Text("\n".join(str(a.get("file_name") or "-") for a in approvals))
    yield Text("\n".join(dict.fromkeys(_schema(a) for a in approvals)))
    yield Text("\n".join(f"{_place(a)} {_answer(a)}" for a in approvals))


def _schema(approval: Mapping[str, Any]) -> str:
    if approval["state"] == "blocked":
        return "not built"
    return CHECKED if approval.get("schema_checked") else NOT_CHECKED


def _answer(approval: Mapping[str, Any]) -> str:
    said = str(approval.get("acknowledgement") or approval["state"]).split(" ")[0]
    return "; ".join([said, *approval["errors"]])


def _place(item: Mapping[str, Any]) -> str:
    return _SHORT.get(item["destination"], str(item["destination"]))
