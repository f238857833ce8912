"""Two batches typed by hand: the least the guide lets through, and one as a sponsor sends it.

Names, products and codes are made up; MedDRA-like codes are those of the demonstration dictionary.
"""

from __future__ import annotations

from decimal import Decimal

from shared.icsr.elements.c1_identification import CaseIdentification, OtherCaseIdentifier
from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.elements.c3_sender import Sender
from shared.icsr.elements.c5_study import CrossReportedInd, Study
from shared.icsr.elements.d7_history import MedicalHistory
from shared.icsr.elements.d9_death import Death
from shared.icsr.elements.d_patient import Patient
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.elements.fda_regional import FdaReport
from shared.icsr.elements.g_dosage import Dosage
from shared.icsr.elements.g_drugs import Substance
from shared.icsr.elements.g_indication import Indication
from shared.icsr.elements.g_matrix import Assessment, DrugReaction
from shared.icsr.elements.h_narrative import Narrative
from shared.icsr.model.acknowledgement import (
    Acknowledgement,
    MessageAcknowledgement,
    MessageCode,
    TransmissionCode,
)
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Batch, Drug, Message, SafetyReport
from shared.icsr.model.null_flavor import NullFlavor

NOTE = "test file: MedDRA codes are from the demonstration dictionary"
CREATED = TS("20260401120000+0200")
NI = NullFlavor.NI


def minimal() -> Batch:
    """Only what ICH makes mandatory or required, for a receiver that asks for nothing of its own."""
    report = SafetyReport(
        identification=CaseIdentification(
            safety_report_id="SE-ORBIS-0001",
            creation_date=CREATED,
            report_type="1",
            first_received=TS("20260330"),
            most_recent_information=TS("20260330"),
            additional_documents=False,
            expedited=True,
            worldwide_case_id="SE-ORBIS-0001",
            first_sender="2",
            has_other_identifiers=NI,
        ),
        primary_sources=(PrimarySource(country="SE", qualification="5", regulatory_purposes="1"),),
        sender=Sender(sender_type="1", organisation="Orbis Demonstration AB"),
        patient=Patient(initials=NullFlavor.MSK),
        medical_history=MedicalHistory(narrative=NullFlavor.UNK),
        reactions=(
            Reaction(
                meddra_version="29.0",
                meddra_code="99000001",
                results_in_death=NI,
                life_threatening=NI,
                hospitalisation=True,
                disabling=NI,
                congenital_anomaly=NI,
                other_medically_important=NI,
                outcome="1",
            ),
        ),
        drugs=(Drug(role="1", name="Exemplon"),),
        narrative=Narrative(case_narrative="A consumer reports a fall in hospital two days after Exemplon."),
    )
    message = Message(
        message_id="SE-ORBIS-0001",
        message_sender="ORBIS",
        message_receiver="EXAMPLETEST",
        message_date=CREATED,
        report=report,
    )
    return Batch(
        batch_number="ORBIS-B-0001",
        batch_sender="ORBIS",
        batch_receiver="EXAMPLETEST",
        transmission_date=TS("20260401120100+0200"),
        messages=(message,),
    )


def rich() -> Batch:
    """A follow-up report from a study to FDA."""
    report = SafetyReport(
        identification=CaseIdentification(
            safety_report_id="US-ORBIS-0002",
            creation_date=CREATED,
            report_type="2",
            first_received=TS("20260301"),
            most_recent_information=TS("202603310830-0500"),
            additional_documents=False,
            expedited=True,
            worldwide_case_id="JP-REGULATOR-77/8",
            first_sender="1",
            has_other_identifiers=True,
            other_identifiers=(
                OtherCaseIdentifier(source="Regulator", identifier="JP-REGULATOR-77/8"),
                OtherCaseIdentifier(source="Partner & Co", identifier='US-PARTNER-"9"'),
            ),
            nullification_or_amendment="2",
            nullification_or_amendment_reason="The narrative was incomplete.",
        ),
        primary_sources=(_physician(), PrimarySource(middle_name="Q.", qualification=NullFlavor.UNK)),
        sender=Sender(sender_type="1", organisation="Orbis Demonstration AB"),
        study=Study(
            name="Exemplon in healthy volunteers",
            sponsor_study_number=NullFlavor.NASK,
            study_type="1",
            fda_ind_number="123456",
            fda_cross_reported=(CrossReportedInd(number=NullFlavor.NA),),
        ),
        patient=Patient(
            initials="A.B.",
            birth_date=TS("19780615"),
            age=Decimal("47.50"),
            age_unit="a",
            age_group="5",
            weight=Decimal("71.2"),
            height=Decimal("168"),
            sex="2",
        ),
        medical_history=MedicalHistory(narrative="Hypertension since 2019.\nNo known allergies."),
        death=Death(death_date=TS("202603"), autopsy_done=NullFlavor.UNK),
        reactions=(_native_reaction(), _fatal_reaction()),
        drugs=(_suspect_drug(), Drug(role="2", name="Aspirin", action_taken="9")),
        narrative=Narrative(
            case_narrative="Line one.\n\tLine two: 5 < 6 & 7 > 6; ≥ 39 °C; \U0001f912\r\nLine three.",
            reporter_comments="Probably related.",
            sender_comments="Related in the sender's view as well.",
        ),
        fda=FdaReport(local_criteria_report_type="6"),
    )
    message = Message(
        message_id="US-ORBIS-0002",
        message_sender="ORBIS",
        message_receiver="CDER_IND",
        message_date=CREATED,
        report=report,
    )
    return Batch(
        batch_number="ORBIS-B-0002",
        batch_sender="ORBIS",
        batch_receiver="ZZFDATST_PREMKT",
        transmission_date=TS("20260401120100+0200"),
        messages=(message,),
    )


