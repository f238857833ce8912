"""A received report goes on whole: what the case says is laid over it, and what does not go on is named."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reporting.domain.icsr_of_case import icsr_of
from reporting.domain.masking import masked_for
from shared.contracts.carried import carried_elements, says_the_case
from shared.contracts.case_approved import CaseApproved, DestinationIdentity
from shared.contracts.clinical import CaseContent, Reaction, Reporter
from shared.contracts.code_lists import DrugRole
from shared.contracts.message_built import MessageBuilt
from shared.icsr.api import Severity, check
from shared.icsr.element import lexical
from shared.icsr.elements.c1_identification import HeldDocument
from shared.icsr.elements.c4_literature import LiteratureReference
from shared.icsr.elements.d7_history import HistoryItem, MedicalHistory
from shared.icsr.elements.d8_past_drugs import PastDrug
from shared.icsr.elements.d9_death import Death
from shared.icsr.elements.d10_parent import Parent
from shared.icsr.elements.f_tests import Test
from shared.icsr.elements.fda_device import Device, DeviceProblem
from shared.icsr.elements.g_matrix import DrugReaction
from shared.icsr.model.dates import TS
from shared.icsr.model.message import SafetyReport
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment, Coded, Unparsed
from shared.icsr.rules.carry import CONFIDENTIAL, GONE, NO_DOCUMENT, NOT_OURS, OTHER_VERSION, UNWRITABLE, Said, said
from tests.golden.icsr.models import rich
from tests.unit.reporting.cases import EU, FDA, NOW, approved, event
from tests.unit.reporting.desk import Desk
from tests.unit.reporting.received import IDS, NOT_AFTER_MARKETING, SPOILT, content_of, json_of, spoilt, whole

MADE = datetime(2026, 3, 12, 9, tzinfo=UTC)
FULL = whole()
TO_AN_IND = rich().messages[0].report
RICH = replace(TO_AN_IND, study=replace(TO_AN_IND.study, fda_ind_number=None, fda_cross_reported=()))

DATED = Test(test_date=TS("2026"), name="ALT", result_text="high")


def approval(content: CaseContent, destination: DestinationIdentity = FDA) -> CaseApproved:
    return approved(content, destination=destination, made_at=MADE)


def sent(content: CaseContent, destination: DestinationIdentity = FDA) -> SafetyReport:
    mapped = icsr_of(approval(content, destination), NOW)
    assert mapped.issues == ()
    assert [each for each in check(mapped.batch) if each.severity is Severity.ERROR] == []
    return mapped.batch.messages[0].report


def left_out(content: CaseContent, destination: DestinationIdentity = FDA) -> list[tuple[str, str]]:
    mapped = icsr_of(approval(content, destination), NOW)
    return [(each.rule_id, each.element_id) for each in mapped.left_out]


def values(report: SafetyReport) -> dict[str, object]:
    """What a report says beyond the case, by place; an id is what it is of."""
    number = {each.id: place for place, each in enumerate(report.reactions)}
    return {
        each.location: number[cast("str", each.value)] if each.element.refers else each.value
        for each in carried_elements(report)
    }


def changed(content: CaseContent, part: str, place: int, **facts: Any) -> CaseContent:
    parts = list(getattr(content, part))
    parts[place] = msgspec.structs.replace(parts[place], **facts)
    return msgspec.structs.replace(content, **{part: tuple(parts)})


def goes_to(said_: Mapping[str, object], report: SafetyReport, foreign: str) -> dict[str, object]:
    """What is neither of the other region, nor of a report that FDA takes before marketing only."""
    gone = {
        each.location
        for each in said(report)
        if each.element.authority == foreign or each.element.id in NOT_AFTER_MARKETING
    }
    return {place: value for place, value in said_.items() if place not in gone}


@pytest.mark.parametrize(("destination", "foreign"), [(FDA, "EU"), (EU, "FDA")])
@pytest.mark.parametrize("report", [FULL, RICH], ids=["every element", "rich"])
def test_everything_that_the_case_has_no_place_for_goes_on_as_received(
    report: SafetyReport, destination: DestinationIdentity, foreign: str
) -> None:
    masked = masked_for(destination.authority, report)
    in_words = {each.location.replace("eu_result", "result") for each in said(masked) if each.field == "eu_result"}
    received = values(masked)
    now = {
        at: it
        for at, it in values(sent(content_of(report), destination)).items()
        if at in received or at not in in_words
    }
    assert now == goes_to(received, masked, foreign)


def test_what_the_case_says_too_keeps_the_form_that_it_was_received_in() -> None:
    """An hour, a nullFlavor, the digits of a number: the case has no place for them, and does not deny them."""
    report = sent(content_of(RICH))
    assert report.patient == RICH.patient
    assert lexical(report.patient.age) == "47.50"
    assert report.reactions[1].start_date == TS("20260301230000-0500")
    assert (report.reactions[0].end_date, report.study.sponsor_study_number) == (NullFlavor.ASKU, NullFlavor.NASK)
    assert report.drugs[0].dosages == RICH.drugs[0].dosages
    assert report.primary_sources == RICH.primary_sources


def test_what_is_ours_to_say_is_ours() -> None:
    report = sent(content_of(FULL))
    assert report.sender.organisation == "Asteria Pharma"
    assert report.sender.email is None
    case = report.identification
    assert (case.safety_report_id, case.first_received) == ("US-ASTERIA-00000007", TS("20260309"))
    assert (case.nullification_or_amendment, case.nullification_or_amendment_reason) == (None, None)
    assert case.linked_reports == FULL.identification.linked_reports
    assert {each.id for each in report.reactions}.isdisjoint({"R0", "R1"})  # the sender's, of whatever form


@pytest.mark.parametrize(
    ("facts", "field", "value"),
    [
        ({"onset": "2026-02-27"}, "start_date", TS("20260227")),
        ({"onset": None}, "start_date", None),
        ({"end": "2026-03"}, "end_date", TS("202603")),
        ({"translation": None}, "translated_text", None),
        ({"country": "CA"}, "country", "CA"),
    ],
)
def test_what_a_person_amended_wins_and_so_does_a_removal(facts: dict[str, Any], field: str, value: object) -> None:
    content = changed(content_of(RICH), "reactions", 0, **facts)
    assert getattr(sent(content).reactions[0], field) == value
    assert values(sent(content)) == values(RICH)


def test_an_amended_dose_is_that_of_the_first_dosage() -> None:
    content = changed(content_of(RICH), "drugs", 0, dose=None, batch_number="LOT-2")
    first, second = sent(content).drugs[0].dosages
    assert (first.dose, first.dose_unit, first.batch_number, first.end_date) == (None, None, "LOT-2", TS("20260301"))
    assert second == RICH.drugs[0].dosages[1]


@pytest.mark.parametrize(("words", "kept"), [("migraine", ["migraine", NullFlavor.UNK]), (None, [NullFlavor.UNK])])
def test_the_code_of_an_indication_goes_with_its_words(words: str | None, kept: list[object]) -> None:
    content = changed(content_of(RICH), "drugs", 0, indication=words)
    indications = sent(content).drugs[0].indications
    assert [(each.reported_text, each.meddra_code) for each in indications] == [(each, None) for each in kept]
    assert left_out(content) == [("DZ.carry.amended", "G.k.7.r")]


def test_a_substance_keeps_its_strength_and_a_removed_one_is_gone() -> None:
    content = changed(content_of(FULL), "drugs", 0, substances=("new", str(FULL.drugs[0].substances[1].name)))
    kept, added = sent(content).drugs[0].substances
    assert (kept, added.name) == (FULL.drugs[0].substances[1], "new")


def test_a_removed_reaction_is_gone_with_its_matrix_entries() -> None:
    content = content_of(FULL)
    content = msgspec.structs.replace(content, reactions=content.reactions[1:])
    report = sent(content)
    [reaction] = report.reactions
    assert reaction.duration == FULL.reactions[1].duration
    for drug, received in zip(report.drugs, FULL.drugs, strict=True):
        [link] = drug.reactions
        assert link == replace(received.reactions[1], reaction=reaction.id, assessments=link.assessments)
    assert [rule for rule, _ in left_out(content)].count(GONE) == 3


def test_removed_drugs_and_reporters_are_gone_and_added_ones_are_new() -> None:
    content = content_of(FULL)
    added = Reaction(verbatim="Rash", coding=content.reactions[0].coding)
    content = msgspec.structs.replace(
        content,
        drugs=content.drugs[:1],
        reporters=content.reporters[:1],
        reactions=(added, *content.reactions),
    )
    report = sent(content)
    assert [drug.mpid for drug in report.drugs] == [FULL.drugs[0].mpid]
    assert [source.telephone for source in report.primary_sources] == [FULL.primary_sources[0].telephone]
    assert [reaction.duration for reaction in report.reactions] == [None, *(r.duration for r in FULL.reactions)]
    assert [link.reaction for link in report.drugs[0].reactions] == [each.id for each in report.reactions[1:]]


def test_a_part_without_its_received_id_has_nothing_laid_under_it() -> None:
    content = changed(content_of(FULL), "drugs", 0, received_id=None)
    assert sent(content).drugs[0].dosages[0].interval is None
    assert sent(content).drugs[0].mpid is None


def test_a_confidential_reporter_is_masked_in_what_was_received_too() -> None:
    content = changed(content_of(FULL), "reporters", 0, confidential=True)
    first, second = sent(content).primary_sources
    told = {each.field: each.value for each in said(first)}
    assert {told.pop(name) for name in ("country", "qualification", "regulatory_purposes")} == {
        FULL.primary_sources[0].country,
        FULL.primary_sources[0].qualification,
        FULL.primary_sources[0].regulatory_purposes,
    }
    assert told.pop("street_continued") is None
    assert set(told.values()) == {NullFlavor.MSK}
    assert second.telephone == FULL.primary_sources[1].telephone
    assert (CONFIDENTIAL, "C.2.r.2.7") in left_out(content)


def test_documents_that_are_not_held_are_counted_and_do_not_go_on() -> None:
    kept_elsewhere = Attachment("application/pdf", "B64", None, None, "sha256:" + "0" * 64)
    report = replace(
        RICH,
        identification=replace(
            RICH.identification,
            documents=(HeldDocument(title="Discharge letter", included=kept_elsewhere), HeldDocument(title="Scan")),
        ),
        literature=(LiteratureReference(citation="Muster M. 2026", included=kept_elsewhere),),
    )
    mapped = icsr_of(approval(content_of(report)), NOW)
    case = mapped.batch.messages[0].report
    assert (case.identification.additional_documents, case.identification.documents) == (False, ())
    assert case.literature == (LiteratureReference(citation="Muster M. 2026"),)
    [told] = mapped.left_out
    assert (told.rule_id, told.element_id) == (NO_DOCUMENT, "C.1.6.1.r.2, C.4.r.2")
    assert told.words.startswith("3 received documents")


def test_documents_that_are_held_go_on() -> None:
    case = sent(content_of(FULL)).identification
    assert (case.additional_documents, case.documents) == (True, FULL.identification.documents)


def test_a_code_of_another_meddra_version_is_told_in_words() -> None:
    item = HistoryItem(meddra_version="26.1", meddra_code="99000009", comments="since 2019")
    report = replace(RICH, medical_history=MedicalHistory(items=(item,)))
    content = content_of(report)
    [kept] = sent(content).medical_history.items
    assert kept == HistoryItem(comments="since 2019")
    assert str(sent(content).narrative.sender_comments).endswith(
        "Received in another version: D.7.1.r.1b 99000009 (MedDRA 26.1)."
    )
    assert left_out(content) == [(OTHER_VERSION, "D.7.1.r.1b"), (OTHER_VERSION, "D.7.1.r.1a")]


def test_a_code_that_is_none_is_not_told() -> None:
    report = replace(
        RICH,
        tests=(replace(DATED, meddra_version="26.1", meddra_code="a\x0bb"),),
    )
    assert sent(content_of(report)).narrative.sender_comments == RICH.narrative.sender_comments
    assert left_out(content_of(report)) == [(OTHER_VERSION, "F.r.2.2b"), (OTHER_VERSION, "F.r.2.2a")]


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ({"tests": (Test(name="x" * 251, result_text="kept"),)}, ("ICH.F.r.2.1.length", "F.r.2.1")),
        ({"tests": (replace(DATED, test_date=TS("20260313")),)}, ("ICH.F.r.1.future", "F.r.1")),
        (
            {"tests": (replace(DATED, test_date=Unparsed("20251399")),)},
            ("ICH.F.r.1.datatype", "F.r.1"),
        ),
        ({"past_drugs": (PastDrug(name=NullFlavor.ASKU),)}, ("ICH.D.8.r.1.null-flavor", "D.8.r.1")),
        ({"past_drugs": (PastDrug(name="kept", reaction_code="99000001"),)}, ("ICH.D.8.r.7a.required", "D.8.r.7b")),
        ({"past_drugs": (PastDrug(name="kept", mpid=Coded("1", "no system")),)}, (UNWRITABLE, "D.8.r.2b")),
        (
            {"tests": (replace(DATED, normal_low_unit="m g"),)},
            (UNWRITABLE, "F.r.4"),
        ),
    ],
)
def test_what_a_sloppy_sender_wrote_is_left_out_by_name_and_stops_nothing(
    broken: dict[str, Any], expected: tuple[str, str]
) -> None:
    content = content_of(replace(RICH, **broken))
    assert left_out(content) == [expected]
    sent(content)


def test_a_reference_to_nothing_and_one_said_twice_are_left_out() -> None:
    links = (DrugReaction(reaction="R9", recurrence="1"), DrugReaction(reaction="R0", recurrence="2"))
    drug = replace(FULL.drugs[0], reactions=(*links, replace(links[1], recurrence="3")))
    content = content_of(replace(FULL, drugs=(drug, FULL.drugs[1])))
    assert [link.recurrence for link in sent(content).drugs[0].reactions] == ["2"]
    assert left_out(content).count(("ICH.G.k.9.i.1.reaction", "G.k.9.i.1")) == 2


def test_a_reported_death_without_autopsy_is_of_unknown_autopsy_and_a_reported_one_stays() -> None:
    dead = replace(RICH, death=Death(death_date=TS("20260302")))
    assert sent(content_of(dead)).death.autopsy_done is NullFlavor.UNK
    examined = replace(RICH, death=Death(death_date=TS("20260302"), autopsy_done=True))
    assert sent(content_of(examined)).death.autopsy_done is True


def test_a_received_report_that_cannot_be_read_is_named() -> None:
    content = msgspec.structs.replace(content_of(RICH), received_icsr={"of_a_later_form": True})
    assert left_out(content) == [("DZ.carry.unreadable", "")]
    assert sent(content).tests == ()


def test_the_message_and_its_answer_say_what_was_left_out() -> None:
    desk = Desk()
    message = desk.built(approval(content_of(FULL)))
    not_so = {"FDA.R0072", "FDA.R0107", "FDA.R0108", "FDA.R0109"}  # no similar device, and not before marketing
    assert {each.rule_id for each in message.left_out} == {NOT_OURS, *not_so}
    assert desk.messages.answers[0].body(MessageBuilt).left_out == message.left_out


def test_a_case_that_was_not_received_by_e2b_is_as_it_was() -> None:
    assert left_out(content_of(RICH)) == []
    content = msgspec.structs.replace(content_of(RICH), received_icsr=None)
    assert sent(content).drugs[0].dosages[1:] == ()


def test_the_json_of_a_report_holds_all_of_it() -> None:
    assert len(json_of(FULL)) > 10


A_DRUG = RICH.drugs[0]


@pytest.mark.parametrize(
    ("received", "sent_on", "expected"),
    [
        ({"tests": (replace(DATED, test_date=None),)}, {"tests": (replace(DATED, test_date=NullFlavor.UNK),)}, "F.r.1"),
        ({"tests": (replace(DATED, name=None), DATED)}, {"tests": (DATED,)}, "F.r.2.1"),
        ({"tests": (replace(DATED, result_text=None, comments="told"),)}, {"tests": ()}, "F.r.3.4"),
        ({"tests": (replace(DATED, result=Decimal(5)),)}, {"tests": (DATED,)}, "F.r.3.2"),
        (
            {"parent": Parent(height=Decimal(170))},
            {"parent": Parent(height=Decimal(170), sex=NullFlavor.UNK)},
            "D.10.6",
        ),
        ({"parent": Parent(height=Unparsed("tall"))}, {"parent": Parent()}, "D.10.5"),
        (
            {"past_drugs": (PastDrug(start_date=TS("2020")),)},
            {"past_drugs": (PastDrug(name=NullFlavor.UNK, start_date=TS("2020")),)},
            "D.8.r.1",
        ),
    ],
)
def test_what_is_demanded_and_was_not_said_is_unknown_where_the_guide_lets_it_be_so(
    received: dict[str, Any], sent_on: dict[str, Any], expected: str
) -> None:
    """Else it takes along what demands it: nobody here knows what the sender did not say."""
    content = content_of(replace(RICH, **received))
    assert {part: getattr(sent(content), part) for part in sent_on} == sent_on
    assert [element for _, element in left_out(content)] == [expected]


def test_a_date_that_cannot_be_read_is_unknown_and_both_reasons_are_told() -> None:
    content = content_of(replace(RICH, tests=(replace(DATED, test_date=Unparsed("20251399")),)))
    assert sent(content).tests == (replace(DATED, test_date=NullFlavor.UNK),)
    [told] = icsr_of(approval(content), NOW).left_out
    assert "'20251399'" in told.words
    assert told.words.endswith("The message says UNK, not known.")


def test_what_fda_takes_before_marketing_only_is_left_out() -> None:
    study = sent(content_of(TO_AN_IND)).study
    assert study == RICH.study
    assert left_out(content_of(TO_AN_IND)) == [("FDA.R0107", "FDA.C.5.5a"), ("FDA.R0109", "FDA.C.5.6.r")]
    assert left_out(content_of(TO_AN_IND), EU) == [(NOT_OURS, "FDA.C.5.5a"), (NOT_OURS, "FDA.C.5.6.r")]


@pytest.mark.parametrize(
    ("device", "kept", "expected"),
    [
        (Device(brand_name="Pen", malfunction=True), (True, Device(brand_name="Pen")), "FDA.R0093"),
        (Device(malfunction=False), (None, Device(malfunction=False)), "FDA.R0094"),
        (
            Device(brand_name=NullFlavor.NI, common_name=NullFlavor.NI),
            (None, Device(brand_name=NullFlavor.NI, common_name=NullFlavor.NI)),
            "FDA.R0096",
        ),
    ],
)
def test_a_device_of_which_too_little_is_said_stops_nothing(
    device: Device, kept: tuple[bool | None, Device], expected: str
) -> None:
    drug = replace(A_DRUG, fda=replace(A_DRUG.fda, devices=(device,)))
    report = replace(RICH, drugs=(drug, RICH.drugs[1]), fda=replace(RICH.fda, combination_product=True))
    case = sent(content_of(report))
    assert (case.fda.combination_product, case.drugs[0].fda.devices[0]) == kept
    assert [rule for rule, _ in left_out(content_of(report))] == [expected]


def test_a_similar_device_is_one_as_long_as_the_case_says_that_the_drug_was_not_administered() -> None:
    device = Device(brand_name="Pen", malfunction=True, problems=(DeviceProblem(code="C62858"),))
    similar = replace(A_DRUG, role="4", fda_other_role="1", fda=replace(A_DRUG.fda, devices=(device,)))
    content = content_of(replace(RICH, drugs=(similar, RICH.drugs[1]), fda=replace(RICH.fda, combination_product=True)))
    assert sent(content).drugs[0].fda_other_role == "1"
    assert left_out(content) == []
    amended = changed(content, "drugs", 0, role=DrugRole.SUSPECT)
    assert sent(amended).drugs[0].fda_other_role is None
    assert left_out(amended) == [("DZ.carry.amended", "FDA.G.k.1.a")]


def test_a_compressed_document_does_not_go_to_fda() -> None:
    document = HeldDocument(title="Letter", included=Attachment("application/pdf", "B64", "DF", "JVBERi0x"))
    content = content_of(replace(RICH, identification=replace(RICH.identification, documents=(document,))))
    assert sent(content).identification.documents == ()
    assert left_out(content) == [("FDA.R0010", "C.1.6.1.r.2")]
    assert sent(content, EU).identification.documents == (document,)


# What only the case says, of all its drugs or reactions; where none is coded, no version is the message's own.
OF_THE_CASE = {"ICH.G.k.1.suspect", "ICH.E.i.2.1a.one-version", "ICH.C.2.r.5.once"} | {
    f"ICH.{group}.empty" for group in ("C.2.r", "E.i", "G.k")
}


def to_blame(location: str, report: SafetyReport) -> Said | None:
    inside = location.removeprefix("messages[0].report.")
    return next((each for each in said(report) if each.location == inside), None)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@example(dict.fromkeys(IDS, "absent"), FDA)
@example(dict.fromkeys(IDS, "unparsed"), EU)
@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from(sorted(SPOILT)), max_size=60), st.sampled_from([FDA, EU]))
def test_whatever_was_received_what_is_carried_breaks_no_rule(
    how: dict[str, str], destination: DestinationIdentity
) -> None:
    """The message is built, or stopped for what the case itself says, which a person can amend."""
    content = content_of(spoilt(how))
    mapped = icsr_of(approval(content, destination), NOW)
    report = mapped.batch.messages[0].report
    for issue in check(mapped.batch):
        found = to_blame(issue.location, report)
        if issue.severity is Severity.ERROR:
            case_says = found and (says_the_case(found) or found.field == "reported_text")  # its own indication
            assert case_says or issue.rule_id in OF_THE_CASE, issue
    Desk().build(event(approval(content, destination)))


# What goes on as received, and to which the case adds what it says beyond.
ADDED = re.compile(r"indications|linked_reports|registrations|literature|additional|drugs\[\d\]\.reactions")


def test_every_field_that_reporting_says_is_named_as_the_cases() -> None:
    """What is said of a first report, where nothing was received, is what is laid over a received one."""
    content = msgspec.structs.replace(
        content_of(FULL),
        received_icsr=None,
        reporters=(Reporter(country="US", primary=True), *content_of(FULL).reporters),
    )
    said_beyond = {each.location for each in carried_elements(sent(content))}
    assert {place for place in said_beyond if not ADDED.search(place)} == {"death.autopsy_done", "parent.sex"}
