"""Public reports of US agencies with their flags aside, in two halves: one to tune on, one to measure on.

The half is by the hash of a report's id. A report of the measured half that the other half may hold too, by case id,
company number or the same terms of a patient of the same sex, is left out; so is what one file holds twice.
"""

import ast
import csv
import hashlib
import json
import os
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path

import msgspec

from shared.contracts.clinical import CaseContent, Drug, Reaction
from shared.contracts.code_lists import Criterion

REFERENCE = Path(os.environ.get("DAYZERO_REFERENCE", Path(__file__).parents[3] / "shared" / "reference"))
TRIAGE = REFERENCE / "triage"
OPENFDA, BY_DRUG, FAERS, VAERS = "openFDA 2014", "openFDA by drug", "FAERS", "VAERS"
_ENOUGH = 3  # terms that two reports hardly share by chance, sex being the same
_OUTCOMES = {
    "DE": Criterion.DEATH,
    "LT": Criterion.LIFE_THREATENING,
    "HO": Criterion.HOSPITALISATION,
    "DS": Criterion.DISABILITY,
    "CA": Criterion.CONGENITAL_ANOMALY,
    "RI": Criterion.OTHER_MEDICALLY_IMPORTANT,
    "OT": Criterion.OTHER_MEDICALLY_IMPORTANT,
}
_RAW_FLAGS = {
    "seriousnessdeath": Criterion.DEATH,
    "seriousnesslifethreatening": Criterion.LIFE_THREATENING,
    "seriousnesshospitalization": Criterion.HOSPITALISATION,
    "seriousnessdisabling": Criterion.DISABILITY,
    "seriousnesscongenitalanomali": Criterion.CONGENITAL_ANOMALY,
    "seriousnessother": Criterion.OTHER_MEDICALLY_IMPORTANT,
}
_SEXES = {"1": "M", "2": "F", "male": "M", "female": "F", "m": "M", "f": "F"}
_FAERS = (
    (
        "ascii_2004q1",
        "$",
        {"demo": "DEMO04Q1.TXT", "reac": "REAC04Q1.TXT", "outc": "OUTC04Q1.TXT", "indi": "INDI04Q1.TXT"},
    ),
    (
        "ascii_2017q2",
        "$",
        {"demo": "DEMO17Q2.txt", "reac": "REAC17Q2.txt", "outc": "OUTC17Q2.txt", "indi": "INDI17Q2.txt"},
    ),
    ("cleaned_2004_2023", ",", {"demo": "Demo_Supp.csv", "reac": "Reac.csv", "outc": "Outc.csv", "indi": "Indi.csv"}),
)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report without its flags, and the flags."""

    file: str
    id: str
    content: CaseContent
    serious: bool
    criteria: frozenset[Criterion] = frozenset()
    keys: frozenset[Hashable] = frozenset()  # by which it may be met again

    @property
    def tuning(self) -> bool:
        """Say whether it is of the half that may be tuned on."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 2 == 0


def tuning(folder: Path = TRIAGE) -> list[Report]:
    """Return the half to tune on."""
    return [report for report in everything(folder) if report.tuning]


def held_out(folder: Path = TRIAGE) -> list[Report]:
    """Return the other half, without what the first may hold too, and each report once."""
    reports = list(everything(folder))
    met: set[Hashable] = {key for report in reports if report.tuning for key in report.keys}
    left = []
    for report in reports:
        if not report.tuning and met.isdisjoint(report.keys):
            left.append(report)
            met |= {key for key in report.keys if isinstance(key, tuple) and key[0] != "terms"}
    return left


def everything(folder: Path = TRIAGE) -> Iterator[Report]:
    """Read openFDA's and FAERS's reports."""
    yield from openfda(folder / "openfda")
    yield from by_drug(folder / "openfda")
    for name, delimiter, files in _FAERS:
        yield from faers(folder / "faers" / name, delimiter, files)


def openfda(folder: Path) -> Iterator[Report]:
    """The year 2014; of fifty reports another file has all six flags."""
    raw = json.loads((folder / "drug_event_raw_dev.json").read_text(encoding="utf-8"))["results"]
    flags = {each["safetyreportid"]: {to for name, to in _RAW_FLAGS.items() if each.get(name) == "1"} for each in raw}
    for row in rows(folder / "drug_event_reports_dev.csv"):
        died = {Criterion.DEATH} if row["Seriousness Death"] == "1" else set()
        treated = [each.get("drug_indication") for each in ast.literal_eval(row["Drug Details"] or "[]")]
        yield _report(
            OPENFDA,
            row["Safety Report ID"],
            row["Reactions"].split(";"),
            treated,
            criteria=flags.get(row["Safety Report ID"], set()) | died,
            serious=row["Serious"] == "1",
            keys={("case", row["Safety Report ID"])},
            sex=row["Patient Sex"],
        )


def by_drug(folder: Path) -> Iterator[Report]:
    """Reports searched for by drug, a row for each drug that found one; without indications."""
    for row in {each["report_id"]: each for each in reversed(list(rows(folder / "drug_event_by_drug.csv")))}.values():
        yield _report(
            BY_DRUG,
            row["report_id"],
            row["reactions"].split(";"),
            [],
            criteria=set(),
            serious=row["serious"] == "1",
            keys={("case", row["report_id"]), ("number", row["company_number"])},
            sex=row["patient_sex"],
        )


def faers(folder: Path, delimiter: str, files: dict[str, str]) -> Iterator[Report]:
    """Quarterly files: serious is what has a row of outcomes."""
    tables = {name: list(rows(folder / file, delimiter)) for name, file in files.items()}
    key = "isr" if "isr" in tables["demo"][0] else "primaryid"
    demo = {row[key]: row for row in tables["demo"]}
    terms, outcomes, treated = (_by_key(tables[name], key) for name in ("reac", "outc", "indi"))
    for number, of_report in terms.items():
        row = demo[number]
        flags = [each["outc_cod"] for each in outcomes.get(number, [])]
        yield _report(
            FAERS,
            number,
            [each["pt"] for each in of_report],
            [each["indi_pt"] for each in treated.get(number, [])],
            criteria={_OUTCOMES[flag] for flag in flags if flag in _OUTCOMES},
            serious=bool(flags),
            keys={("case", row.get("caseid") or row["case"]), ("number", row["mfr_num"])},
            sex=row.get("sex") or row.get("gndr_cod") or "",
        )


def rows(path: Path, delimiter: str = ",") -> Iterator[dict[str, str]]:
    """Read a table."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def _by_key(table: list[dict[str, str]], key: str) -> dict[str, list[dict[str, str]]]:
    grouped: dict[str, list[dict[str, str]]] = {}
    for row in table:
        grouped.setdefault(row[key], []).append(row)
    return grouped


def _report(
    file: str,
    number: str,
    terms: Iterable[str],
    treated: Iterable[str | None],
    *,
    criteria: set[Criterion],
    serious: bool,
    keys: set[tuple[str, str]],
    sex: str,
) -> Report:
    said = [term.strip().replace("^", "'") for term in terms if term.strip()]
    known = frozenset(term.casefold() for term in said)
    alike: set[Hashable] = {("terms", known, _SEXES.get(sex.casefold()))} if len(known) >= _ENOUGH else set()
    return Report(
        file=file,
        id=number,
        content=CaseContent(
            reactions=tuple(Reaction(verbatim=term) for term in said),
            drugs=tuple(Drug(name="drug", indication=each) for each in treated if each),
        ),
        serious=serious,
        criteria=frozenset(criteria),
        keys=frozenset(alike | {key for key in keys if key[1]}),
    )
