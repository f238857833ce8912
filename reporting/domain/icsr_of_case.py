"""What was sent is what was approved: an approved case becomes one ICSR message, by tables and without invention.

Source: ICH E2B(R3) guide v5.03, section 3.4; DOMAIN 4, 13 and 14.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reporting.domain.additions import linked_of, literature_of, numbered
from reporting.domain.drug import drugs_of
from reporting.domain.masking import masked_for
from reporting.domain.narrative import narrative_of
from reporting.domain.overlay import laid_over
from reporting.domain.parent import parent_of
from reporting.domain.people import death_of, history_of, patient_of, primary_sources_of
from reporting.domain.reaction import reactions_of
from reporting.domain.records import History, batch_number_of
from reporting.domain.values import Findings, day, instant
from shared.contracts import clinical, codes
from shared.contracts.carried import Carried, carried
from shared.contracts.case_approved import CaseApproved
from shared.contracts.code_lists import ReportType, SenderType
from shared.contracts.message_built import BuildIssue
from shared.icsr.elements.c1_identification import CaseIdentification, OtherCaseIdentifier
from shared.icsr.elements.c3_sender import Sender
from shared.icsr.elements.c5_study import Study
from shared.icsr.model.message import Batch, Message, SafetyReport
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.rules.carry import NO_DOCUMENT
from shared.icsr.rules.fda_pathway import PRE_MARKET

_COMPANY = codes.SENDER_TYPES[SenderType.PHARMACEUTICAL_COMPANY]
DEMONSTRATION_NOTE = (
    "TEST: the reaction codes come from a demonstration dictionary and are invented; they are not MedDRA"
)


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """A batch, the issues that stop it, what it leaves out of a received report, and the note its file must carry."""

    batch: Batch
    issues: tuple[BuildIssue, ...]
    left_out: tuple[BuildIssue, ...]
    note: str | None


def creation_instant(now: datetime, history: History) -> datetime:
    """Return C.1.2: now to the second, or later, so that it strictly increases for each case and destination."""
    present = now.replace(microsecond=0)
    if history.last_created is None:
        return present
    return max(present, history.last_created + timedelta(seconds=1))


def icsr_of(approved: CaseApproved, created: datetime) -> Mapped:
    """Map an approved case to a batch of one message, created (C.1.2) at ``created`` (UTC)."""
    found = Findings()
    to = approved.destination
    received = carried(approved.snapshot, to.authority)
    message = Message(
        message_id=approved.safety_report_id,
        message_sender=to.message_sender,
        message_receiver=to.message_receiver,
        message_date=instant(created),
        report=masked_for(to.authority, _report(approved, created, received, found)),
    )
    batch = Batch(
        batch_number=batch_number_of(approved.approval_id),
        batch_sender=to.batch_sender,
        batch_receiver=to.batch_receiver,
        transmission_date=instant(created),
        messages=(message,),
    )
    return Mapped(
        batch=batch,
        issues=tuple(found.issues),
        left_out=_left_out(received),
        note=_note(approved.snapshot.content),
    )


def _report(approved: CaseApproved, created: datetime, received: Carried, found: Findings) -> SafetyReport:
    """Lay the case over what was received of it, of which all stays that the case has no place for."""
    snapshot, content, known = approved.snapshot, approved.snapshot.content, received.report
    if told := [left.told for left in received.left_out if left.told]:
        found.remark(f"Received in another version: {', '.join(told)}.")
    pre_market = approved.destination.batch_receiver in PRE_MARKET
    return replace(
        known,
        identification=_identification(approved, created, known.identification, found),
        primary_sources=primary_sources_of(snapshot, received.sources(), found),
        sender=Sender(
            sender_type=codes.SENDER_TYPES[SenderType.PHARMACEUTICAL_COMPANY],
            organisation=approved.sponsor.organisation,
        ),
        literature=literature_of(content, known.literature),
        study=numbered(laid_over(known.study, _study(content.study)), content.study, pre_market),
        patient=patient_of(content, known.patient, found),
        medical_history=history_of(content, known.medical_history),
        death=death_of(content, known.death, found),
        parent=parent_of(content.parent, known.parent, found),
        reactions=reactions_of(content, approved.destination.test, received.reactions(), found),
        drugs=drugs_of(content, received.drugs(), pre_market, found),
        fda=replace(known.fda, local_criteria_report_type=approved.decision.local_criteria_report_type),
        # Last, for it tells what the other sections could not hold: arguments are evaluated in their order.
        narrative=narrative_of(snapshot, known.narrative, found),
    )


def _identification(
    approved: CaseApproved, created: datetime, received: CaseIdentification, found: Findings
) -> CaseIdentification:
    snapshot, content, correction = approved.snapshot, approved.snapshot.content, approved.correction
    worldwide, first_sender = _first_sender(approved, found)
    others = content.other_case_ids
    return CaseIdentification(
        safety_report_id=approved.safety_report_id,
        creation_date=instant(created),
        report_type=codes.REPORT_TYPES[content.report_type or ReportType.UNKNOWN],
        first_received=day(snapshot.first_received_on),
        most_recent_information=day(snapshot.latest_information_on),
        additional_documents=bool(received.documents),
        documents=received.documents,
        linked_reports=linked_of(content, received.linked_reports),
        expedited=approved.decision.expedited,
        worldwide_case_id=worldwide,
        first_sender=first_sender,
        has_other_identifiers=True if others else NullFlavor.NI,
        other_identifiers=tuple(OtherCaseIdentifier(source=o.source, identifier=o.identifier) for o in others),
        nullification_or_amendment=codes.CORRECTIONS[correction.kind] if correction else None,
        nullification_or_amendment_reason=correction.reason if correction else None,
    )


def _first_sender(approved: CaseApproved, found: Findings) -> tuple[str, str | None]:
    """Return C.1.8.1 and C.1.8.2: ours where we are the first electronic sender, else as received, byte for byte."""
    content = approved.snapshot.content
    if content.worldwide_case_id is None:
        return approved.safety_report_id, codes.FIRST_SENDERS["other"]
    first_sender = codes.FIRST_SENDERS.get(content.first_sender or "")
    if first_sender is None:
        words = "A worldwide case id was received without its first sender; say regulator or other and approve again."
        found.block("first_sender_missing", "C.1.8.2", words)
    return content.worldwide_case_id, first_sender


def _study(study: clinical.Study | None) -> Study:
    if study is None:
        return Study()
    return Study(
        name=study.name,
        sponsor_study_number=study.number,
        study_type=None if study.type is None else str(study.type),
    )


def _note(content: clinical.CaseContent) -> str | None:
    made_up = any(reaction.coding and reaction.coding.demonstration for reaction in content.reactions)
    return DEMONSTRATION_NOTE if made_up else None


def _left_out(received: Carried) -> tuple[BuildIssue, ...]:
    """Return what does not go on, by name; of documents how many."""
    documents = [left for left in received.left_out if left.rule_id == NO_DOCUMENT]
    told = [
        BuildIssue(rule_id=left.rule_id, element_id=left.element_id, words=f"{left.location}: {left.words}")
        for left in received.left_out
        if left.rule_id != NO_DOCUMENT
    ]
    if documents:
        elements = ", ".join(sorted({left.element_id for left in documents}))
        words = f"{len(documents)} received documents are not sent on, for they are not held here."
        told.append(BuildIssue(rule_id=NO_DOCUMENT, element_id=elements, words=words))
    return tuple(told)
