"""One fact of an approved case changes, and so does one element of its message (ICH E2B(R3) guide, section 3.4)."""

from datetime import UTC, datetime

import msgspec
import pytest

from reporting.domain.icsr_of_case import DEMONSTRATION_NOTE, Mapped, creation_instant, icsr_of
from reporting.domain.records import History
from shared.contracts.case_approved import CaseApproved, Correction, CorrectionKind
from shared.contracts.clinical import Age, CaseContent, CaseIdentifier, Dose, Patient, Reporter, Study
from shared.icsr.model.dates import TS
from shared.icsr.model.message import SafetyReport
from shared.icsr.model.null_flavor import NullFlavor
from tests.unit.reporting.cases import (
    C_1_1,
    FATAL,
    MILD,
    NINETY_DAYS,
    NOW,
    approved,
    coding,
    mild,
    with_content,
    with_drug,
    with_reaction,
)

CREATED = datetime(2026, 3, 12, 9, 30, 15, tzinfo=UTC)


def mapped(body: CaseApproved) -> Mapped:
    return icsr_of(body, CREATED)


def report(body: CaseApproved) -> SafetyReport:
    return mapped(body).batch.messages[0].report


def rules(content: CaseContent) -> list[tuple[str, str]]:
    return [(issue.rule_id, issue.element_id) for issue in mapped(approved(content)).issues]


def test_header_names_both_sides_and_the_attempt() -> None:
    batch = mapped(approved()).batch
    message = batch.messages[0]
    assert (batch.batch_sender, batch.batch_receiver) == ("ASTERIATEST", "ZZFDATST")
    assert (message.message_sender, message.message_receiver) == ("ASTERIATEST", "CDER")
    assert message.message_id == message.report.identification.safety_report_id == "US-ASTERIA-00000007"
    assert batch.transmission_date == message.message_date == TS("20260312093015+0000")


def test_each_attempt_has_a_batch_number_of_its_own() -> None:
    first, second = (mapped(approved(approval_id=each)).batch.batch_number for each in ("apr_1", "apr_2"))
    assert first != second
    assert first == mapped(approved()).batch.batch_number


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, datetime(2026, 3, 12, 9, 30, 15, tzinfo=UTC)),
        (datetime(2026, 3, 12, 9, 30, 14, tzinfo=UTC), datetime(2026, 3, 12, 9, 30, 15, tzinfo=UTC)),
        (datetime(2026, 3, 12, 9, 30, 15, tzinfo=UTC), datetime(2026, 3, 12, 9, 30, 16, tzinfo=UTC)),
        (datetime(2026, 3, 13, tzinfo=UTC), datetime(2026, 3, 13, 0, 0, 1, tzinfo=UTC)),
    ],
)
def test_creation_strictly_increases(last: datetime | None, expected: datetime) -> None:
    assert creation_instant(NOW, History(last_created=last)) == expected


def test_identification_of_a_first_message() -> None:
    case = report(approved()).identification
    assert (case.first_received, case.most_recent_information) == (TS("20260309"), TS("20260309"))
    assert (case.report_type, case.additional_documents, case.expedited) == ("1", False, True)
    assert (case.worldwide_case_id, case.first_sender) == ("US-ASTERIA-00000007", "2")
    assert (case.has_other_identifiers, case.other_identifiers) == (NullFlavor.NI, ())
    assert (case.nullification_or_amendment, case.nullification_or_amendment_reason) == (None, None)


def test_an_unknown_report_type_is_not_available() -> None:
    assert report(approved(with_content(report_type=None))).identification.report_type == "4"


def test_local_report_type_is_told_to_fda_only() -> None:
    assert report(approved()).fda.local_criteria_report_type == "1"
    assert report(approved(decision=NINETY_DAYS)).fda.local_criteria_report_type is None


@pytest.mark.parametrize(("first_sender", "code"), [("regulator", "1"), ("other", "2")])
def test_a_received_worldwide_id_is_kept_byte_for_byte(first_sender: str, code: str) -> None:
    content = with_content(worldwide_case_id=" gb-mhra-ÄÖ 1", first_sender=first_sender)
    case = report(approved(content)).identification
    assert (case.worldwide_case_id, case.first_sender) == (" gb-mhra-ÄÖ 1", code)
    assert case.safety_report_id == "US-ASTERIA-00000007"


def test_a_received_worldwide_id_without_its_first_sender_blocks() -> None:
    assert rules(with_content(worldwide_case_id="GB-MHRA-1")) == [("first_sender_missing", "C.1.8.2")]


def test_other_case_ids_are_listed_and_announced() -> None:
    other = CaseIdentifier(source="MHRA", identifier="GB-MHRA-1")
    case = report(approved(with_content(other_case_ids=(other,)))).identification
    assert case.has_other_identifiers is True
    assert [(each.source, each.identifier) for each in case.other_identifiers] == [("MHRA", "GB-MHRA-1")]


