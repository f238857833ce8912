"""Some elements are demanded by what another says (guide v5.03, section 3.4: "optional, but required if ...").

A table: in each record of the class, if the field `when` has a value (one of `values`, if any are given), the field
`needs` must have one too; a nullFlavor that the element allows is a value here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.icsr.elements.c1_identification import CaseIdentification, HeldDocument, OtherCaseIdentifier
from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.elements.c3_sender import Sender
from shared.icsr.elements.d7_history import HistoryItem
from shared.icsr.elements.d8_past_drugs import PastDrug
from shared.icsr.elements.d9_death import AutopsyFinding, CauseOfDeath, Death
from shared.icsr.elements.d10_parent import Parent, ParentHistoryItem, ParentPastDrug
from shared.icsr.elements.d_patient import Patient
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.elements.f_tests import Test
from shared.icsr.elements.g_dosage import Dosage
from shared.icsr.elements.g_drugs import DrugInformation, Substance
from shared.icsr.elements.g_indication import Indication
from shared.icsr.elements.g_matrix import DrugReaction
from shared.icsr.elements.h_narrative import NativeSummary, SenderDiagnosis
from shared.icsr.model.issue import Issue, Severity
from shared.icsr.rules.declared import rule_id
from shared.icsr.rules.walk import declared_element, named, records


@dataclass(frozen=True)
class Requires:
    """One line of the table."""

    kind: type
    when: str
    needs: str
    values: frozenset[object] = frozenset()


def _together(kind: type, *pairs: tuple[str, str]) -> tuple[Requires, ...]:
    """Each of a pair demands the other: a number its unit, a code the version of its list."""
    return tuple(Requires(kind, when, needs) for one, two in pairs for when, needs in ((one, two), (two, one)))


_MEDDRA = ("meddra_code", "meddra_version")
_PAST = (("indication_code", "indication_version"), ("reaction_code", "reaction_version"))

REQUIREMENTS = (
    *_together(CaseIdentification, ("nullification_or_amendment", "nullification_or_amendment_reason")),
    *_together(OtherCaseIdentifier, ("source", "identifier")),
    Requires(HeldDocument, "included", "title"),
    Requires(PrimarySource, "regulatory_purposes", "country"),
    Requires(Sender, "sender_type", "organisation", frozenset("123456")),
    *_together(Patient, ("age", "age_unit"), ("gestation", "gestation_unit")),
    *_together(HistoryItem, _MEDDRA),
    *_together(PastDrug, *_PAST),
    Requires(Death, "death_date", "autopsy_done"),
    *_together(CauseOfDeath, _MEDDRA),
    Requires(CauseOfDeath, "meddra_code", "words"),
    *_together(AutopsyFinding, _MEDDRA),
    Requires(AutopsyFinding, "meddra_code", "words"),
    *_together(Parent, ("age", "age_unit")),
    *_together(ParentHistoryItem, _MEDDRA),
    *_together(ParentPastDrug, *_PAST),
    *_together(Reaction, ("reported_text", "reported_language"), ("duration", "duration_unit")),
    *_together(Test, _MEDDRA),
    Requires(Test, "name", "test_date"),
    Requires(Test, "meddra_code", "test_date"),
    Requires(Substance, "strength", "strength_unit"),
    Requires(DrugInformation, "authorisation_number", "authorisation_country"),
    *_together(
        DrugInformation,
        ("cumulative_dose", "cumulative_dose_unit"),
        ("gestation_at_exposure", "gestation_at_exposure_unit"),
    ),
    *_together(Dosage, ("dose", "dose_unit"), ("duration", "duration_unit")),
    Requires(Dosage, "interval", "interval_unit"),
    *_together(Indication, _MEDDRA),
    *_together(DrugReaction, ("since_start", "since_start_unit"), ("since_last_dose", "since_last_dose_unit")),
    *_together(SenderDiagnosis, _MEDDRA),
    Requires(NativeSummary, "words", "language"),
)


def check_requirements(batch: object) -> Iterator[Issue]:
    """Yield an issue for every element that another one demands and that is missing."""
    of_kind: dict[type, list[tuple[str, object]]] = {}
    for line in REQUIREMENTS:
        if line.kind not in of_kind:  # finding them walks the whole batch
            of_kind[line.kind] = list(records(batch, line.kind))
        for location, record in of_kind[line.kind]:
            stated = getattr(record, line.when)
            demanded = stated is not None and (not line.values or stated in line.values)
            if demanded and getattr(record, line.needs) is None:
                yield _issue(line, location)


def _issue(line: Requires, location: str) -> Issue:
    missing = declared_element(line.kind, line.needs)
    because = declared_element(line.kind, line.when)
    return Issue(
        Severity.ERROR,
        rule_id(missing.id, "required"),
        missing.id,
        f"{location}.{line.needs}",
        f"{named(missing)} has no value, and {named(because)} is stated.",
        f"Give {missing.id}, or take {because.id} back.",
    )
