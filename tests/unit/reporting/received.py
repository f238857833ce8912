"""A received report and the case that it became, as intake reads it: every field that the case has is filled."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import msgspec

from intake.domain.icsr.case import told_by
from shared.contracts import clinical, codes
from shared.icsr import api
from shared.icsr.api import to_json
from shared.icsr.element import Element
from shared.icsr.elements.g_dosage import Dosage
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Batch, Drug, Message, SafetyReport
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment, Coded, Unparsed
from shared.icsr.rules.carry import identities
from tests.unit.icsr.filled import filled, value_for

Words = dict[Any, str]

SPOILT: dict[str, object] = {
    "absent": None,
    "unk": NullFlavor.UNK,
    "ninf": NullFlavor.NINF,
    "unparsed": Unparsed("20251399"),
    "long": "x" * 300,
    "spaces": " ",
    "two words": "m g",
    "control": "a\x0bb",
    "coded": Coded("X 1", "no system"),
    "future": TS("2027"),
    "version": "26.1",
}
READ_AT = datetime(2026, 11, 29, tzinfo=UTC)
IDS = sorted({each.element.id for each in api.elements() if each.field.startswith("messages[].report.")})
# What FDA takes before marketing only (R0107 to R0109), and of a drug that is a similar device (R0072).
NOT_AFTER_MARKETING = {"FDA.C.5.5a", "FDA.C.5.5b", "FDA.C.5.6.r", "FDA.G.k.1.a"}


def whole() -> SafetyReport:
    """The report with a value in every element; it has a study, so it is from one (C.1.3 = 2)."""
    report = filled(messages=1).messages[0].report
    return replace(report, identification=replace(report.identification, report_type="2"))


def json_of(report: SafetyReport) -> dict[str, Any]:
    """The report as a case keeps it."""
    told = cast("dict[str, Any]", to_json(Batch(messages=(Message(report=report),))))
    return cast("dict[str, Any]", told["messages"][0].get("report", {}))


def content_of(report: SafetyReport) -> clinical.CaseContent:
    """The case of a received report."""
    patient, case = report.patient, report.identification
    # Of these groups the case adds what it says beyond, so that they must be what intake reads, cut to fit and all.
    read = told_by(Message(report=report), READ_AT).content
    return clinical.CaseContent(
        report_type=_word(codes.REPORT_TYPES, case.report_type),
        patient=clinical.Patient(
            initials=_text(patient.initials),
            birth_date=_date(patient.birth_date),
            age=clinical.Age(value=float(cast("Any", patient.age)), unit=_word(codes.AGE_UNITS, patient.age_unit))
            if _is_number(patient.age)
            else None,
            age_group=_word(codes.AGE_GROUPS, patient.age_group),
            sex=_word(codes.SEXES, patient.sex),
            weight_kg=_number(patient.weight),
            height_cm=_number(patient.height),
            medical_history=_text(report.medical_history.narrative),
            death_date=_date(report.death.death_date),
        ),
        reporters=tuple(map(_reporter, report.primary_sources, identities(report.primary_sources))),
        reactions=tuple(
            msgspec.structs.replace(_reaction(each, identity), causality=judged.causality)
            for each, identity, judged in zip(
                report.reactions, identities(report.reactions), read.reactions, strict=True
            )
        ),
        drugs=tuple(
            msgspec.structs.replace(_drug(each, identity), situations=told.situations)
            for each, identity, told in zip(report.drugs, identities(report.drugs), read.drugs, strict=True)
        ),
        study=clinical.Study(
            name=_text(report.study.name),
            number=_text(report.study.sponsor_study_number),
            type=int(kind) if (kind := _text(report.study.study_type)) in {"1", "2", "3"} and kind else None,
            registrations=read.study.registrations if read.study else (),
            ind_number=read.study.ind_number if read.study else None,
        ),
        parent=read.parent,
        literature=read.literature,
        linked_cases=read.linked_cases,
        narrative=_text(report.narrative.case_narrative),
        reporter_comments=_text(report.narrative.reporter_comments),
        sender_comments=_text(report.narrative.sender_comments),
        worldwide_case_id=_text(case.worldwide_case_id),
        first_sender="regulator" if case.first_sender == "1" else "other",
        other_case_ids=tuple(
            clinical.CaseIdentifier(source=str(each.source), identifier=str(each.identifier))
            for each in case.other_identifiers
            if _text(each.source) and _text(each.identifier)
        ),
        received_icsr=json_of(report),
    )


def _reporter(source: Any, identity: str) -> clinical.Reporter:
    return clinical.Reporter(
        title=_text(source.title),
        given_name=_text(source.given_name),
        family_name=_text(source.family_name),
        organisation=_text(source.organisation),
        country=_text(source.country),
        qualification=_word(codes.QUALIFICATIONS, source.qualification),
        primary=source.regulatory_purposes == codes.PRIMARY or None,
        received_id=identity,
    )


def _reaction(reaction: Any, identity: str) -> clinical.Reaction:
    code, version = _text(reaction.meddra_code), _text(reaction.meddra_version)
    coding = clinical.Coding(dictionary="MedDRA", version=version, llt_code=code) if code and version else None
    criteria = tuple(word for field, word in codes.CRITERIA.items() if getattr(reaction, field) is True)
    return clinical.Reaction(
        verbatim=_text(reaction.reported_text),
        language=_text(reaction.reported_language),
        translation=_text(reaction.translated_text),
        received_coding=coding,
        coding=coding,
        serious=bool(criteria) or None,
        criteria=criteria,
        onset=_date(reaction.start_date),
        end=_date(reaction.end_date),
        outcome=_word(codes.OUTCOMES, reaction.outcome),
        country=_text(reaction.country),
        received_id=identity,
    )


def _drug(drug: Drug, identity: str) -> clinical.Drug:
    indications = [words for each in drug.indications if (words := _text(each.reported_text))]
    dosage = drug.dosages[0] if drug.dosages else Dosage()
    value, unit = _number(dosage.dose), _text(dosage.dose_unit)
    return clinical.Drug(
        name=_text(drug.name),
        role=_word(codes.ROLES, drug.role),
        blinded=drug.blinded is True or None,
        substances=tuple(name for each in drug.substances if (name := _text(each.name))),
        authorisation_number=_text(drug.authorisation_number),
        authorisation_country=_text(drug.authorisation_country),
        holder=_text(drug.authorisation_holder),
        batch_number=_text(dosage.batch_number),
        dose=clinical.Dose(value=value, unit=unit) if value is not None and unit else None,
        dose_text=_text(dosage.dosage_text),
        route=_text(dosage.route_text),
        start=_date(dosage.start_date),
        end=_date(dosage.end_date),
        indication=indications[0] if indications else None,
        action_taken=_word(codes.ACTIONS_TAKEN, drug.action_taken),
        received_id=identity,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _date(value: object) -> str | None:
    if not isinstance(value, TS):
        return None
    digits = value.digits[:8]
    return "-".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)


def _is_number(value: object) -> bool:
    return type(value).__name__ == "Decimal"


def _number(value: object) -> float | None:
    return float(cast("Any", value)) if _is_number(value) else None


def _word(table: Words, code: object) -> Any:
    return next((word for word, each in table.items() if each == code), None)


def spoilt(how: Mapping[str, str]) -> SafetyReport:
    """The report with a value in every element, but for those that are spoilt."""

    def make(element: Element, n: int) -> object:
        if element.id not in how or (how[element.id] == "version" and element.max_length != 4):
            return value_for(element, n)
        value = SPOILT[how[element.id]]
        return value if isinstance(value, NullFlavor | Coded | None) else _fitting(element, value)

    return filled(make, messages=1).messages[0].report


def _fitting(element: Element, value: object) -> object:
    """A value of another kind than the element's is told as it stands in a file: as characters."""
    if element.kind is str or element.kind is Attachment:
        return str(value) if element.kind is str else Attachment(reference=str(value))
    return value if isinstance(value, element.kind) else Unparsed(str(value))
