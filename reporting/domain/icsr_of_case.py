"""An approved snapshot becomes an ICSR: each element says what was approved, or that it is not known.

Source: ICH E2B(R3) guide v5.03, N and C to H; DOMAIN 4, 13, 14. Nothing is invented: what cannot be said is
a block by name (``obstacles``), found before anything is written.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import msgspec

from reporting.domain.codes import (
    ACTIONS_TAKEN,
    AGE_GROUPS,
    AGE_UNITS,
    CRITERIA,
    FIRST_SENDERS,
    OUTCOMES,
    QUALIFICATIONS,
    REPORT_TYPES,
    ROLES,
    SEXES,
    coded,
)
from shared.contracts import clinical
from shared.contracts.case_approved import CaseApproved
from shared.contracts.message_built import BuildIssue
from shared.icsr.elements.c1_identification import CaseIdentification, OtherCaseIdentifier
from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.elements.c3_sender import Sender
from shared.icsr.elements.c5_study import Study
from shared.icsr.elements.d7_history import MedicalHistory
from shared.icsr.elements.d9_death import Death
from shared.icsr.elements.d_patient import Patient
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.elements.fda_regional import FdaReport
from shared.icsr.elements.g_dosage import Dosage
from shared.icsr.elements.g_drugs import Substance
from shared.icsr.elements.g_indication import Indication
from shared.icsr.elements.h_narrative import Narrative
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Batch, Drug, Message, SafetyReport
from shared.icsr.model.null_flavor import NullFlavor

AMENDMENT = "2"  # C.1.11.1
PHARMACEUTICAL_COMPANY = "1"  # C.3.1
UNDETERMINED_LANGUAGE = "und"  # ISO 639-2's own code for a language that is not known
_DAY = len("2026-11-23")


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What makes this transmission attempt: N.1.2, C.1.2, and whether it amends an accepted message."""

    batch_number: str
    created: datetime
    amends: bool


def obstacles(approved: CaseApproved) -> tuple[BuildIssue, ...]:
    """Return what keeps the snapshot from becoming a message, each with its cure."""
    content = approved.snapshot.content
    return (
        *_uncoded(content),
        *_invented_codes(content, approved.destination.test),
        *_criteria(content),
        *_roles(content),
        *_first_sender(content),
    )


def batch(approved: CaseApproved, attempt: Attempt) -> Batch:
    """Return the batch of one message that says what was approved. Call it where ``obstacles`` found none."""
    to, created = approved.destination, _instant(attempt.created)
    message = Message(
        message_id=approved.safety_report_id,  # N.2.r.1 equals C.1.1: acknowledgements are told apart by N.1.2
        message_sender=to.message_sender,
        message_receiver=to.message_receiver,
        message_date=created,
        report=_report(approved, attempt, created),
    )
    return Batch(
        batch_number=attempt.batch_number,
        batch_sender=to.batch_sender,
        batch_receiver=to.batch_receiver,
        transmission_date=created,
        messages=(message,),
    )


def has_invented_codes(approved: CaseApproved) -> bool:
    """Say whether the file must be marked: it carries codes of a demonstration dictionary."""
    return any(r.coding is not None and r.coding.demonstration for r in approved.snapshot.content.reactions)


def _report(approved: CaseApproved, attempt: Attempt, created: TS) -> SafetyReport:
    content = approved.snapshot.content
    patient = content.patient or clinical.Patient()
    return SafetyReport(
        identification=_identification(approved, attempt, created),
        primary_sources=tuple(_primary_sources(approved)),
        sender=Sender(sender_type=PHARMACEUTICAL_COMPANY, organisation=approved.sponsor.organisation),
        study=_study(content.study),
        patient=_patient(patient),
        medical_history=MedicalHistory(narrative=patient.medical_history or NullFlavor.UNK),
        death=Death(death_date=_date(patient.death_date)),
        reactions=tuple(_reaction(reaction) for reaction in content.reactions),
        drugs=tuple(_drug(drug) for drug in content.drugs),
        narrative=_narrative(content, patient),
        fda=FdaReport(local_criteria_report_type=approved.decision.local_criteria_report_type),
    )