def acknowledgement() -> Acknowledgement:
    """One message of a batch accepted with a warning, one rejected."""
    accepted = MessageAcknowledgement(
        message_number="US-ORBIS-0002",
        local_report_number="L-1",
        receiver="ORBIS",
        sender="CDER_IND",
        message_date=CREATED,
        code=MessageCode.ACCEPTED,
        comment="Loaded;\nWarning 1: a < b & c",
    )
    rejected = MessageAcknowledgement(message_number="US-ORBIS-0003", code=MessageCode.REJECTED)
    return Acknowledgement(
        ack_batch_number="ACK-1",
        sender="ZZFDATST_PREMKT",
        receiver="ORBIS",
        date=TS("20260401130000+0000"),
        batch_number="ORBIS-B-0002",
        local_message_number='4"2',
        batch_date=TS("20260401120100+0200"),
        code=TransmissionCode.ERROR,
        error="One of two messages has errors",
        messages=(accepted, rejected),
    )


def _physician() -> PrimarySource:
    return PrimarySource(
        title="Dr",
        given_name="Maria",
        middle_name=NullFlavor.MSK,
        family_name="Muster",
        organisation="General Hospital",
        city="Springfield",
        telephone="+1 555 0100",
        country="US",
        qualification="1",
        regulatory_purposes="1",
    )


# FDA wants a study's suspect drug assessed against a reaction, which it refers to by this id.
_FATAL = "6d1fbd14-6f5e-4a58-9d5e-6a1b2c3d4e5f"


def _native_reaction() -> Reaction:
    return Reaction(
        reported_text="Übelkeit",
        reported_language="ger",
        translated_text="Nausea",
        meddra_version="29.0",
        meddra_code="99000002",
        results_in_death=NI,
        life_threatening=NI,
        hospitalisation=NI,
        disabling=NI,
        congenital_anomaly=NI,
        other_medically_important=True,
        start_date=TS("20260228"),
        end_date=NullFlavor.ASKU,
        outcome="3",
        country="US",
    )


def _fatal_reaction() -> Reaction:
    return Reaction(
        id=_FATAL,
        meddra_version="29.0",
        meddra_code="99000003",
        results_in_death=True,
        life_threatening=True,
        hospitalisation=NI,
        disabling=NI,
        congenital_anomaly=NI,
        other_medically_important=NI,
        start_date=TS("20260301230000-0500"),
        end_date=TS("20260302"),
        outcome="5",
    )


def _suspect_drug() -> Drug:
    return Drug(
        role="1",
        name="Exemplon 5 mg",
        substances=(Substance(name="exemplonum"), Substance(name="second substance")),
        authorisation_number="IND 12345",
        authorisation_country="US",
        authorisation_holder="Orbis Demonstration AB",
        reactions=(
            DrugReaction(
                reaction=_FATAL,
                assessments=(Assessment(source="Sponsor", method="FDA", result="Suspected"),),
            ),
        ),
        dosages=(
            Dosage(
                dose=Decimal("5"),
                dose_unit="mg",
                start_date=TS("2026"),
                end_date=TS("20260301"),
                batch_number="LOT-1",
                dosage_text="5 mg in the morning",
                route_text="oral",
            ),
            Dosage(start_date=NullFlavor.NASK, route_text=NullFlavor.UNK),
        ),
        indications=(
            Indication(reported_text="headache", meddra_version="29.0", meddra_code="99000004"),
            Indication(reported_text=NullFlavor.UNK),
        ),
        action_taken="1",
    )
