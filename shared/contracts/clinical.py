"""What a report says, in the field's words: patient, reporters, reactions, drugs, narrative (ICH E2B(R3) C to H).

The same content travels from intake to triage to reporting. Every field may be absent: a poor report is still a report.
Dates keep the precision they were reported with: ``2026``, ``2026-03``, ``2026-03-09``. Element ids are in
``shared.icsr.elements``; here are words.
"""

from typing import Any

import msgspec

from shared.contracts.code_lists import (
    ActionTaken,
    AgeGroup,
    AgeUnit,
    CausalityResult,
    CausalitySource,
    Criterion,
    DrugRole,
    Outcome,
    Qualification,
    RelationToPatient,
    ReportType,
    SenderType,
    Sex,
    Situation,
)


class Content(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Base of every part of a report: immutable, and what was not said is not written."""


class Age(Content, frozen=True, omit_defaults=True, kw_only=True):
    """Age at onset of the reaction (D.2.2)."""

    value: float
    unit: AgeUnit | None = None  # not stated: the patient is characterised all the same


class Patient(Content, frozen=True, omit_defaults=True, kw_only=True):
    """The patient (D)."""

    initials: str | None = None
    birth_date: str | None = None
    age: Age | None = None
    age_group: AgeGroup | None = None
    sex: Sex | None = None
    weight_kg: float | None = None
    height_cm: float | None = None
    medical_history: str | None = None
    death_date: str | None = None
    pregnant: bool | None = None  # exposed during pregnancy (GVP VI.B.6.1)
    not_known: tuple[str, ...] = ()  # fields of this part that were asked for and answered "not known"


class Reporter(Content, frozen=True, omit_defaults=True, kw_only=True):
    """A primary source (C.2.r). Exactly one is the source for regulatory purposes (C.2.r.5)."""

    title: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    organisation: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    qualification: Qualification | None = None
    primary: bool | None = None
    relation_to_patient: RelationToPatient | None = None
    contact: str | None = None  # how to reach the reporter, as given
    contact_consent: bool | None = None  # may we ask back?
    confidential: bool | None = None  # the name must not be passed on
    privacy_notice: str | None = None  # version of the notice that the reporter was shown
    received_id: str | None = None  # which primary source of received_icsr it is; never accepted from outside
    not_known: tuple[str, ...] = ()  # fields of this part that were asked for and answered "not known"


class Coding(Content, frozen=True, omit_defaults=True, kw_only=True):
    """A term of a dictionary in MedDRA's form: the code that E.i.2.1b carries and the version of E.i.2.1a."""

    dictionary: str
    version: str
    llt_code: str
    llt_name: str | None = None
    pt_code: str | None = None
    pt_name: str | None = None
    demonstration: bool = False  # invented codes: they build for test destinations only
    chosen: bool = False  # a person chose it; what was looked up is looked up again with each version


class Causality(Content, frozen=True, omit_defaults=True, kw_only=True):
    """What one source judged of one reaction with one drug (G.k.9.i.2.r)."""

    source: CausalitySource | None = None
    drug: str | None = None  # its name as in the case; None: with every suspect drug
    method: str | None = None  # G.k.9.i.2.r.2
    result: CausalityResult | None = None
    result_text: str | None = None  # G.k.9.i.2.r.3 in the words of the source or of the scale


class Reaction(Content, frozen=True, omit_defaults=True, kw_only=True):
    """A reaction or event (E.i)."""

    verbatim: str | None = None
    language: str | None = None  # ISO 639-2
    translation: str | None = None
    received_coding: Coding | None = None
    coding: Coding | None = None
    serious: bool | None = None
    criteria: tuple[Criterion, ...] = ()
    criteria_derived: bool = False  # "derived from case level": the source judged the case, not the event
    onset: str | None = None
    end: str | None = None
    outcome: Outcome | None = None
    country: str | None = None  # where it occurred, E.i.9
    causality: tuple[Causality, ...] = ()
    without_harm: bool | None = None  # a situation reported as the event, as an overdose, of which no harm came
    lack_of_efficacy: bool | None = None
    held_non_serious: bool | None = None  # a person judged so against what pointed to it; never accepted from outside
    received_id: str | None = None  # which reaction of received_icsr it is; never accepted from outside
    not_known: tuple[str, ...] = ()  # fields of this part that were asked for and answered "not known"


class Dose(Content, frozen=True, omit_defaults=True, kw_only=True):
    """A dose (G.k.4.r.1)."""

    value: float
    unit: str  # UCUM


class Drug(Content, frozen=True, omit_defaults=True, kw_only=True):
    """A drug (G.k)."""

    name: str | None = None
    role: DrugRole | None = None
    substances: tuple[str, ...] = ()
    authorisation_number: str | None = None
    authorisation_country: str | None = None
    holder: str | None = None
    batch_number: str | None = None
    dose: Dose | None = None
    dose_text: str | None = None
    route: str | None = None
    start: str | None = None
    end: str | None = None
    indication: str | None = None
    action_taken: ActionTaken | None = None
    situations: tuple[Situation, ...] = ()
    malfunction: bool | None = None  # of a combination product's device: could harm if it came again (21 CFR 803.3)
    remedial_action: bool | None = None  # the device needs remedial action against substantial harm (21 CFR 803.53)
    blinded: bool | None = None  # G.k.2.5: true only while blinded
    placebo: bool | None = None  # who unblinded it said so; never accepted from outside
    sponsor_product: bool | None = None  # a person said whether it is the sponsor's; never accepted from outside
    received_id: str | None = None  # which drug of received_icsr it is; never accepted from outside
    not_known: tuple[str, ...] = ()  # fields of this part that were asked for and answered "not known"


class Study(Content, frozen=True, omit_defaults=True, kw_only=True):
    """The study a report comes from (C.5)."""

    name: str | None = None
    number: str | None = None
    type: int | None = None  # C.5.4: 1 clinical trial, 2 individual use, 3 other
    registrations: tuple[str, ...] = ()  # C.5.1.r.1: EU trial number, NCT number
    ind_number: str | None = None  # FDA.C.5.5a


class Parent(Content, frozen=True, omit_defaults=True, kw_only=True):
    """The parent through whom a child or foetus was exposed (D.10)."""

    identification: str | None = None  # D.10.1
    birth_date: str | None = None
    age: Age | None = None
    sex: Sex | None = None
    medical_history: str | None = None


class CaseIdentifier(Content, frozen=True, omit_defaults=True, kw_only=True):
    """An identifier that somebody else gave this case (C.1.9.1.r)."""

    source: str
    identifier: str


class CaseContent(Content, frozen=True, omit_defaults=True, kw_only=True):
    """Everything clinical that is known of one case, as reported, joined and amended."""

    report_type: ReportType | None = None
    patient: Patient | None = None
    reporters: tuple[Reporter, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    drugs: tuple[Drug, ...] = ()
    study: Study | None = None
    parent: Parent | None = None
    literature: tuple[str, ...] = ()  # C.4.r.1, in Vancouver style
    linked_cases: tuple[str, ...] = ()  # C.1.10.r: mother and child, patients of one article
    narrative: str | None = None
    reporter_comments: str | None = None
    sender_comments: str | None = None
    worldwide_case_id: str | None = None  # C.1.8.1 as received: kept byte for byte
    first_sender: str | None = None  # C.1.8.2: regulator | other
    other_case_ids: tuple[CaseIdentifier, ...] = ()
    received_from: tuple[SenderType, ...] = ()  # C.3.1 of those who sent it; never accepted from outside
    # the report as received by E2B, in the JSON form of shared.icsr; never accepted from outside
    received_icsr: dict[str, Any] | None = None
    # YYYY-MM-DD on which the sponsor determined that it qualifies (21 CFR 312.32(c)(1)); never accepted from outside
    qualified_on: str | None = None
    nullified: str | None = None  # why the case is void (C.1.11.2), by two persons; never accepted from outside
    goes_on: bool | None = None  # a person said so though the sender nullified it; never accepted from outside