def _identification(approved: CaseApproved, attempt: Attempt, created: TS) -> CaseIdentification:
    snapshot = approved.snapshot
    content = snapshot.content
    others = tuple(OtherCaseIdentifier(source=o.source, identifier=o.identifier) for o in content.other_case_ids)
    return CaseIdentification(
        safety_report_id=approved.safety_report_id,
        creation_date=created,
        report_type=REPORT_TYPES[content.report_type or clinical.ReportType.UNKNOWN],
        first_received=_day(snapshot.first_received_on),
        most_recent_information=_day(snapshot.latest_information_on),
        additional_documents=False,
        expedited=approved.decision.expedited,
        worldwide_case_id=content.worldwide_case_id or approved.safety_report_id,
        first_sender=FIRST_SENDERS[content.first_sender or "other"],
        has_other_identifiers=True if others else NullFlavor.NI,
        other_identifiers=others,
        nullification_or_amendment=AMENDMENT if attempt.amends else None,
        nullification_or_amendment_reason=approved.approval.reason if attempt.amends else None,
    )


def _primary_sources(approved: CaseApproved) -> Iterator[PrimarySource]:
    reporters = approved.snapshot.content.reporters or (clinical.Reporter(),)
    primary = next((i for i, reporter in enumerate(reporters) if reporter.primary), 0)
    for i, reporter in enumerate(reporters):
        derived = approved.snapshot.derived_value
        qualification = reporter.qualification or derived(f"/reporters/{i}/qualification")
        yield PrimarySource(
            title=reporter.title,
            given_name=reporter.given_name,
            family_name=reporter.family_name,
            organisation=reporter.organisation,
            country=reporter.country or derived(f"/reporters/{i}/country"),
            qualification=QUALIFICATIONS[clinical.Qualification(qualification)] if qualification else NullFlavor.UNK,
            regulatory_purposes="1" if i == primary else None,
        )


def _study(study: clinical.Study | None) -> Study:
    if study is None:
        return Study()
    kind = None if study.type is None else str(study.type)
    return Study(name=study.name, sponsor_study_number=study.number, study_type=kind)


def _patient(patient: clinical.Patient) -> Patient:
    return Patient(
        initials=patient.initials or NullFlavor.UNK,
        birth_date=_date(patient.birth_date) if len(patient.birth_date or "") == _DAY else None,
        age=_number(patient.age.value) if patient.age else None,
        age_unit=AGE_UNITS[patient.age.unit] if patient.age else None,
        age_group=coded(AGE_GROUPS, patient.age_group),
        weight=_number(patient.weight_kg),
        height=_number(patient.height_cm),
        sex=coded(SEXES, patient.sex),
    )


def _reaction(reaction: clinical.Reaction) -> Reaction:
    met = {name: True if criterion in reaction.criteria else NullFlavor.NI for criterion, name in CRITERIA.items()}
    return Reaction(
        reported_text=reaction.verbatim,
        reported_language=(reaction.language or UNDETERMINED_LANGUAGE) if reaction.verbatim else None,
        translated_text=reaction.translation,
        meddra_version=reaction.coding.version if reaction.coding else None,
        meddra_code=reaction.coding.llt_code if reaction.coding else None,
        start_date=_date(reaction.onset),
        end_date=_date(reaction.end),
        outcome=OUTCOMES[reaction.outcome or clinical.Outcome.UNKNOWN],
        country=reaction.country,
        **met,
    )


