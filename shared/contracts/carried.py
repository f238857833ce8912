"""What was sent is exactly what was approved: the snapshot alone says what a message carries of a received report.

So who approves sees what who builds will send.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from shared.contracts import clinical
from shared.contracts.case_snapshot import CaseSnapshot
from shared.contracts.code_lists import DrugRole
from shared.icsr.elements.c1_identification import CaseIdentification, OtherCaseIdentifier
from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.elements.c3_sender import Sender
from shared.icsr.elements.c5_study import Study
from shared.icsr.elements.d7_history import MedicalHistory
from shared.icsr.elements.d9_death import Death
from shared.icsr.elements.d10_parent import Parent
from shared.icsr.elements.d_patient import Patient
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.elements.fda_regional import FdaReport
from shared.icsr.elements.g_dosage import Dosage
from shared.icsr.elements.g_drugs import Substance
from shared.icsr.elements.h_narrative import Narrative
from shared.icsr.json_form import FORM, NoCase, from_json
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Drug, SafetyReport
from shared.icsr.rules.carry import LeftOut, Onward, Said, carry, declared_id, identities, said

UNREADABLE = "DZ.carry.unreadable"
AMENDED = "DZ.carry.amended"
NULLIFICATION = "1"  # C.1.11.1
NOT_ADMINISTERED = "4"  # G.k.1; of such a drug alone FDA takes FDA.G.k.1.a (R0072)

# What the case and its decision say of each record; of everything else, what was received is sent on. Opinions (G.k.9),
# situations (G.k.10), registrations (C.5.1), articles (C.4) and linked reports (C.1.10) are not here: they go on as
# received, whole, and the case adds what it says beyond. A parent of whom the case says nothing goes on as received.
CASE_SAYS: Mapping[type, frozenset[str]] = {
    CaseIdentification: frozenset(
        {
            "safety_report_id",
            "creation_date",
            "report_type",
            "first_received",
            "most_recent_information",
            "additional_documents",
            "expedited",
            "worldwide_case_id",
            "first_sender",
            "has_other_identifiers",
            "nullification_or_amendment",
            "nullification_or_amendment_reason",
        }
    ),
    OtherCaseIdentifier: frozenset({"source", "identifier"}),
    PrimarySource: frozenset(
        {"title", "given_name", "family_name", "organisation", "country", "qualification", "regulatory_purposes"}
    ),
    Study: frozenset({"name", "sponsor_study_number", "study_type"}),
    Patient: frozenset({"initials", "birth_date", "age", "age_unit", "age_group", "weight", "height", "sex"}),
    MedicalHistory: frozenset({"narrative"}),
    Death: frozenset({"death_date"}),
    Parent: frozenset({"identification", "birth_date", "age", "age_unit", "history_narrative"}),
    Reaction: frozenset(
        {
            "reported_text",
            "reported_language",
            "translated_text",
            "meddra_version",
            "meddra_code",
            "results_in_death",
            "life_threatening",
            "hospitalisation",
            "disabling",
            "congenital_anomaly",
            "other_medically_important",
            "start_date",
            "end_date",
            "outcome",
            "country",
        }
    ),
    Drug: frozenset(
        {
            "role",
            "name",
            "blinded",
            "authorisation_number",
            "authorisation_country",
            "authorisation_holder",
            "action_taken",
        }
    ),
    Dosage: frozenset({"dose", "dose_unit", "start_date", "end_date", "batch_number", "dosage_text", "route_text"}),
    Substance: frozenset({"name"}),
    Narrative: frozenset({"case_narrative", "reporter_comments", "sender_comments"}),
    FdaReport: frozenset({"local_criteria_report_type"}),
}
Record = TypeVar("Record")
_REGIONS = {"FDA": "FDA", "EMA": "EU"}  # whose elements an authority takes beside ICH's


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes on of a received report: the records of the groups that the case knows stay at their places."""

    report: SafetyReport
    left_out: tuple[LeftOut, ...] = ()

    def sources(self) -> Mapping[str, PrimarySource]:
        """The primary sources (C.2.r), by what the case knows them by."""
        return _by_identity(self.report.primary_sources)

    def reactions(self) -> Mapping[str, Reaction]:
        """The reactions (E.i), by what the case knows them by."""
        return _by_identity(self.report.reactions)

    def drugs(self) -> Mapping[str, Drug]:
        """The drugs (G.k), by what the case knows them by."""
        return _by_identity(self.report.drugs)


