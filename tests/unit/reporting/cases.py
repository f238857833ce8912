"""Approved cases typed by hand; names, products and codes are made up."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from shared.contracts import topics
from shared.contracts.case_approved import (
    Approval,
    CaseApproved,
    DestinationIdentity,
    ExpeditedDecision,
    SponsorIdentity,
)
from shared.contracts.case_snapshot import CaseSnapshot, Derived
from shared.contracts.clinical import Age, CaseContent, Coding, Dose, Drug, Patient, Reaction, Reporter
from shared.contracts.code_lists import (
    ActionTaken,
    AgeUnit,
    Criterion,
    DrugRole,
    Outcome,
    Qualification,
    ReportType,
    Sex,
)
from shared.contracts.envelope import Event, event_of
from shared.icsr.api import (
    Acknowledgement,
    MessageAcknowledgement,
    MessageCode,
    TransmissionCode,
    write_acknowledgement,
)
from shared.icsr.model.dates import TS

SPONSOR = "asteria"
NOW = datetime(2026, 3, 12, 9, 30, 15, 250_000, tzinfo=UTC)
C_1_1 = "US-ASTERIA-00000007"

FDA = DestinationIdentity(
    destination="fda_post_marketing",
    authority="FDA",
    batch_sender="ASTERIATEST",
    batch_receiver="ZZFDATST",
    message_sender="ASTERIATEST",
    message_receiver="CDER",
    test=True,
)
IND = msgspec.structs.replace(FDA, destination="fda_ind", batch_receiver="ZZFDATST_PREMKT", message_receiver="CDER_IND")
EU = DestinationIdentity(
    destination="eu_post_marketing",
    authority="EMA",
    batch_sender="ASTERIAEU",
    batch_receiver="EVTEST",
    message_sender="ASTERIAEU",
    message_receiver="EVTEST",
    test=True,
)
FIFTEEN_DAYS = ExpeditedDecision(
    rule_id="FDA-15",
    rulebook="2026.1",
    days=15,
    due=date(2026, 3, 24),
    expedited=True,
    local_criteria_report_type="1",
    obligations=("obl_1",),
)
NINETY_DAYS = ExpeditedDecision(
    rule_id="EU-90",
    rulebook="2026.1",
    days=90,
    due=date(2026, 6, 7),
    expedited=True,
    local_criteria_report_type=None,
    obligations=("obl_2",),
)


def coding(code: str = "90000001", name: str = "Acute liver failure", demonstration: bool = True) -> Coding:
    dictionary = "DayZero demonstration" if demonstration else "MedDRA"
    return Coding(dictionary=dictionary, version="1.0", llt_code=code, llt_name=name, demonstration=demonstration)


FATAL_REACTION = Reaction(
    verbatim="Liver failure",
    language="eng",
    coding=coding(),
    serious=True,
    criteria=(Criterion.DEATH, Criterion.HOSPITALISATION),
    onset="2026-03-02",
    end="2026-03-06",
    outcome=Outcome.FATAL,
    country="US",
)
SUSPECT = Drug(
    name="Hepalor",
    role=DrugRole.SUSPECT,
    substances=("hepalorin",),
    authorisation_number="NDA021999",
    authorisation_country="US",
    holder="Asteria Pharma",
    batch_number="L123",
    dose=Dose(value=40, unit="mg"),
    route="oral",
    start="2026-02",
    end="2026-03-02",
    indication="High cholesterol",
    action_taken=ActionTaken.WITHDRAWN,
)
FATAL = CaseContent(
    report_type=ReportType.SPONTANEOUS,
    patient=Patient(
        initials="J.D.",
        age=Age(value=61, unit=AgeUnit.YEAR),
        sex=Sex.MALE,
        weight_kg=82.5,
        medical_history="Hypercholesterolaemia.",
        death_date="2026-03-06",
    ),
    reporters=(Reporter(family_name="Smith", country="US", qualification=Qualification.PHYSICIAN, primary=True),),
    reactions=(FATAL_REACTION,),
    drugs=(SUSPECT,),
    narrative="A 61-year-old man took Hepalor from February 2026, developed liver failure and died on 6 March 2026.",
)
MILD = CaseContent(
    report_type=ReportType.SPONTANEOUS,
    patient=Patient(sex=Sex.FEMALE, age=Age(value=34, unit=AgeUnit.YEAR)),
    reporters=(Reporter(),),
    reactions=(
        Reaction(verbatim="頭痛", language="jpn", translation="Headache", coding=coding("90000002", "Headache")),
        Reaction(verbatim="ναυτία", language="ell", translation="Nausea", coding=coding("90000003", "Nausea")),
    ),
    drugs=(Drug(name="Ηπαλόρ", role=DrugRole.SUSPECT),),
)
MILD_DERIVED = (
    Derived(
        pointer="/reporters/0/country", value="GR", basis="country in which the report was received", rule_id="GVP-1"
    ),
    Derived(pointer="/reporters/0/qualification", value="consumer", basis="none stated", rule_id="GVP-2"),
)


def approved(content: CaseContent = FATAL, **changes: Any) -> CaseApproved:
    """An FDA approval of version 1, received on 9 March; ``changes`` by field of the approval or of its snapshot."""
    in_snapshot = {name: changes.pop(name) for name in list(changes) if name in CaseSnapshot.__struct_fields__}
    snapshot = CaseSnapshot(
        case_id="case_1",
        version=1,
        sponsor=SPONSOR,
        content=content,
        derived=(),
        first_received_on=date(2026, 3, 9),
        latest_information_on=date(2026, 3, 9),
        day_zero=date(2026, 3, 9),
    )
    approval = CaseApproved(
        approval_id="apr_1",
        safety_report_id=C_1_1,
        sponsor=SponsorIdentity(sponsor=SPONSOR, organisation="Asteria Pharma", company_code="ASTERIA"),
        destination=FDA,
        decision=FIFTEEN_DAYS,
        approval=Approval(actor="dr.mora", authentication="none", at=NOW, reason="Assessed and complete"),
        snapshot=msgspec.structs.replace(snapshot, **in_snapshot),
    )
    return msgspec.structs.replace(approval, **changes)


def mild(**changes: Any) -> CaseApproved:
    """An EU approval of a non-serious case in Japanese and Greek."""
    identity: dict[str, Any] = {
        "content": MILD,
        "approval_id": "apr_eu",
        "case_id": "case_2",
        "safety_report_id": "GR-ASTERIA-00000008",
        "destination": EU,
        "decision": NINETY_DAYS,
        "derived": MILD_DERIVED,
    }
    return approved(**(identity | changes))


def with_reaction(**changes: Any) -> CaseContent:
    """The fatal case with its reaction changed."""
    return msgspec.structs.replace(FATAL, reactions=(msgspec.structs.replace(FATAL_REACTION, **changes),))


def with_drug(**changes: Any) -> CaseContent:
    """The fatal case with its drug changed."""
    return msgspec.structs.replace(FATAL, drugs=(msgspec.structs.replace(SUSPECT, **changes),))


def with_content(**changes: Any) -> CaseContent:
    """The fatal case with something else changed."""
    return msgspec.structs.replace(FATAL, **changes)


def event(body: CaseApproved) -> Event:
    """Triage's event, whose id is the approval's."""
    return event_of(
        event_id=body.approval_id,
        topic=topics.CASE_APPROVED,
        at=NOW,
        sponsor=body.snapshot.sponsor,
        subject=body.snapshot.case_id,
        body=body,
    )


def acknowledgement(
    batch_number: str,
    code: MessageCode | None = MessageCode.ACCEPTED,
    message_number: str | None = C_1_1,
    transmission: TransmissionCode = TransmissionCode.ACCEPTED,
    comment: str | None = None,
    ack_batch_number: str = "ACK-1",
) -> bytes:
    """A destination's answer to one batch."""
    told = MessageAcknowledgement(
        message_number=message_number, local_report_number="FDA-77", code=code, comment=comment
    )
    return write_acknowledgement(
        Acknowledgement(
            ack_batch_number=ack_batch_number,
            date=TS("20260312120000+0000"),
            sender="ZZFDATST",
            receiver="ASTERIATEST",
            batch_number=batch_number,
            code=transmission,
            messages=(told,) if code or message_number else (),
        )
    )
