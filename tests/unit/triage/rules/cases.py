"""Rows become cases: what a row says is changed in one valid case, and the decision of its destination is read off.

A row says, in ``case``, words of the form ``name=value``; what it does not say is as in ``DEFAULTS``.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

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
from triage.domain.rulebook import Rulebook, SignOff

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
    "signed": "no",  # a regulatory owner has signed every rule off
}
OWNER = "R. Owner"
COUNTED_FROM_DETERMINATION = {"FDA-312.32-15D"}  # 21 CFR 312.32(c)(1); receipt is the internal target


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
    also: frozenset[str]  # further rules whose clocks run, or may run

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line} {self.rule}"


def differs(row: Row, decision: Decision) -> str | None:
    """Say in what a decision is not as its row says."""
    if (decision.kind, decision.rule_id, decision.due) != (row.kind, row.rule, row.due):
        return f"{decision.kind} {decision.rule_id} {decision.due}"
    if row.paragraph not in decision.paragraph:
        return decision.paragraph
    running = {clock.rule_id for clock in decision.clocks or ()} - {row.rule}
    if running != row.also:
        return f"clocks of {sorted(running)}"
    starts = [clock.start.value for clock in decision.clocks or () if clock.rule_id == row.rule]
    wanted = ["awareness", "qualified"] if row.rule in COUNTED_FROM_DETERMINATION else ["awareness"]
    return None if starts in (wanted, []) else f"clocks from {starts}"


def rows(folder: Path) -> list[Row]:
    return [row for path in sorted(folder.glob("*.csv")) for row in _rows(path)]


def decided(row: Row, rulebook: Rulebook = RULES) -> Decision:
    """Return the decision of the row's destination."""
    said = dict(DEFAULTS) | row.case
    book = rulebook.signed(sign_offs(rulebook)) if said["signed"] == "yes" else rulebook
    reference = Reference(sponsor=SPONSOR, rulebook=book, terminology=DICTIONARY, today=row.day_zero)
    owed_by = frozenset(rule.id for rule in book.rules) if said["follow_up"] == "yes" else frozenset()
    found = assess(content(said), row.day_zero, "CH", reference, owed_by)
    return next(each for each in found.decisions if each.destination == row.destination)


def sign_offs(rulebook: Rulebook) -> list[SignOff]:
    at = msgspec.convert("2026-11-28T09:00:00Z", type=Any)
    return [
        msgspec.convert(
            {
                "rule_id": rule.id,
                "rule_version": rule.version,
                "sha256": rule.sha256,
                "owner": OWNER,
                "at": at,
                "reason": "read in the source",
            },
            SignOff,
        )
        for rule in rulebook.rules
    ]


def content(said: Mapping[str, str]) -> CaseContent:
    """Return the case that a row speaks of."""
    kind = ReportType(said["type"])
    study = Study(number="HELV-301", type=int(said["study_type"]) if said["study_type"] else None)
    return CaseContent(
        report_type=kind,
        patient=Patient(initials="A. B.", pregnant=said["pregnant"] == "yes") if said["patient"] == "yes" else None,
        reporters=(Reporter(qualification=Qualification.PHYSICIAN),),
        reactions=(_reaction(said),),
        drugs=tuple(_drug(name, said) for name in said["product"].split("+")),
        study=study if kind is ReportType.STUDY else None,
        qualified_on=said["qualified"] or None,
    )


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
                due=date.fromisoformat(line["due"]) if line["due"] else None,
                also=frozenset(line["also"].split()),
            )
