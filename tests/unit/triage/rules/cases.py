"""Rows become cases: what a row says is changed in one valid case, and the decision of its destination is read off.

A row says, in ``case``, words of the form ``name=value``; what it does not say is as in ``DEFAULTS``. ``also`` names
every other rule that applies, ``complete_by`` when what a first report leaves out is due, and ``qualified`` the due
date by the clock from the determination, or ``open`` while nobody has determined; where empty there is none.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from shared.contracts.clinical import (
    CaseContent,
    Causality,
    Drug,
    Patient,
    Reaction,
    Reporter,
    Study,
)
from shared.contracts.code_lists import (
    CausalityResult,
    CausalitySource,
    Criterion,
    DrugRole,
    Outcome,
    Qualification,
    ReportType,
    Situation,
)
from tests.builders import DICTIONARY, RULES
from tests.unit.triage.rules.registry import SPONSOR
from triage.domain.decision import Decision
from triage.domain.pipeline import Reference, assess
from triage.domain.rulebook import ClockStart, DestinationRule, Rulebook, SignOff

DEFAULTS: Mapping[str, str] = {
    "product": "nda",  # a product of registry.py, or unmatched, not_ours
    "serious": "hospitalisation",  # a criterion; or stated (no criterion), no, open
    "event": "rash",  # rash is listed nowhere; headache everywhere; liver failure everywhere, as fatal too
    "outcome": "",
    "country": "DE",  # where it occurred; none: nobody knows
    "type": "spontaneous",
    "study_type": "",  # C.5.4
    "causality": "",  # source:result, several with +
    "harm": "yes",
    "efficacy": "yes",
    "situation": "",
    "pregnant": "no",
    "malfunction": "no",
    "remedial_action": "no",
    "qualified": "",
    "onset": "",
    "follow_up": "no",
    "placebo": "no",
    "patient": "yes",
    "died": "no",  # the patient, of no stated event
    "signed": "no",  # a regulatory owner has signed every rule off
}
OWNER = "R. Owner"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a table: ``due`` and every word typed by hand."""

    file: str
    line: int
    destination: str
    paragraph: str
    day_zero: date
    case: dict[str, str]
    kind: str
    rule: str
    due: date | None
    also: frozenset[str]  # further rules that apply
    complete_by: date | None = None
    qualified: str = ""

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line} {self.rule}"


def differs(row: Row, decision: Decision) -> str | None:
    """Say in what a decision is not as its row says."""
    if row.paragraph not in decision.paragraph:
        return decision.paragraph
    clocks = decision.clocks or ()
    complete = min((clock.complete_by for clock in clocks if clock.complete_by), default=None)
    qualified = [str(clock.due or "open") for clock in clocks if clock.start is ClockStart.QUALIFIED]
    compared = {
        "kind": (decision.kind, row.kind),
        "rule": (decision.rule_id, row.rule),
        "due": (decision.due, row.due),
        "also": ({each.rule_id for each in decision.tried if each.applied} - {row.rule}, row.also),
        "complete by": (complete, row.complete_by),
        "qualified": (" ".join(qualified), row.qualified),
    }
    return next((f"{name} {found}, not {said}" for name, (found, said) in compared.items() if found != said), None)


def rows(folder: Path) -> list[Row]:
    return [row for path in sorted(folder.glob("*.csv")) for row in _rows(path)]


def decided(row: Row, books: Mapping[str, Rulebook] | None = None) -> Decision:
    """Return the decision of the row's destination, by the rulebook as it is or signed off, as the row says."""
    said = dict(DEFAULTS) | row.case
    book = (books or BOOKS)[said["signed"]]
    reference = Reference(sponsor=SPONSOR, rulebook=book, terminology=DICTIONARY, today=row.day_zero)
    owed_by = frozenset(rule.id for rule in book.rules) if said["follow_up"] == "yes" else frozenset()
    found = assess(content(said), row.day_zero, "CH", reference, owed_by)
    return next(each for each in found.decisions if each.destination == row.destination)


def sign_offs(rulebook: Rulebook) -> list[SignOff]:
    return [sign_off(rule) for rule in rulebook.rules]


def sign_off(rule: DestinationRule) -> SignOff:
    return SignOff(
        rule_id=rule.id,
        rule_version=rule.version,
        sha256=rule.sha256,
        owner=OWNER,
        at=datetime(2026, 11, 28, 9, 0, tzinfo=UTC),
        reason="read in the source",
    )


BOOKS: Mapping[str, Rulebook] = {"no": RULES, "yes": RULES.signed(sign_offs(RULES))}


def content(said: Mapping[str, str]) -> CaseContent:
    """Return the case that a row speaks of."""
    kind = ReportType(said["type"])
    study = Study(number="HELV-301", type=int(said["study_type"]) if said["study_type"] else None)
    return CaseContent(
        report_type=kind,
        patient=_patient(said) if said["patient"] == "yes" else None,
        reporters=(Reporter(qualification=Qualification.PHYSICIAN),),
        reactions=(_reaction(said),),
        drugs=tuple(_drug(name, said) for name in said["product"].split("+")),
        study=study if kind is ReportType.STUDY else None,
        qualified_on=said["qualified"] or None,
    )


def _patient(said: Mapping[str, str]) -> Patient:
    died = "2026-01-09" if said["died"] == "yes" else None
    return Patient(initials="A. B.", pregnant=said["pregnant"] == "yes", death_date=died)


def _reaction(said: Mapping[str, str]) -> Reaction:
    stated = said["serious"]
    criteria = () if stated in {"stated", "no", "open"} else tuple(map(Criterion, stated.split("+")))
    return Reaction(
        verbatim=said["event"],
        serious={"no": False, "open": None}.get(stated, True),
        criteria=criteria,
        outcome=Outcome(said["outcome"]) if said["outcome"] else None,
        country=None if said["country"] == "none" else said["country"],
        onset=said["onset"] or None,
        causality=tuple(_judged(each) for each in said["causality"].split("+") if each),
        without_harm=said["harm"] == "no",
        lack_of_efficacy=said["efficacy"] == "no",
    )


def _judged(words: str) -> Causality:
    source, _, result = words.partition(":")
    return Causality(source=CausalitySource(source), result=CausalityResult(result) if result else None)


def _drug(name: str, said: Mapping[str, str]) -> Drug:
    return Drug(
        name=name,
        role=DrugRole.SUSPECT,
        situations=(Situation(said["situation"]),) if said["situation"] else (),
        malfunction=said["malfunction"] == "yes",
        remedial_action=said["remedial_action"] == "yes",
        placebo=True if said["placebo"] == "yes" else None,
        sponsor_product=False if name == "not_ours" else None,
    )


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(line for line in file if not line.startswith("#"))
        for number, line in enumerate(reader, 2):
            case = dict(word.split("=", 1) for word in line["case"].split())
            unknown = set(case) - set(DEFAULTS)
            assert not unknown, f"{path.name}:{number}: {unknown}"
            case = {name: value.replace("_", " ") if name == "event" else value for name, value in case.items()}
            yield Row(
                file=path.name,
                line=number,
                destination=line["destination"],
                paragraph=line["paragraph"],
                day_zero=date.fromisoformat(line["day_zero"]),
                case=case,
                kind=line["kind"],
                rule=line["rule"],
                due=_date(line["due"]),
                also=frozenset(line["also"].split()),
                complete_by=_date(line["complete_by"]),
                qualified=line["qualified"],
            )


def _date(words: str) -> date | None:
    return date.fromisoformat(words) if words else None