def _drug(drug: clinical.Drug) -> Drug:
    return Drug(
        role=coded(ROLES, drug.role),
        name=drug.name or ", ".join(drug.substances),
        substances=tuple(Substance(name=name) for name in drug.substances),
        authorisation_number=drug.authorisation_number,
        authorisation_country=drug.authorisation_country,
        authorisation_holder=drug.holder,
        action_taken=coded(ACTIONS_TAKEN, drug.action_taken),
        dosages=_dosages(drug),
        indications=(Indication(reported_text=drug.indication),) if drug.indication else (),
    )


def _dosages(drug: clinical.Drug) -> tuple[Dosage, ...]:
    dosage = Dosage(
        dose=_number(drug.dose.value) if drug.dose else None,
        dose_unit=drug.dose.unit if drug.dose else None,
        start_date=_date(drug.start),
        end_date=_date(drug.end),
        batch_number=drug.batch_number,
        dosage_text=drug.dose_text,
        route_text=drug.route,
    )
    return () if dosage == Dosage() else (dosage,)


def _narrative(content: clinical.CaseContent, patient: clinical.Patient) -> Narrative:
    """H.1 is required and takes no nullFlavor: where none was received, the sender says so and lists what was."""
    events = ", ".join(r.verbatim or "an event" for r in content.reactions)
    drugs = ", ".join(d.name or "a drug" for d in content.drugs)
    composed = f"[Composed by the sender: no narrative was received.] Reported: {events}. Drugs: {drugs}."
    comments = [content.sender_comments] if content.sender_comments else []
    if patient.birth_date and len(patient.birth_date) < _DAY:
        comments.append(f"Date of birth as reported: {patient.birth_date} (D.2.1 takes a full date only).")
    return Narrative(
        case_narrative=content.narrative or composed,
        reporter_comments=content.reporter_comments,
        sender_comments="\n".join(comments) or None,
    )


def _date(reported: str | None) -> TS | None:
    return TS(reported.replace("-", "")) if reported else None


def _day(day: date) -> TS:
    return TS(f"{day:%Y%m%d}")


def _instant(instant: datetime) -> TS:
    return TS(f"{instant:%Y%m%d%H%M%S%z}")


def _number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:g}")


def _uncoded(content: clinical.CaseContent) -> Iterator[BuildIssue]:
    for reaction in content.reactions:
        if reaction.coding is None:
            words = f"{reaction.verbatim!r} is not coded; choose a term of the dictionary."
            yield BuildIssue(rule_id="E.i.2.1b-uncoded", element_id="E.i.2.1b", words=words)


def _invented_codes(content: clinical.CaseContent, test: bool) -> Iterator[BuildIssue]:
    for reaction in content.reactions:
        if reaction.coding is not None and reaction.coding.demonstration and not test:
            words = f"{reaction.coding.llt_code} is an invented code and this is no test destination; code with MedDRA."
            yield BuildIssue(rule_id="E.i.2.1b-demonstration", element_id="E.i.2.1b", words=words)


def _criteria(content: clinical.CaseContent) -> Iterator[BuildIssue]:
    for reaction in content.reactions:
        fatal = reaction.outcome is clinical.Outcome.FATAL
        if (reaction.serious or fatal) and not reaction.criteria:
            words = f"{reaction.verbatim!r} is serious by no stated criterion; choose one of E.i.3.2a to f."
            yield BuildIssue(rule_id="serious_criterion_not_stated", element_id="E.i.3.2", words=words)


def _roles(content: clinical.CaseContent) -> Iterator[BuildIssue]:
    for drug in content.drugs:
        if drug.role is None:
            words = f"The role of {drug.name!r} was not stated; choose one."
            yield BuildIssue(rule_id="G.k.1-not-stated", element_id="G.k.1", words=words)


def _first_sender(content: clinical.CaseContent) -> Iterator[BuildIssue]:
    if content.worldwide_case_id and content.first_sender is None:
        words = "The worldwide unique case identification was received without its first sender; state which it was."
        yield BuildIssue(rule_id="C.1.8.2-not-stated", element_id="C.1.8.2", words=words)