def received_report(content: clinical.CaseContent) -> SafetyReport | None:
    """Return the report that was received by E2B last, if there is one. Raises NoCase if it can't be read."""
    if content.received_icsr is None:
        return None
    return from_json({"form": FORM, "messages": [{"report": content.received_icsr}]}).messages[0].report


def carried(snapshot: CaseSnapshot, authority: str) -> Carried:
    """Return what a message of this version to an authority carries; an empty report where nothing was received."""
    content = snapshot.content
    try:
        report = received_report(content)
    except NoCase as unread:
        return Carried(SafetyReport(), (LeftOut("", "", UNREADABLE, f"The received report can't be read: {unread}"),))
    if report is None:
        return Carried(SafetyReport())
    onward = Onward(
        region=_REGIONS.get(authority),
        created=_instant(snapshot.made_at) if snapshot.made_at else None,
        meddra_version=next((each.coding.version for each in content.reactions if each.coding), None),
        held={
            "primary_sources": _ids(content.reporters),
            "reactions": _ids(content.reactions),
            "drugs": _ids(content.drugs),
        },
        confidential=_ids(tuple(each for each in content.reporters if each.confidential)),
    )
    carried_on, left = carry(report, onward, _amended(report, content))
    by_case = {each.location for each in said(report) if says_the_case(each)}
    return Carried(carried_on, tuple(each for each in left if each.location not in by_case))


def carried_elements(report: SafetyReport) -> Iterator[Said]:
    """Yield what a report says beyond what the case and its decision say."""
    for each in said(report):
        if each.value is not None and not says_the_case(each):
            yield each


def says_the_case(each: Said) -> bool:
    """Say whether the case or its decision says this element, of which the received report then says nothing."""
    if isinstance(each.record, Dosage) and not each.location.endswith(f"dosages[0].{each.field}"):
        return False
    return isinstance(each.record, Sender) or each.field in CASE_SAYS.get(type(each.record), ())


def nullified(content: clinical.CaseContent) -> str | None:
    """Return why the sender nullified the report received last (C.1.11), unless a person said that the case goes on."""
    stated = (content.received_icsr or {}).get("identification")
    if content.goes_on or not isinstance(stated, dict) or stated.get("nullification_or_amendment") != NULLIFICATION:
        return None
    return str(stated.get("nullification_or_amendment_reason") or "no reason was stated")


def _amended(report: SafetyReport, content: clinical.CaseContent) -> Iterator[LeftOut]:
    """What was changed in the case goes with what the received report said more of it: a code, a strength."""
    of_case = {each.received_id: each for each in content.drugs if each.received_id}
    for number, (identity, drug) in enumerate(zip(identities(report.drugs), report.drugs, strict=True)):
        known = of_case.get(identity)
        if known is not None:
            indications = [each.reported_text for each in drug.indications]
            yield from _other_words(
                f"drugs[{number}].indications", declared_id(Drug, "indications"), indications, {known.indication}, 1
            )
            names = [each.name for each in drug.substances]
            yield from _other_words(
                f"drugs[{number}].substances", declared_id(Drug, "substances"), names, set(known.substances)
            )
            if drug.role == NOT_ADMINISTERED and known.role is not DrugRole.NOT_ADMINISTERED:
                words = "The case does not say any more that this was not administered."
                yield LeftOut(f"drugs[{number}].fda_other_role", declared_id(Drug, "fda_other_role"), AMENDED, words)


def _other_words(
    at: str, group_id: str, received: Sequence[object], stated: set[str | None], most: int | None = None
) -> Iterator[LeftOut]:
    """The entries whose words the case does not have any more; ``most``: how many of them it has a place for."""
    worded = [(place, words) for place, words in enumerate(received) if isinstance(words, str)]
    for place, words in worded[:most]:
        if words not in stated:
            yield LeftOut(f"{at}[{place}]", group_id, AMENDED, f"The case does not say {words!r} any more.")


def _by_identity(records: Sequence[Record]) -> Mapping[str, Record]:
    """Of two records with one identity the first counts, as everywhere."""
    return dict(reversed(list(zip(identities(records), records, strict=True))))


def _ids(parts: Iterable[clinical.Reporter | clinical.Reaction | clinical.Drug]) -> frozenset[str]:
    return frozenset(each.received_id for each in parts if each.received_id)


def _instant(at: datetime) -> TS:
    return TS(at.astimezone(UTC).strftime("%Y%m%d%H%M%S+0000"))
