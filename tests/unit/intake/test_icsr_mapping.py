"""A message becomes the content of a case: what is said is kept as it was said, and nothing is invented (DOMAIN 4)."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from intake.domain.icsr.case import Told, told_by
from shared.contracts.clinical import Age, Coding, Dose
from shared.contracts.code_lists import AgeUnit, Criterion, Outcome, Qualification, SenderType
from shared.icsr.elements.c1_identification import OtherCaseIdentifier
from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.elements.d7_history import MedicalHistory
from shared.icsr.elements.d9_death import Death
from shared.icsr.elements.d_patient import Patient
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.elements.g_dosage import Dosage
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Drug, Message
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Coded, Unparsed
from tests.e2b_files import message
from tests.golden.icsr.models import rich

RECEIVED = datetime(2026, 4, 2, 12, tzinfo=UTC)
NI = NullFlavor.NI
CRITERIA = (
    "results_in_death",
    "life_threatening",
    "hospitalisation",
    "disabling",
    "congenital_anomaly",
    "other_medically_important",
)


def told(**sections: Any) -> Told:
    like = message("SE-ORBIS-1")
    return told_by(replace(like, report=replace(like.report, **sections)), RECEIVED)


def told_of(like: Message) -> Told:
    return told_by(like, RECEIVED)


def found(of: Told) -> dict[str, str]:
    return {"/".join(map(str, path)): finding.rule for path, finding in of.found}


def reaction(**facts: Any) -> Told:
    return told(reactions=(Reaction(**facts),))


def test_a_whole_report_finds_its_place() -> None:
    content = told_of(rich().messages[0]).content
    assert content.worldwide_case_id == "JP-REGULATOR-77/8"
    assert content.first_sender == "regulator"
    assert [each.identifier for each in content.other_case_ids] == ["JP-REGULATOR-77/8", 'US-PARTNER-"9"']
    assert content.narrative
    assert content.reporters[0].qualification is Qualification.PHYSICIAN
    assert content.reporters[0].primary is True


@pytest.mark.parametrize(
    ("facts", "serious", "criteria"),
    [
        ({}, None, ()),
        (dict.fromkeys(CRITERIA, NI), None, ()),  # "not serious or no information" (E.i.3.2): neither is taken
        (dict.fromkeys(CRITERIA, False), False, ()),
        (dict.fromkeys(CRITERIA[:5], False), None, ()),
        ({"highlighted": "1"}, False, ()),
        ({"highlighted": "4"}, True, ()),
        ({"highlighted": "2", "hospitalisation": True}, True, (Criterion.HOSPITALISATION,)),
        ({"results_in_death": True, "life_threatening": True}, True, (Criterion.DEATH, Criterion.LIFE_THREATENING)),
    ],
)
def test_seriousness_is_what_was_said_of_it(
    facts: dict[str, Any], serious: bool | None, criteria: tuple[Criterion, ...]
) -> None:
    (kept,) = reaction(reported_text="Fall", **facts).content.reactions
    assert (kept.serious, kept.criteria) == (serious, criteria)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (TS("2026"), "2026"),
        (TS("202603"), "2026-03"),
        (TS("20260309"), "2026-03-09"),
        (TS("20260309140500+0900"), "2026-03-09"),
        (NullFlavor.ASKU, None),
        (Unparsed("20261301"), None),
        (None, None),
    ],
)
def test_dates_keep_their_precision(value: Any, kept: str | None) -> None:
    of = reaction(reported_text="Fall", start_date=value)
    (one,) = of.content.reactions
    assert one.onset == kept
    assert one.not_known == (("onset",) if value is NullFlavor.ASKU else ())
    assert (found(of).get("report/reactions/0/start_date") == "date") is isinstance(value, Unparsed)


def test_a_code_is_kept_with_its_version_and_asked_about_without_one() -> None:
    (kept,) = reaction(meddra_code="10019211", meddra_version="29.0").content.reactions
    assert kept.received_coding == Coding(dictionary="MedDRA", version="29.0", llt_code="10019211")
    of = reaction(meddra_code="10019211")
    assert of.content.reactions[0].received_coding is not None
    assert of.content.reactions[0].received_coding.version == "not stated"
    assert found(of)["report/reactions/0/meddra_version"] == "meddra-version-missing"


def test_a_code_that_no_table_has_is_asked_about_and_left_out() -> None:
    of = reaction(reported_text="Fall", outcome="7", country="XX", reported_language="de")
    (kept,) = of.content.reactions
    assert (kept.outcome, kept.country, kept.language) == (None, None, None)
    rules = {path: rule for path, rule in found(of).items() if path.startswith("report/reactions")}
    assert rules == {
        "report/reactions/0/outcome": "unknown-code",
        "report/reactions/0/country": "country",
        "report/reactions/0/reported_language": "language",
    }
    assert reaction(outcome="0").content.reactions[0].outcome is Outcome.UNKNOWN
    assert "E.i.7" in next(finding.words for path, finding in of.found if path[-1] == "outcome")


def test_the_patient_and_what_is_not_known_of_her() -> None:
    of = told(
        patient=Patient(
            initials=NullFlavor.ASKU, sex=NullFlavor.UNK, age=Decimal(54), age_unit="a", weight=Decimal("72.5")
        ),
        medical_history=MedicalHistory(narrative=NullFlavor.UNK),
        death=Death(death_date=NullFlavor.MSK),
    )
    patient = of.content.patient
    assert patient is not None
    assert (patient.age, patient.weight_kg) == (Age(value=54, unit=AgeUnit.YEAR), 72.5)
    assert patient.not_known == ("initials", "sex", "medical_history")


def test_a_drug_has_its_first_dosage() -> None:
    dosages = (
        Dosage(dose=Decimal(20), dose_unit="mg", start_date=TS("20260301"), route_text="oral", batch_number="L 1"),
        Dosage(dose=Decimal(40), dose_unit="mg", start_date=TS("20260308"), batch_number="L 2"),
    )
    of = told(drugs=(Drug(role="1", name="Exemplon", dosages=dosages),))
    (drug,) = of.content.drugs
    assert (drug.dose, drug.route, drug.start, drug.batch_number) == (
        Dose(value=20, unit="mg"),
        "oral",
        "2026-03-01",
        "L 1",
    )
    of = told(drugs=(Drug(name="Exemplon", dosages=(Dosage(dose=Decimal(1), route=Coded("048", "x")),)),))
    assert of.content.drugs[0].dose is None
    rules = set(found(of).values())
    assert {"dose-unit-missing", "route-code-only"} <= rules


def test_parts_are_known_by_their_ids_or_places() -> None:
    of = told(reactions=(Reaction(id="r-1"), Reaction()), primary_sources=(PrimarySource(), PrimarySource()))
    assert [each.received_id for each in of.content.reactions] == ["r-1", "#1"]
    assert [each.received_id for each in of.content.reporters] == ["#0", "#1"]


@pytest.mark.parametrize(
    ("sender_type", "first_aware_at"),
    [("1", "2026-03-30"), ("6", "2026-03-30"), ("2", None), ("3", None), ("4", None), ("7", None), (None, None)],
)
def test_only_who_may_act_for_the_sponsor_states_its_awareness(
    sender_type: str | None, first_aware_at: str | None
) -> None:
    like = message("SE-ORBIS-1")
    of = told(sender=replace(like.report.sender, sender_type=sender_type))
    assert of.first_aware_at == first_aware_at
    assert of.latest_information_on == "2026-03-30"
    assert ("first-aware-by-partner" in found(of).values()) is (first_aware_at is not None)


def test_awareness_after_the_receipt_counts_for_nothing() -> None:
    of = told_of(message("SE-ORBIS-1", first_received=TS("20260403")))
    assert of.first_aware_at is None
    assert found(of)["report/identification/first_received"] == "first-aware-after-receipt"


def test_an_instant_goes_on_with_its_offset() -> None:
    of = told_of(message("SE-ORBIS-1", first_received=TS("20260330020000+0900")))
    assert of.first_aware_at == "2026-03-30T02:00:00+09:00"


def test_the_sender_and_its_number() -> None:
    of = told_of(message("SE-ORBIS-1"))
    assert (of.sender.organisation, of.sender.case_id) == ("Orbis Demonstration AB", "SE-ORBIS-1")
    assert of.sender.type is SenderType.PHARMACEUTICAL_COMPANY
    like = message("SE-ORBIS-1", safety_report_id=None)
    of = told_of(replace(like, report=replace(like.report, sender=replace(like.report.sender, organisation=None))))
    assert (of.sender.organisation, of.sender.case_id) == ("ORBIS", "SE-ORBIS-1")  # N.2.r.2, N.2.r.1


def test_identifiers_are_kept_byte_for_byte() -> None:
    odd = " se-ORBIS/0001\u00e9 "
    of = told_of(
        message(
            "SE-ORBIS-1", worldwide_case_id=odd, other_identifiers=(OtherCaseIdentifier(source="A", identifier=odd),)
        )
    )
    assert of.content.worldwide_case_id == odd
    assert of.content.other_case_ids[0].identifier == odd


@pytest.mark.parametrize(
    ("code", "rule"), [("1", "nullification"), ("2", "amendment"), ("9", "nullification-or-amendment")]
)
def test_nullification_and_amendment_are_asked_about(code: str, rule: str) -> None:
    of = told_of(message("SE-ORBIS-1", nullification_or_amendment=code))
    assert found(of)["report/identification/nullification_or_amendment"] == rule
    assert of.content.drugs


def test_more_members_than_a_case_holds_are_told_of() -> None:
    of = told(reactions=tuple(Reaction(reported_text=f"r{n}") for n in range(501)))
    assert len(of.content.reactions) == 500
    assert found(of)["report/reactions"] == "too-many"