@pytest.mark.parametrize(("kind", "code"), [(CorrectionKind.AMENDMENT, "2"), (CorrectionKind.NULLIFICATION, "1")])
def test_a_correction_is_the_cases_to_say(kind: CorrectionKind, code: str) -> None:
    told = Correction(kind=kind, reason="sent for the wrong patient")
    case = report(approved(correction=told)).identification
    assert (case.nullification_or_amendment, case.nullification_or_amendment_reason) == (code, told.reason)
    assert (case.safety_report_id, case.worldwide_case_id) == (C_1_1, C_1_1)


def test_one_reporter_counts_for_regulatory_purposes() -> None:
    reporters = (Reporter(country="CA"), Reporter(country="US", primary=True), Reporter(country="MX"))
    sources = report(approved(with_content(reporters=reporters))).primary_sources
    assert [source.regulatory_purposes for source in sources] == [None, "1", None]
    assert [source.qualification for source in sources] == [NullFlavor.UNK] * 3


def test_who_reported_first_counts_where_none_is_marked() -> None:
    reporters = (Reporter(country="CA"), Reporter(country="US"))
    sources = report(approved(with_content(reporters=reporters))).primary_sources
    assert [source.regulatory_purposes for source in sources] == ["1", None]


def test_derived_country_and_qualification_are_used_and_told() -> None:
    mapped_report = report(mild())
    assert (mapped_report.primary_sources[0].country, mapped_report.primary_sources[0].qualification) == ("GR", "5")
    comments = str(mapped_report.narrative.sender_comments)
    assert "Derived by the sender, not reported: reporter 1 country GR (country in which the report was" in comments
    assert "reporter 1 qualification consumer" in comments


def test_a_reporter_of_no_country_blocks() -> None:
    assert rules(with_content(reporters=(Reporter(),))) == [("reporter_country_missing", "C.2.r.3")]
    assert rules(with_content(reporters=())) == [("no_reporter", "C.2.r")]


def test_the_sender_is_the_company() -> None:
    sender = report(approved()).sender
    assert (sender.sender_type, sender.organisation) == ("1", "Asteria Pharma")


def test_patient_and_death() -> None:
    mapped_report = report(approved())
    patient = mapped_report.patient
    assert (patient.initials, patient.sex, str(patient.age), patient.age_unit) == ("J.D.", "1", "61", "a")
    assert str(patient.weight) == "82.5"
    assert (mapped_report.death.death_date, mapped_report.death.autopsy_done) == (TS("20260306"), NullFlavor.UNK)


def test_what_nobody_said_of_the_patient_stays_unsaid() -> None:
    mapped_report = report(approved(with_content(patient=None)))
    assert mapped_report.patient.initials is NullFlavor.UNK
    assert (mapped_report.patient.sex, mapped_report.patient.age, mapped_report.death.death_date) == (None, None, None)
    assert mapped_report.medical_history.narrative is NullFlavor.UNK


def test_an_age_without_unit_is_told_in_words() -> None:
    mapped_report = report(approved(with_content(patient=Patient(age=Age(value=77.0)))))
    assert (mapped_report.patient.age, mapped_report.patient.age_unit) == (None, None)
    assert "The age was reported as 77, of no stated unit." in str(mapped_report.narrative)


def test_a_year_of_birth_is_told_in_words() -> None:
    mapped_report = report(approved(with_content(patient=Patient(birth_date="1961"))))
    assert mapped_report.patient.birth_date is None
    assert "The date of birth was reported as 1961." in str(mapped_report.narrative.sender_comments)


def test_quantities_are_cut_to_what_their_element_holds() -> None:
    patient = report(approved(with_content(patient=Patient(weight_kg=60.3278159, height_cm=171.5)))).patient
    assert (str(patient.weight), str(patient.height)) == ("60.328", "172")


def test_criteria_are_true_or_no_information_never_false() -> None:
    reaction = report(approved()).reactions[0]
    assert (reaction.results_in_death, reaction.hospitalisation) == (True, True)
    others = (
        reaction.life_threatening,
        reaction.disabling,
        reaction.congenital_anomaly,
        reaction.other_medically_important,
    )
    assert others == (NullFlavor.NI,) * 4


def test_serious_without_a_criterion_blocks() -> None:
    assert rules(with_reaction(criteria=())) == [("serious_criterion_not_stated", "E.i.3.2")]
    assert rules(with_reaction(criteria=(), serious=None)) == []


def test_criteria_of_the_case_are_told_to_be_so() -> None:
    comments = report(approved(with_reaction(criteria_derived=True))).narrative.sender_comments
    assert comments == (
        'The seriousness criteria of the reaction "Liver failure" were stated for the case as a whole, '
        "not for this event."
    )


def test_an_uncoded_reaction_blocks_by_its_words() -> None:
    issues = mapped(approved(with_reaction(coding=None))).issues
    assert [(issue.rule_id, issue.element_id) for issue in issues] == [("uncoded_reaction", "E.i.2.1b")]
    assert '"Liver failure"' in issues[0].words


