"""The primary source gave the facts; the patient is described, not named (ICH E2B(R3) guide, sections C.2.r and D)."""

from collections.abc import Mapping
from dataclasses import replace

from reporting.domain.overlay import laid_over, received_as
from reporting.domain.values import Findings
from shared.contracts import clinical, codes
from shared.contracts.case_snapshot import CaseSnapshot
from shared.contracts.code_lists import Qualification
from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.elements.d7_history import MedicalHistory
from shared.icsr.elements.d9_death import Death
from shared.icsr.elements.d_patient import Patient
from shared.icsr.model.dates import TS, Precision
from shared.icsr.model.null_flavor import NullFlavor

NOBODY = clinical.Patient()


def primary_sources_of(
    snapshot: CaseSnapshot, received: Mapping[str, PrimarySource], found: Findings
) -> tuple[PrimarySource, ...]:
    """Map C.2.r: exactly one is the source for regulatory purposes, the one marked, else who reported first."""
    reporters = snapshot.content.reporters
    if not reporters:
        found.block("no_reporter", "C.2.r", "The case has no reporter; add the primary source and approve again.")
    primary = next((i for i, reporter in enumerate(reporters) if reporter.primary), 0)
    return tuple(
        laid_over(received_as(reporter.received_id, received), _source(reporter, i, i == primary, snapshot, found))
        for i, reporter in enumerate(reporters)
    )


def _source(
    reporter: clinical.Reporter, index: int, primary: bool, snapshot: CaseSnapshot, found: Findings
) -> PrimarySource:
    country = reporter.country or snapshot.derived_value(f"/reporters/{index}/country")
    if primary and country is None:
        words = f"The country of reporter {index + 1} is neither stated nor derived; add it and approve again."
        found.block("reporter_country_missing", "C.2.r.3", words)
    return PrimarySource(
        title=_identity(reporter, reporter.title),
        given_name=_identity(reporter, reporter.given_name),
        family_name=_identity(reporter, reporter.family_name),
        organisation=_identity(reporter, reporter.organisation),
        country=country,
        qualification=_qualification(reporter, snapshot.derived_value(f"/reporters/{index}/qualification")),
        regulatory_purposes=codes.PRIMARY if primary else None,
    )


def _identity(reporter: clinical.Reporter, value: str | None) -> str | NullFlavor | None:
    """Withhold what would tell who the reporter is, where the reporter asked for that: MSK, known but masked."""
    return NullFlavor.MSK if value and reporter.confidential else value


def _qualification(reporter: clinical.Reporter, derived: str | None) -> str | NullFlavor:
    stated = reporter.qualification or (Qualification(derived) if derived else None)
    return codes.QUALIFICATIONS[stated] if stated else NullFlavor.UNK


def patient_of(content: clinical.CaseContent, received: Patient, found: Findings) -> Patient:
    """Map D.1 to D.5; initials that nobody stated are UNK."""
    patient = content.patient or NOBODY
    age = None if _age_without_unit(patient, found) else patient.age
    stated = Patient(
        initials=patient.initials or NullFlavor.UNK,
        birth_date=_whole_birth_date(patient, found),
        age=found.number(Patient, "age", age.value) if age else None,
        age_unit=codes.AGE_UNITS[age.unit] if age and age.unit else None,
        age_group=codes.AGE_GROUPS[patient.age_group] if patient.age_group else None,
        weight=found.number(Patient, "weight", patient.weight_kg),
        height=found.number(Patient, "height", patient.height_cm),
        sex=codes.SEXES[patient.sex] if patient.sex else None,
    )
    return laid_over(received, stated)


def _age_without_unit(patient: clinical.Patient, found: Findings) -> bool:
    """Say in words what D.2.2a, which needs its unit (D.2.2b), cannot hold."""
    unknown = patient.age is not None and patient.age.unit is None
    if unknown and patient.age:
        found.remark(f"The age was reported as {patient.age.value:g}, of no stated unit.")
    return unknown


def _whole_birth_date(patient: clinical.Patient, found: Findings) -> TS | None:
    """Say in words what D.2.1, which takes whole days only, cannot hold."""
    reported = found.date(Patient, "birth_date", patient.birth_date)
    if reported is None or reported.precision >= Precision.DAY:
        return reported
    found.remark(f"The date of birth was reported as {patient.birth_date}.")
    return None


def history_of(content: clinical.CaseContent, received: MedicalHistory) -> MedicalHistory:
    """Map D.7.2; a history that nobody told, not in structure (D.7.1) either, is UNK."""
    told = (content.patient or NOBODY).medical_history
    return laid_over(received, MedicalHistory(narrative=told or (None if received.items else NullFlavor.UNK)))


def death_of(content: clinical.CaseContent, received: Death, found: Findings) -> Death:
    """Map D.9: with a date of death the guide asks whether there was an autopsy; where no report says so, UNK."""
    died = found.date(Death, "death_date", (content.patient or NOBODY).death_date)
    death = laid_over(received, Death(death_date=died))
    unsaid = death.death_date is not None and death.autopsy_done is None
    return replace(death, autopsy_done=NullFlavor.UNK) if unsaid else death
