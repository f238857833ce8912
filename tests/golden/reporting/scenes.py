"""Approvals as reporting builds them: the files beside this module are what becomes of them, byte for byte."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from shared.contracts.case_approved import Correction, CorrectionKind
from shared.contracts.clinical import Age, CaseContent, Causality, Drug, Parent, Patient, Study
from shared.contracts.code_lists import (
    AgeUnit,
    CausalityResult,
    CausalitySource,
    DrugRole,
    ReportType,
    Sex,
    Situation,
)
from shared.icsr.api import MessageCode, TransmissionCode
from tests.unit.reporting.cases import (
    EU,
    FATAL,
    FATAL_REACTION,
    FIFTEEN_DAYS,
    IND,
    SUSPECT,
    acknowledgement,
    approved,
    mild,
    with_drug,
)
from tests.unit.reporting.desk import Desk

FOLDER = Path(__file__).parent
IND_SEVEN_DAYS = msgspec.structs.replace(FIFTEEN_DAYS, rule_id="FDA-312.32-7D", days=7, local_criteria_report_type="6")
EU_SEVEN_DAYS = msgspec.structs.replace(IND_SEVEN_DAYS, rule_id="EU-CTR-7D", local_criteria_report_type=None)
_OPINIONS = (
    Causality(
        source=CausalitySource.INVESTIGATOR,
        drug="Hepalor",
        method="Global introspection",
        result=CausalityResult.RELATED,
        result_text="related",
    ),
    Causality(source=CausalitySource.SPONSOR, result=CausalityResult.NOT_RELATED),
)
NEWBORN = CaseContent(
    report_type=ReportType.STUDY,
    patient=Patient(initials="B.D.", age=Age(value=3, unit=AgeUnit.DAY), sex=Sex.MALE, death_date="2026-03-06"),
    reporters=FATAL.reporters,
    reactions=(msgspec.structs.replace(FATAL_REACTION, causality=_OPINIONS),),
    drugs=(
        msgspec.structs.replace(
            SUSPECT, authorisation_number=None, authorisation_country=None, situations=(Situation.OVERDOSE,)
        ),
        Drug(name="Paracetamol", role=DrugRole.CONCOMITANT),
    ),
    study=Study(
        name="Hepalor in pregnancy",
        number="HEP-301",
        type=1,
        registrations=("2024-500001-11-00", "NCT00000001"),
        ind_number="123456",
    ),
    parent=Parent(
        identification="M.D.", age=Age(value=31, unit=AgeUnit.YEAR), sex=Sex.FEMALE, medical_history="Asthma."
    ),
    literature=("Doe J. Liver failure in a newborn. J Cases. 2026;1:1-2.",),
    linked_cases=("US-ASTERIA-00000006",),
    narrative="The mother took Hepalor in pregnancy. Her son developed liver failure and died on 6 March 2026.",
)


def fda_expedited_fatal() -> bytes:
    """A fatal case for FDA, 15 days."""
    return Desk().built(approved()).content


def eu_non_serious() -> bytes:
    """A non-serious case in Japanese and Greek for the EU, 90 days, with no narrative."""
    return Desk().built(mild()).content


def fda_corrected_after_rejection() -> bytes:
    """The fatal case again, its batch number put right after FDA rejected the first message."""
    desk = Desk()
    first = desk.built(approved())
    desk.send()
    rejected = acknowledgement(
        first.batch_number, MessageCode.REJECTED, transmission=TransmissionCode.REJECTED, comment="G.k.4.r.7"
    )
    desk.acknowledge("rejected.ack", rejected)
    desk.clock.advance(timedelta(hours=2))
    return desk.built(approved(with_drug(batch_number="L124"), approval_id="apr_2", version=2)).content


def fda_amended() -> bytes:
    """The fatal case again, its batch number put right after FDA accepted the first message."""
    amended = Correction(kind=CorrectionKind.AMENDMENT, reason="The batch number was misread.")
    return _accepted().built(approved(with_drug(batch_number="L124"), **_LATER, correction=amended)).content


def fda_nullified() -> bytes:
    """The fatal case taken back whole after FDA accepted it."""
    void = Correction(kind=CorrectionKind.NULLIFICATION, reason="The patient never took the product.")
    return _accepted().built(approved(**_LATER, correction=void)).content


def ind_two_opinions() -> bytes:
    """A newborn of a trial's participant for FDA's pre-market address: investigator and sponsor disagree."""
    return Desk().built(approved(NEWBORN, destination=IND, decision=IND_SEVEN_DAYS)).content


def eu_two_opinions() -> bytes:
    """The same case for the EU, where the sponsor's opinion is in its own words and the names are masked."""
    return Desk().built(approved(NEWBORN, destination=EU, decision=EU_SEVEN_DAYS)).content


def _accepted() -> Desk:
    desk = Desk()
    first = desk.built(approved())
    desk.send()
    desk.acknowledge("accepted.ack", acknowledgement(first.batch_number))
    desk.clock.advance(timedelta(hours=2))
    return desk


_LATER: dict[str, Any] = {"approval_id": "apr_2", "version": 2}
SCENES: dict[str, Callable[[], bytes]] = {
    scene.__name__: scene
    for scene in (
        fda_expedited_fatal,
        eu_non_serious,
        fda_corrected_after_rejection,
        fda_amended,
        fda_nullified,
        ind_two_opinions,
        eu_two_opinions,
    )
}
