"""A batch holds messages, a message one report, a report its sections (guide v5.03, sections 3.1 and 3.4).

The sections know nothing of one another; this module alone puts them together and says where in the message each
section stands.
"""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.icsr.declare import many, one
from shared.icsr.elements.c1_identification import CaseIdentification
from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.elements.c3_sender import Sender
from shared.icsr.elements.c4_literature import LiteratureReference
from shared.icsr.elements.c5_study import Study
from shared.icsr.elements.d7_history import MedicalHistory
from shared.icsr.elements.d8_past_drugs import PastDrug
from shared.icsr.elements.d9_death import Death
from shared.icsr.elements.d10_parent import Parent
from shared.icsr.elements.d_patient import Patient
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.elements.f_tests import Test
from shared.icsr.elements.fda_device import CombinationProduct
from shared.icsr.elements.fda_regional import FdaReport
from shared.icsr.elements.g_dosage import Dosage
from shared.icsr.elements.g_drugs import DrugInformation
from shared.icsr.elements.g_indication import Indication
from shared.icsr.elements.g_matrix import DrugReaction
from shared.icsr.elements.h_narrative import Narrative
from shared.icsr.elements.n_transmission import BatchHeader, MessageHeader

_PATIENT = "component/adverseEventAssessment/subject1/primaryRole"


@dataclass(frozen=True, slots=True)
class Unread:
    """Content of a received file that no declared element holds: where it stands, what it says, why it wasn't taken.

    `content` is `@name='value'` for an attribute, and otherwise the XML or text as received; `line` counts from 1, 0 is
    not known.
    """

    place: str
    content: str
    reason: str
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Drug(DrugInformation):
    """G.k with its dosages, indications, reactions and devices."""

    dosages: tuple[Dosage, ...] = many(
        Dosage,
        "G.k.4.r",
        "Dosage and relevant information",
        "outboundRelationship2[@typeCode=COMP]*/substanceAdministration",
    )
    indications: tuple[Indication, ...] = many(
        Indication,
        "G.k.7.r",
        "Indication for use in case",
        "inboundRelationship[@typeCode=RSON]*/observation[code=19@ich:1.19]",
    )
    reactions: tuple[DrugReaction, ...] = many(
        DrugReaction, "G.k.9.i", "Drug-reaction(s) / event(s) matrix", "", by="reaction"
    )
    fda: CombinationProduct = one(
        CombinationProduct, "FDA.G.k", "FDA: combination product", "consumable/instanceOfKind/kindOfProduct"
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class SafetyReport:
    """C to H: the individual case safety report."""

    identification: CaseIdentification = one(CaseIdentification, "C.1", "Identification of the case safety report")
    primary_sources: tuple[PrimarySource, ...] = many(
        PrimarySource,
        "C.2.r",
        "Primary source of information",
        "outboundRelationship*/relatedInvestigation[code=2@ich:1.22]",
        least=1,
    )
    sender: Sender = one(
        Sender,
        "C.3",
        "Information on sender of case safety report",
        "subjectOf1/controlActEvent[~author]/author/assignedEntity",
    )
    literature: tuple[LiteratureReference, ...] = many(
        LiteratureReference, "C.4.r", "Literature reference(s)", "reference*/document[code=2@ich:1.27]"
    )
    study: Study = one(Study, "C.5", "Study identification", _PATIENT + "/subjectOf1/researchStudy")
    patient: Patient = one(Patient, "D", "Patient characteristics", _PATIENT)
    medical_history: MedicalHistory = one(
        MedicalHistory, "D.7", "Relevant medical history", _PATIENT + "/subjectOf2/organizer[code=1@ich:1.20]"
    )
    past_drugs: tuple[PastDrug, ...] = many(
        PastDrug,
        "D.8.r",
        "Relevant past drug history",
        _PATIENT + "/subjectOf2/organizer[code=2@ich:1.20]/component*/substanceAdministration",
    )
    death: Death = one(Death, "D.9", "In case of death", _PATIENT)
    parent: Parent = one(
        Parent,
        "D.10",
        "For a parent-child / foetus report, information concerning the parent",
        _PATIENT + "/player1/role",
    )
    reactions: tuple[Reaction, ...] = many(
        Reaction,
        "E.i",
        "Reaction / event",
        _PATIENT + "/subjectOf2*/observation[code=29@ich:1.19]",
        least=1,
        key="id",
    )
    tests: tuple[Test, ...] = many(
        Test,
        "F.r",
        "Results of tests and procedures relevant to the investigation of the patient",
        _PATIENT + "/subjectOf2/organizer[code=3@ich:1.20]/component*/observation",
    )
    drugs: tuple[Drug, ...] = many(
        Drug,
        "G.k",
        "Drug information",
        _PATIENT + "/subjectOf2/organizer[code=4@ich:1.20]/component*/substanceAdministration",
        least=1,
        key="id",
    )
    narrative: Narrative = one(Narrative, "H", "Narrative case summary and further information")
    fda: FdaReport = one(FdaReport, "FDA.C.1", "FDA: identification of the case safety report")


@dataclass(frozen=True, kw_only=True, slots=True)
class Message(MessageHeader):
    """N.2.r: one report with its header."""

    report: SafetyReport = one(SafetyReport, "C-H", "Safety report", "controlActProcess/subject/investigationEvent")


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch(BatchHeader):
    """N.1: what one file holds. `unknown` lists what a reader could not take; a batch with any isn't written."""

    ROOT: ClassVar[str] = "MCCI_IN200100UV01"

    messages: tuple[Message, ...] = many(
        Message, "N.2.r", "Message", "PORR_IN049016UV*", least=1, names_ids="message_id"
    )
    unknown: tuple[Unread, ...] = ()
