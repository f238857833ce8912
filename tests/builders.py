"""Synthetic reports and a small registry for tests: a valid case, of which one fact is changed at a time."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from shared.contracts import topics
from shared.contracts.clinical import CaseContent, Coding, Drug, Patient, Reaction, Reporter
from shared.contracts.code_lists import Criterion, DrugRole, Qualification, ReportType, Sex
from shared.contracts.envelope import Event, event_of
from shared.contracts.parked_work import ParkedKind, ParkedWork
from shared.contracts.report_received import Receipt, ReportReceived, Sender
from triage.domain.pipeline import Assessment, Reference, assess
from triage.domain.registry import (
    Authorisation,
    DestinationIds,
    Product,
    ReferenceSafetyInformation,
    Registry,
    Sponsor,
)
from triage.reference.dictionary import Dictionary
from triage.reference.rules import load_rulebooks

DAY_ZERO = date(2026, 11, 23)
RECEIVED_AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RULEBOOKS = load_rulebooks()
RULES = RULEBOOKS[-1]


def _term(number: int, name: str) -> Coding:
    code = str(number)
    return Coding(
        dictionary="test", version="0.0", llt_code=code, llt_name=name, pt_code=code, pt_name=name, demonstration=True
    )


DICTIONARY = Dictionary([_term(99000001, "Headache"), _term(99000002, "Liver failure"), _term(99000003, "Rash")])


def _document(name: str) -> ReferenceSafetyInformation:
    return ReferenceSafetyInformation(
        document=name, version="3", in_force_from=date(2025, 1, 1), terms=("Headache",), fatal_terms=("Liver failure",)
    )


def _ids(receiver: str) -> DestinationIds:
    return DestinationIds(
        batch_sender="HELV", batch_receiver=receiver, message_sender="HELV", message_receiver=receiver, test=True
    )


SPONSOR = Sponsor(
    sponsor="helvion",
    organisation="Helvion",
    company_code="HELV",
    destinations={"fda_postmarketing": _ids("ZZFDATST"), "eu_postmarketing": _ids("EVTEST")},
    products=(
        Product(
            id="alvora",
            names=("Alvora",),
            substances=("alvorium",),
            authorisations=(
                Authorisation(country="US", number="NDA000001", type="NDA", holder="Helvion"),
                Authorisation(country="EU", number="EU/1/00/001", type="MA", holder="Helvion"),
            ),
            reference_safety_information=(_document("USPI"), _document("SmPC")),
        ),
        Product(
            id="biovex",
            names=("Biovex",),
            substances=("biovexumab",),
            authorisations=(Authorisation(country="US", number="BLA000002", type="BLA", holder="Helvion"),),
            reference_safety_information=(_document("USPI"),),
        ),
        Product(
            id="alvora-oral",
            names=("Alvora Oral",),
            substances=("alvorium",),
            authorisations=(Authorisation(country="JP", number="JP1", type="MA", holder="Helvion"),),
        ),
    ),
)
REGISTRY = Registry(sponsors={"helvion": SPONSOR})


def a_reaction(**facts: Any) -> Reaction:
    """A serious, unlisted, coded reaction that occurred in Germany."""
    default: dict[str, Any] = {
        "verbatim": "rash",
        "serious": True,
        "criteria": (Criterion.HOSPITALISATION,),
        "country": "DE",
    }
    return Reaction(**(default | facts))


def a_drug(**facts: Any) -> Drug:
    """The sponsor's product, suspect."""
    default: dict[str, Any] = {"name": "Alvora", "role": DrugRole.SUSPECT}
    return Drug(**(default | facts))


def a_content(**facts: Any) -> CaseContent:
    """A valid spontaneous case: one patient, one physician, one serious unlisted reaction, one suspect product."""
    default: dict[str, Any] = {
        "report_type": ReportType.SPONTANEOUS,
        "patient": Patient(initials="A. B.", sex=Sex.FEMALE),
        "reporters": (Reporter(given_name="Maria", country="DE", qualification=Qualification.PHYSICIAN),),
        "reactions": (a_reaction(),),
        "drugs": (a_drug(),),
        "narrative": "A patient had a rash.",
    }
    return CaseContent(**(default | facts))


def a_reference(**facts: Any) -> Reference:
    """What cases are assessed against: the shipped rulebook, the small registry and dictionary."""
    default: dict[str, Any] = {"sponsor": SPONSOR, "rulebook": RULES, "terminology": DICTIONARY, "today": DAY_ZERO}
    return Reference(**(default | facts))


def assessed(content: CaseContent, clock_start: date = DAY_ZERO) -> Assessment:
    """Assess a case received in Switzerland."""
    return assess(content, clock_start, "CH", a_reference())


def a_receipt(**facts: Any) -> Receipt:
    """A receipt on Monday, 23 November 2026, in Zurich."""
    default: dict[str, Any] = {
        "receipt_id": "rcp_1",
        "received_at": RECEIVED_AT,
        "zone": "Europe/Zurich",
        "country": "CH",
        "actor": "partner",
        "authentication": "none",
        "channel": "api",
    }
    return Receipt(**(default | facts))


def a_report(report_id: str = "rep_1", sponsor: str = "helvion", **facts: Any) -> Event:
    """``report.received`` of a valid case."""
    default: dict[str, Any] = {
        "report_id": report_id,
        "receipt": a_receipt(),
        "sender": Sender(),
        "sponsor_stated": sponsor,
        "content": a_content(),
        "content_sha256": "0" * 64,
    }
    body = ReportReceived(**(default | facts))
    return event_of(
        event_id=f"evt_{report_id}",
        topic=topics.REPORT_RECEIVED,
        at=RECEIVED_AT,
        sponsor=sponsor,
        subject=report_id,
        body=body,
    )


def parked(work_id: str = "prk_1", **facts: Any) -> ParkedWork:
    """A report that triage could not process and parked on the day of its receipt."""
    default: dict[str, Any] = {
        "service": "triage",
        "kind": ParkedKind.MESSAGE,
        "sponsor": "helvion",
        "subject": "rep_1",
        "topic": topics.REPORT_RECEIVED,
        "event_id": "evt_rep_1",
        "received_at": RECEIVED_AT,
        "parked_at": RECEIVED_AT,
        "reason": "ValueError",
        "size": 7,
    }
    return ParkedWork(id=work_id, **(default | facts))


def with_reaction(**facts: Any) -> CaseContent:
    """The valid case with other facts of its reaction."""
    return a_content(reactions=(a_reaction(**facts),))


def changed(content: CaseContent, **facts: Any) -> CaseContent:
    """The content with some parts replaced."""
    return msgspec.structs.replace(content, **facts)
