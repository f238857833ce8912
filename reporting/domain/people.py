"""The primary source gave the facts; the patient is described, not named (ICH E2B(R3) guide, sections C.2.r and D)."""

from reporting.domain import codes
from reporting.domain.values import Findings
from shared.contracts import clinical
from shared.contracts.case_snapshot import CaseSnapshot
from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.elements.d7_history import MedicalHistory
from shared.icsr.elements.d9_death import Death
from shared.icsr.elements.d_patient import Patient
from shared.icsr.model.dates import Precision
from shared.icsr.model.null_flavor import NullFlavor

NOBODY = clinical.Patient()


def primary_sources_of(snapshot: CaseSnapshot, found: Findings) -> tuple[PrimarySource, ...]:
    """Map C.2.r: exactly one is the source for regulatory purposes, the one marked, else who reported first."""
    reporters = snapshot.content.reporters
    if not reporters:
        found.block("no_reporter", "C.2.r", "The case has no reporter; add the primary source and approve again.")
    primary = next((i for i, reporter in enumerate(reporters) if reporter.primary), 0)
    return tuple(_source(reporter, i, i == primary, snapshot, found) for i, reporter in enumerate(reporters))


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
    stated = reporter.qualification or (clinical.Qualification(derived) if derived else None)
    return codes.QUALIFICATIONS[stated] if stated else NullFlavor.UNK


def patient_of(content: clinical.CaseContent, found: Findings) -> Patient:
    """Map D.1 to D.5; initials that nobody stated are UNK."""
    patient = content.patient or NOBODY
    age = None if _age_without_unit(patient, found) else patient.age
    return Patient(
        initials=patient.initials or NullFlavor.UNK,
        birth_date=None if _partial_birth_date(patient, found) else found.date("D.2.1", patient.birth_date),
        age=found.number("D.2.2a", age.value, 5) if age else None,
        age_unit=codes.AGE_UNITS[age.unit] if age and age.unit else None,
        age_group=codes.AGE_GROUPS[patient.age_group] if patient.age_group else None,
        weight=found.number("D.3", patient.weight_kg, 6),
        height=found.number("D.4", patient.height_cm, 3),
        sex=codes.SEXES[patient.sex] if patient.sex else None,
    )


def _age_without_unit(patient: clinical.Patient, found: Findings) -> bool:
    """Say in words what D.2.2a, which needs its unit (D.2.2b), cannot hold."""
    unknown = patient.age is not None and patient.age.unit is None
    if unknown and patient.age:
        found.remark(f"The age was reported as {patient.age.value:g}, of no stated unit.")
    return unknown


def _partial_birth_date(patient: clinical.Patient, found: Findings) -> bool:
    """Say in words what D.2.1, which takes whole days only, cannot hold."""
    reported = Findings().date("D.2.1", patient.birth_date)
    partial = reported is not None and reported.precision < Precision.DAY
    if partial:
        found.remark(f"The date of birth was reported as {patient.birth_date}.")
    return partial


def history_of(content: clinical.CaseContent) -> MedicalHistory:
    """Map D.7.2; a history that nobody told is UNK."""
    return MedicalHistory(narrative=(content.patient or NOBODY).medical_history or NullFlavor.UNK)


def death_of(content: clinical.CaseContent, found: Findings) -> Death:
    """Map D.9: with a date of death the guide asks whether there was an autopsy, which these reports do not say."""
    died = found.date("D.9.1", (content.patient or NOBODY).death_date)
    return Death(death_date=died, autopsy_done=NullFlavor.UNK if died else None)
