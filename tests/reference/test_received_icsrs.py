"""Authorities' own files through intake's door: accepted, answered by valid acknowledgements, mapped to cases.

Needs `$DAYZERO_REFERENCE` or `../shared/reference`, and fails without it.
"""

import os
from pathlib import Path

import msgspec
import pytest

from shared.contracts.clinical import Age
from shared.contracts.code_lists import AgeUnit, Criterion, DrugRole, Outcome, ReportType, SenderType
from shared.icsr import api as icsr
from tests.unit.intake.conftest import Intake

REFERENCE = Path(os.environ.get("DAYZERO_REFERENCE", Path(__file__).parents[3] / "shared" / "reference")) / "e2b"
SCHEMAS = REFERENCE / "schemas"
FILES = sorted((REFERENCE / "instances" / "r3").glob("*.xml"))
DRAFTS = [file for file in FILES if file.name.startswith("utr3")]
GOOD = [file for file in FILES if file not in DRAFTS and file.name != "base_export_skeleton.xml"]
HOSTILE = sorted((REFERENCE / "instances" / "hostile").glob("*.xml"))


@pytest.fixture
def intake() -> Intake:
    made = Intake(SCHEMAS, 64 * 1024 * 1024)
    assert GOOD
    assert HOSTILE
    return made


def name(file: Path) -> str:
    return file.name


@pytest.mark.parametrize("file", GOOD, ids=name)
def test_an_authoritys_file_is_accepted_and_its_acknowledgement_is_valid(intake: Intake, file: Path) -> None:
    answer = intake.post_file(file.read_bytes())
    assert answer.status_code == 200
    assert icsr.check_schema(answer.data, SCHEMAS).issues == ()
    told = icsr.read_acknowledgement(answer.data)
    assert [each.code for each in told.messages] == [icsr.MessageCode.ACCEPTED]
    (report,) = intake.reports.kept.values()
    assert report.content.reactions
    assert report.content.drugs
    assert report.content.received_icsr is not None
    assert msgspec.json.encode(report.event.data)


@pytest.mark.parametrize("file", DRAFTS, ids=name)
def test_a_draft_is_refused_and_kept(intake: Intake, file: Path) -> None:
    assert intake.post_file(file.read_bytes()).status_code == 422
    assert [refusal.rule for refusal in intake.refusals.kept] == ["draft"]


@pytest.mark.parametrize("file", HOSTILE, ids=name)
def test_what_is_hostile_or_no_batch_is_refused_and_kept(intake: Intake, file: Path) -> None:
    assert intake.post_file(file.read_bytes()).status_code == 400
    assert [refusal.raw for refusal in intake.refusals.kept] == [file.read_bytes()]
    assert intake.reports.kept == {}


def test_a_skeleton_says_nothing_and_is_rejected_by_a_valid_acknowledgement(intake: Intake) -> None:
    answer = intake.post_file((REFERENCE / "instances" / "r3" / "base_export_skeleton.xml").read_bytes())
    assert icsr.check_schema(answer.data, SCHEMAS).issues == ()
    assert icsr.read_acknowledgement(answer.data).code is icsr.TransmissionCode.REJECTED
    assert len(intake.refusals.kept) == 1


def test_the_largest_of_fdas_files_is_mapped_as_it_says(intake: Intake) -> None:
    intake.post_file((REFERENCE / "instances" / "r3" / "FAERS2022Scenario6.xml").read_bytes())
    (report,) = intake.reports.kept.values()
    content, patient = report.content, report.content.patient
    assert content.report_type is ReportType.SPONTANEOUS
    assert (report.sender.organisation, report.sender.type) == ("Big Pharma", SenderType.PHARMACEUTICAL_COMPANY)
    assert report.sender.case_id == content.worldwide_case_id == "US-APHARMA-8744554B"
    assert content.first_sender == "regulator"
    assert [each.identifier for each in content.other_case_ids] == ["FR-RPTLTD-15998", "EU-EMA-999999"]
    assert report.first.receipt.first_aware_at == "2022-06-14T10:10:10-05:00"
    assert patient is not None
    assert (patient.initials, patient.birth_date, patient.death_date) == ("SM", "2014-10-01", "2009-01-01")
    assert patient.age == Age(value=10, unit=AgeUnit.YEAR)
    first, second = content.reactions
    assert (first.verbatim, first.language, first.translation) == (
        "consciência alterada",
        "por",
        "Altered Consciousness",
    )
    assert first.received_coding is not None
    assert (first.received_coding.version, first.received_coding.llt_code) == ("12.0", "10027940")
    assert first.criteria == (Criterion.DEATH, Criterion.HOSPITALISATION, Criterion.OTHER_MEDICALLY_IMPORTANT)
    assert second.criteria == (Criterion.DISABILITY, Criterion.OTHER_MEDICALLY_IMPORTANT)
    assert first.outcome is Outcome.NOT_RECOVERED
    suspect, interacting = content.drugs
    assert (suspect.role, interacting.role) == (DrugRole.SUSPECT, DrugRole.INTERACTING)
    assert suspect.substances == ("TERBINAFINE HYDROCHLORIDE", "ARGEMONE MEXICANA SEED OIL")
    assert (suspect.authorisation_number, suspect.batch_number) == ("BLA012345", "4577BN2")
    assert [reporter.primary for reporter in content.reporters] == [True, None]
