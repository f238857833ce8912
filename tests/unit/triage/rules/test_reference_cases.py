"""The fifteen cases of the rule collection, each a test; what is of other parts is tested where it lives, and named."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from reporting.domain.icsr_of_case import icsr_of
from reporting.domain.masking import masked_for
from shared.clock import SetClock
from shared.contracts.clinical import Reporter
from shared.contracts.code_lists import Qualification
from shared.contracts.report_received import Sender
from shared.icsr import api
from shared.icsr.model.null_flavor import NullFlavor
from tests.builders import RULES, a_content, a_receipt, a_report, assessed, with_reaction
from tests.golden.icsr.models import minimal
from tests.unit.icsr.change import changed
from tests.unit.icsr.filled import filled
from tests.unit.reporting.cases import approved
from tests.unit.triage.fakes import InMemoryCases, InMemoryReference
from tests.unit.triage.rules.cases import Row, decided
from triage.domain.decision import Decision
from triage.domain.due_dates import awareness_date
from triage.domain.rulebook import Kind
from triage.open_case import OpenCase

MONDAY = date(2026, 11, 23)
IDENTIFICATION = "messages[0].report.identification"
TRIAL = "type=study study_type=1 product=imp"


def decide(destination: str, said: str = "", day: date = MONDAY) -> Decision:
    case = dict(word.split("=", 1) for word in said.split())
    case = {name: value.replace("_", " ") if name == "event" else value for name, value in case.items()}
    expected = {"file": "", "line": 0, "paragraph": "", "kind": "", "rule": "", "due": None, "also": ()}
    row = msgspec.convert({**expected, "destination": destination, "day_zero": day, "case": case}, Row)
    return decided(row)


def due(destination: str, said: str = "", day: date = MONDAY) -> date | None:
    return decide(destination, said, day).due


def test_1_a_mail_to_the_contract_organisation_on_friday_night_counts_from_friday() -> None:
    mailbox = a_receipt(received_at=datetime(2026, 11, 27, 22, 50, tzinfo=UTC), zone="Europe/Zurich")  # 23:50 local
    day_zero = awareness_date(mailbox)
    assert day_zero == date(2026, 11, 27)  # a Friday, though the sponsor was told on Monday
    assert due("eu_postmarketing", day=day_zero) == date(2026, 12, 12)


def test_2_an_ind_report_not_yet_qualified_shows_both_dates() -> None:
    pending = decide("fda_ind", TRIAL)
    assert [(c.start.value, c.due) for c in pending.clocks or ()] == [
        ("awareness", date(2026, 12, 8)),
        ("qualified", None),
    ]
    qualified = decide("fda_ind", f"{TRIAL} qualified=2026-12-01")
    assert [(c.start.value, c.due) for c in qualified.clocks or ()] == [
        ("awareness", date(2026, 12, 8)),
        ("qualified", date(2026, 12, 16)),
    ]
    assert qualified.due == date(2026, 12, 8)  # the internal target, from receipt


def test_3_the_dates_of_day_zero_2026_11_23() -> None:
    assert due("eu_postmarketing") == date(2026, 12, 8)
    assert due("uk_postmarketing", "country=GB") == date(2026, 12, 8)
    assert due("ch_postmarketing", "country=CH serious=no") == date(2027, 1, 22)
    assert due("eu_postmarketing", "serious=no") == date(2027, 2, 21)
    assert due("uk_trials", f"{TRIAL} serious=results_in_death") == date(2026, 11, 30)


def test_4_where_it_occurred_decides() -> None:
    assert decide("eu_postmarketing", "serious=no country=US").kind is Kind.NONE
    assert decide("au_postmarketing", "country=US").kind is Kind.NONE
    assert decide("ca_postmarketing", "country=US event=headache").kind is Kind.NONE
    assert due("ca_postmarketing", "country=US") == date(2026, 12, 8)


def test_5_a_nonprescription_drug_has_business_days() -> None:
    otc = decide("fda_postmarketing", "product=otc country=US")
    assert otc.due == date(2026, 12, 15)
    assert "15 business days, without 2026-11-26 (Thanksgiving" in (otc.arithmetic or "")
    assert due("fda_postmarketing", "country=US") == date(2026, 12, 8)


def test_6_a_combination_product_under_a_device_application_has_thirty_days() -> None:
    assert due("fda_postmarketing", "product=device_led country=US") == date(2026, 12, 23)


@pytest.mark.parametrize(("day", "is_told"), [(date(2026, 4, 27), True), (date(2026, 4, 28), False)])
def test_7_the_ethics_committee_is_told_until_27_april_2026(day: date, is_told: bool) -> None:
    assert ("uk_research_ethics" in {each.id for each in RULES.taking_part(day)}) is is_told
    assert decide("uk_trials", TRIAL, day=day).kind is Kind.EXPEDITED


def test_10_who_is_the_investigator_is_not_overruled_and_both_opinions_are_kept() -> None:
    disputed = decide("uk_trials", f"{TRIAL} causality=investigator:related+sponsor:not_related")
    assert (disputed.kind, disputed.facts["causality"]) == (Kind.EXPEDITED, "suspected")
    agreed = decide("uk_trials", f"{TRIAL} causality=investigator:not_related+sponsor:not_related")
    assert agreed.kind is Kind.PERIODIC


def test_12_a_missing_country_and_qualification_are_derived_and_marked() -> None:
    derived = assessed(a_content(reporters=(Reporter(given_name="Maria"),))).derived
    assert [(each.pointer, each.value) for each in derived] == [
        ("/reporters/0/country", "CH"),
        ("/reporters/0/qualification", Qualification.CONSUMER.value),
    ]


def test_13_a_fatal_event_that_is_not_listed_as_fatal_is_unexpected() -> None:
    fatal = decide("fda_postmarketing", "event=headache serious=results_in_death country=US")
    assert (fatal.kind, fatal.facts["expectedness"]) == (Kind.EXPEDITED, "unexpected")
    listed = decide("fda_postmarketing", "event=liver_failure serious=results_in_death country=US")
    assert (listed.kind, listed.facts["expectedness"]) == (Kind.PERIODIC, "expected")


@pytest.mark.parametrize("day", [date(2026, 9, 30), date(2026, 10, 1)])
def test_8_a_file_for_fda_is_r3_before_it_must_be_and_after(day: date) -> None:
    written = api.write(icsr_of(approved(), datetime(day.year, day.month, day.day, 12, tzinfo=UTC)).batch)
    assert b"<MCCI_IN200100UV01" in (written.xml or b"")


def test_9_a_first_report_nullifies_nothing() -> None:
    void = changed(minimal(), f"{IDENTIFICATION}.nullification_or_amendment", "1")
    void = changed(void, f"{IDENTIFICATION}.nullification_or_amendment_reason", "sent in error")
    assert [issue.rule_id for issue in api.write(void, first=True).issues] == ["FDA.R0101"]
    assert api.write(void).issues == ()


def test_11_the_eu_is_told_who_reported_as_masked_and_fda_as_it_is() -> None:
    report = filled(messages=1).messages[0].report
    told = masked_for("EMA", report)
    assert (told.primary_sources[0].family_name, told.patient.hospital_record_number) == (NullFlavor.MSK,) * 2
    assert told.patient.initials == report.patient.initials
    assert masked_for("FDA", report) == report


def test_14_what_is_no_longer_serious_is_told_once_more_within_fifteen_days() -> None:
    cases = InMemoryCases()
    open_case = OpenCase(cases, InMemoryReference(), SetClock(datetime(2026, 11, 23, 10, 0, tzinfo=UTC)))
    sender, later = Sender(case_id="P-1"), a_receipt(received_at=datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
    open_case(a_report("rep_1", sender=sender))
    no_longer = with_reaction(serious=False, criteria=())
    open_case(a_report("rep_2", sender=sender, receipt=later, content=no_longer))
    (case,) = cases.heads.values()
    owed = {(each.version, each.due) for each in case.obligations if each.destination == "eu_postmarketing"}
    assert owed == {(1, date(2026, 12, 8)), (2, date(2026, 12, 12))}  # and a follow-up lowers nothing by itself


# More where their parts are tested. 9: tests/unit/reporting/test_build.py; 10, export: test_additions.py, and 11:
# test_masking.py, there; 14, downgrade: tests/unit/triage/test_downgrade.py; 15: test_causality_scales.py, beside it.
