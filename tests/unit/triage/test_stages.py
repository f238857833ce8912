"""Each stage alone: one fact changes, and its value, rule id and reason change with it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.clinical import Age, CaseContent, Patient, Reporter, Study
from shared.contracts.code_lists import AgeGroup, Criterion, Outcome, ReportType, SenderType
from tests.builders import DICTIONARY, a_content, a_drug, a_reaction, a_receipt, assessed, with_reaction
from triage.domain import coding, follow_up, seriousness, validity
from triage.domain.amendment import amended
from triage.domain.blockers import blockers
from triage.domain.due_dates import awareness_date


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (a_content(), []),
        (a_content(patient=Patient(age_group=AgeGroup.CHILD)), []),
        (a_content(patient=Patient(weight_kg=70.0)), ["identifiable patient"]),
        (a_content(reporters=()), ["identifiable reporter"]),
        (a_content(reporters=(Reporter(country="FR"),)), []),
        (a_content(reporters=(Reporter(contact="+33 1 00 00 00 00"),)), []),
        (a_content(reporters=(Reporter(privacy_notice="2026-11", confidential=True),)), ["identifiable reporter"]),
        (a_content(reporters=(), first_sender="regulator"), []),
        (a_content(drugs=()), ["suspect product"]),
        (a_content(reactions=()), ["reaction or event"]),
        (CaseContent(), ["identifiable reporter", "identifiable patient", "suspect product", "reaction or event"]),
    ],
)
def test_validity_says_what_is_missing(content: CaseContent, missing: list[str]) -> None:
    found = validity.determine(content)
    assert found.facts["missing"] == missing
    assert found.value == ("invalid" if missing else "valid")
    assert all(name in found.reason for name in missing)


@pytest.mark.parametrize(
    ("facts", "value", "rule"),
    [
        ({"criteria": (Criterion.DEATH,)}, "serious", "SER-1"),
        ({"serious": False, "criteria": (Criterion.DISABILITY,)}, "serious", "SER-1"),
        ({"serious": True, "criteria": ()}, "serious_criterion_not_stated", "SER-2"),
        ({"serious": False, "criteria": (), "outcome": Outcome.FATAL}, "serious_criterion_not_stated", "SER-3"),
        ({"serious": False, "criteria": ()}, "non_serious", "SER-5"),
        ({"serious": None, "criteria": ()}, "not_stated", "SER-6"),
    ],
)
def test_seriousness_of_one_event(facts: dict[str, object], value: str, rule: str) -> None:
    (found,) = seriousness.determine(with_reaction(**facts))
    assert (found.value, found.rule_id) == (value, rule)


def test_a_criterion_derived_from_case_level_says_so() -> None:
    (found,) = seriousness.determine(with_reaction(criteria_derived=True))
    assert found.reason == "Serious: hospitalisation (derived from case level)."


@given(st.sets(st.sampled_from(list(Criterion))), st.sampled_from(list(Criterion)))
def test_removing_a_criterion_never_makes_a_case_more_serious(criteria: set[Criterion], removed: Criterion) -> None:
    more = with_reaction(serious=None, criteria=tuple(criteria | {removed}))
    less = with_reaction(serious=None, criteria=tuple(criteria - {removed}))
    assert seriousness.lowers(more, less)
    assert not seriousness.lowers(less, more)


def test_a_death_or_a_fatal_outcome_is_not_taken_back_by_one_person() -> None:
    died = a_content(patient=Patient(initials="A", death_date="2026-11"))
    assert seriousness.lowers(died, a_content(patient=Patient(initials="A")))
    assert seriousness.lowers(with_reaction(outcome=Outcome.FATAL), with_reaction(outcome=Outcome.RECOVERED))
    joined = follow_up.join(with_reaction(outcome=Outcome.FATAL), with_reaction(outcome=Outcome.RECOVERED))
    assert joined.reactions[0].outcome is Outcome.FATAL


def test_coding_keeps_what_was_received_and_never_guesses() -> None:
    received = DICTIONARY.term("99000003")
    reactions = (
        a_reaction(verbatim="  HEADACHE "),
        a_reaction(verbatim="head ache"),
        a_reaction(received_coding=received),
    )
    content, found = coding.code(a_content(reactions=reactions), DICTIONARY)
    assert [(one.value, one.rule_id) for one in found] == [("coded", "COD-3"), ("uncoded", "COD-4"), ("coded", "COD-1")]
    assert content.reactions[1].coding is None
    assert content.reactions[2].coding == received


def test_blockers_name_what_a_person_must_choose() -> None:
    reactions = (a_reaction(verbatim="odd"), a_reaction(criteria=()))
    found = assessed(a_content(reactions=reactions, drugs=(a_drug(role=None),))).blockers
    assert [(blocker.pointer, blocker.rule_id) for blocker in found] == [
        ("/reactions/0/coding", "E.i.2.1b-uncoded"),
        ("/reactions/1/criteria", "serious_criterion_not_stated"),
        ("/drugs/0/role", "G.k.1-not-stated"),
    ]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"report_type": ReportType.SPONTANEOUS, "study": Study(type=1)}, [("/study/type", "FDA.R0103")]),
        ({"report_type": ReportType.SPONTANEOUS, "study": Study(name="a registry")}, []),
        (
            {"report_type": ReportType.STUDY, "study": Study(type=1), "drugs": (a_drug(authorisation_number="IND 1"),)},
            [],
        ),
        (
            {"report_type": ReportType.STUDY, "study": Study(type=2), "drugs": (a_drug(authorisation_number="ind 1"),)},
            [("/drugs/0/authorisation_number", "FDA.R0114")],
        ),
    ],
)
def test_what_fda_rejects_blocks_where_a_message_goes_to_fda(facts: dict[str, Any], found: list[object]) -> None:
    content = assessed(a_content(**facts)).content
    told = {who: [(b.pointer, b.rule_id) for b in blockers(content, (), {who})] for who in ("FDA", "EMA")}
    assert told == {"FDA": found, "EMA": []}


@pytest.mark.parametrize(("serious", "blocked"), [(True, ["FDA.R0103"]), (False, [])])
def test_only_a_message_that_is_owed_to_fda_is_blocked_by_its_rules(serious: bool, blocked: list[str]) -> None:
    reaction = a_reaction(serious=serious, criteria=(Criterion.HOSPITALISATION,) if serious else ())
    found = assessed(a_content(reactions=(reaction,), study=Study(type=3)))
    assert [blocker.rule_id for blocker in found.blockers] == blocked
    mended, _ = amended(found.content, "/study/type", None, DICTIONARY)
    assert assessed(mended).blockers == ()


def test_blockers_of_what_a_message_cannot_do_without() -> None:
    content = a_content(reporters=(), drugs=(a_drug(name=None, substances=("x",)),), report_type=ReportType.STUDY)
    assert [(blocker.pointer, blocker.rule_id) for blocker in assessed(content).blockers] == [
        ("/reporters/0", "C.2.r-no-reporter"),
        ("/drugs/0/name", "G.k.2.2-not-stated"),
        ("/study/type", "C.5.4-not-stated"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        a_content(patient=Patient(age=Age(value=77.0))),
        a_content(reporters=(), received_from=(SenderType.REGULATORY_AUTHORITY,)),
        a_content(reporters=(), first_sender="regulator"),
    ],
    ids=["an age without unit", "sent by an authority", "first sent by an authority"],
)
def test_poor_and_valid_all_the_same(content: CaseContent) -> None:
    assert validity.determine(content).value == validity.VALID


def test_another_sender_is_no_authority() -> None:
    content = a_content(reporters=(), received_from=(SenderType.PHARMACEUTICAL_COMPANY,))
    assert validity.determine(content).facts["missing"] == ["identifiable reporter"]


@pytest.mark.parametrize(
    ("received_at", "zone", "first_aware_at", "day_zero"),
    [
        (datetime(2026, 11, 20, 22, 50, tzinfo=UTC), "Europe/Zurich", None, "2026-11-20"),  # Friday, 23:50 local
        (datetime(2026, 11, 20, 23, 10, tzinfo=UTC), "Europe/Zurich", None, "2026-11-21"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "Europe/Zurich", "2026-11-19", "2026-11-19"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "Europe/Zurich", "2026-12-24", "2026-11-23"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "Asia/Tokyo", "2026-11-22T20:00:00-05:00", "2026-11-22"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "America/New_York", "2026-11-23T02:00:00+09:00", "2026-11-22"),
    ],
)
def test_converting_zones_never_makes_day_zero_later(
    received_at: datetime, zone: str, first_aware_at: str | None, day_zero: str
) -> None:
    receipt = a_receipt(received_at=received_at, zone=zone, first_aware_at=first_aware_at)
    assert awareness_date(receipt).isoformat() == day_zero


def test_a_follow_up_adds_and_never_lowers() -> None:
    before = a_content(reactions=(a_reaction(criteria=(Criterion.DEATH,)), a_reaction(verbatim="")))
    news = a_content(
        patient=Patient(weight_kg=60.0),
        reactions=(a_reaction(serious=False, criteria=(), country="FR"), a_reaction(verbatim="new")),
        narrative="More is known.",
    )
    joined = follow_up.join(before, news)
    assert [reaction.verbatim for reaction in joined.reactions] == ["rash", "", "new"]
    assert joined.reactions[0].criteria == (Criterion.DEATH,)
    assert joined.reactions[0].serious is True
    assert joined.reactions[0].country == "FR"
    assert joined.patient is not None
    assert (joined.patient.initials, joined.patient.weight_kg) == ("A. B.", 60.0)
    assert joined.narrative == "A patient had a rash.\n\nFollow-up: More is known."


def test_what_was_not_reported_is_derived_and_marked() -> None:
    found = assessed(a_content(reporters=(Reporter(given_name="Maria"),))).derived
    assert [(d.pointer, d.value, d.rule_id) for d in found] == [
        ("/reporters/0/country", "CH", "GVP-VI.B.2-COUNTRY"),
        ("/reporters/0/qualification", "consumer", "GVP-VI.B.2-QUALIFICATION"),
    ]


def test_an_event_is_judged_once_with_a_product_however_often_it_is_named() -> None:
    """A real report names 83 products 519 times beside 52 events; dose by dose, its version would be 24 MB."""
    content = a_content(drugs=(a_drug(),) * 400, reactions=(a_reaction(),) * 50)
    found = [each for each in assessed(content).determinations if each.stage == "expectedness"]
    assert len(found) == 50 * 2
    assert found[0].subject == "/reactions/0 x /drugs/0 @ fda_postmarketing"
    assert found[0].facts["also_named_at"] == [f"/drugs/{index}" for index in range(1, 400)]
    alone = assessed(a_content()).determinations
    assert all("also_named_at" not in each.facts for each in alone)
