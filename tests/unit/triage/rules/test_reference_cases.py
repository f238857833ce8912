"""The fifteen cases of the rule collection, each a test; what is of other parts is tested where it lives, and named."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from shared.contracts.clinical import Reporter
from shared.contracts.code_lists import Qualification
from tests.builders import RULES, a_content, a_receipt, assessed
from tests.unit.triage.rules.cases import Row, decided
from triage.domain.decision import Decision
from triage.domain.due_dates import awareness_date
from triage.domain.rulebook import Kind

MONDAY = date(2026, 11, 23)
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
    assert decide("uk_trials", f"{TRIAL} causality=sponsor:not_related").kind is Kind.PERIODIC


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


# 8: R2 or R3 by the day: every file is R3 (tests/unit/reporting); 9: R0101 (tests/unit/triage, nullifying); 11: masking
# (tests/unit/reporting/test_masking.py); 14: tests/unit/triage/test_downgrade.py; 15: test_causality_scales.py.