def test_demonstration_codes_go_to_test_destinations_only() -> None:
    body = approved()
    assert (mapped(body).issues, mapped(body).note) == ((), DEMONSTRATION_NOTE)
    real = msgspec.structs.replace(body.destination, test=False)
    assert [i.rule_id for i in mapped(approved(destination=real)).issues] == ["demonstration_code"]


def test_meddra_codes_carry_no_note_and_other_dictionaries_block() -> None:
    meddra = coding(demonstration=False)
    assert mapped(approved(with_reaction(coding=meddra))).note is None
    other = msgspec.structs.replace(meddra, dictionary="WHO-ART")
    assert rules(with_reaction(coding=other)) == [("not_meddra", "E.i.2.1b")]


def test_reaction_terms_dates_outcome() -> None:
    reaction = report(approved()).reactions[0]
    assert (reaction.reported_text, reaction.reported_language) == ("Liver failure", "eng")
    assert (reaction.meddra_version, reaction.meddra_code) == ("1.0", "90000001")
    assert (reaction.start_date, reaction.end_date, reaction.outcome) == (TS("20260302"), TS("20260306"), "5")
    assert reaction.country == "US"


def test_an_unstated_language_is_undetermined_and_an_unstated_outcome_unknown() -> None:
    reaction = report(approved(with_reaction(language=None, outcome=None))).reactions[0]
    assert (reaction.reported_language, reaction.outcome) == ("und", "0")


def test_a_date_that_is_none_blocks() -> None:
    assert rules(with_reaction(onset="last spring")) == [("date_unreadable", "E.i.4")]


def test_drug_and_dosage() -> None:
    drug = report(approved()).drugs[0]
    assert (drug.role, drug.name, drug.action_taken) == ("1", "Hepalor", "1")
    assert (drug.authorisation_number, drug.authorisation_country) == ("NDA021999", "US")
    dosage = drug.dosages[0]
    assert (str(dosage.dose), dosage.dose_unit, dosage.dosage_text) == ("40", "mg", None)
    assert (dosage.start_date, dosage.end_date) == (TS("202602"), TS("20260302"))
    assert (dosage.batch_number, dosage.route_text) == ("L123", "oral")
    assert drug.indications[0].reported_text == "High cholesterol"


def test_a_dose_in_another_unit_is_told_in_words() -> None:
    dosage = report(approved(with_drug(dose=Dose(value=2, unit="puffs"), dose_text="at night"))).drugs[0].dosages[0]
    assert (dosage.dose, dosage.dose_unit, dosage.dosage_text) == (None, None, "2 puffs; at night")


def test_an_authorisation_number_of_no_country_is_told_in_words() -> None:
    mapped_report = report(approved(with_drug(authorisation_country=None)))
    assert mapped_report.drugs[0].authorisation_number is None
    assert "authorisation number NDA021999, of no stated country" in str(mapped_report.narrative.sender_comments)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"role": None}, ("drug_role_missing", "G.k.1")),
        ({"name": None}, ("drug_name_missing", "G.k.2.2")),
    ],
)
def test_a_drug_without_role_or_name_blocks(change: dict[str, None], expected: tuple[str, str]) -> None:
    assert rules(with_drug(**change)) == [expected]


def test_a_case_without_drug_or_reaction_blocks() -> None:
    assert rules(with_content(drugs=())) == [("no_drug", "G.k")]
    assert rules(with_content(reactions=())) == [("no_reaction", "E.i")]


def test_the_narrative_received_is_the_narrative_sent() -> None:
    assert report(approved()).narrative.case_narrative == FATAL.narrative
    assert report(approved()).narrative.sender_comments is None


def test_a_missing_narrative_is_composed_of_stated_facts_and_says_so() -> None:
    assert report(approved(MILD)).narrative.case_narrative == (
        "No narrative was received. This one was composed by the sender from the facts reported."
        " Patient: female, age 34 year."
        ' Reaction "頭痛" (translated as Headache, coded as Headache).'
        ' Reaction "ναυτία" (translated as Nausea, coded as Nausea).'
        ' Drug "Ηπαλόρ" (suspect).'
    )


def test_a_study_is_named() -> None:
    study = report(approved(with_content(study=Study(name="HEP-1", number="2026-01", type=1)))).study
    assert (study.name, study.sponsor_study_number, study.study_type) == ("HEP-1", "2026-01", "1")


def test_who_asked_for_confidentiality_is_not_named() -> None:
    named = Reporter(given_name="Ann", family_name="Smith", country="US", contact="ann@example.org", confidential=True)
    (source,) = report(approved(msgspec.structs.replace(FATAL, reporters=(named,)))).primary_sources
    assert (source.given_name, source.family_name) == (NullFlavor.MSK, NullFlavor.MSK)
    assert (source.title, source.organisation, source.country) == (None, None, "US")
