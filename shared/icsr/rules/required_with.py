"""Some elements are demanded by what another says (guide v5.03, section 3.4: "optional, but required if ...").

A table: in each record of the class, if the field `when` has a value (one of `values`, if any are given), the field
`needs` must have one too; a nullFlavor that the element allows is a value here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.icsr.elements.c1_identification import CaseIdentification, OtherCaseIdentifier
from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.elements.c3_sender import Sender
from shared.icsr.elements.d9_death import Death
from shared.icsr.elements.d_patient import Patient
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.elements.g_dosage import Dosage
from shared.icsr.elements.g_drugs import DrugInformation
from shared.icsr.elements.g_indication import Indication
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


REQUIREMENTS = (
    Requires(CaseIdentification, "nullification_or_amendment", "nullification_or_amendment_reason"),
    Requires(CaseIdentification, "nullification_or_amendment_reason", "nullification_or_amendment"),
    Requires(OtherCaseIdentifier, "source", "identifier"),
    Requires(OtherCaseIdentifier, "identifier", "source"),
    Requires(PrimarySource, "regulatory_purposes", "country"),
    Requires(Sender, "sender_type", "organisation", frozenset("123456")),
    Requires(Patient, "age", "age_unit"),
    Requires(Patient, "age_unit", "age"),
    Requires(Death, "death_date", "autopsy_done"),
    Requires(Reaction, "reported_text", "reported_language"),
    Requires(Reaction, "reported_language", "reported_text"),
    Requires(DrugInformation, "authorisation_number", "authorisation_country"),
    Requires(Dosage, "dose", "dose_unit"),
    Requires(Dosage, "dose_unit", "dose"),
    Requires(Indication, "meddra_code", "meddra_version"),
    Requires(Indication, "meddra_version", "meddra_code"),
)


def check_requirements(batch: object) -> Iterator[Issue]:
    """Yield an issue for every element that another one demands and that is missing."""
    for line in REQUIREMENTS:
        found: Iterator[tuple[str, object]] = records(batch, line.kind)
        for location, record in found:
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
