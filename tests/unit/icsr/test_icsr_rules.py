"""Each rule is seen to speak by changing one fact of a report that breaks none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any, cast

import pytest

from shared.icsr import api
from shared.icsr.e2b.writer import write_batch
from shared.icsr.elements.c1_identification import HeldDocument, OtherCaseIdentifier
from shared.icsr.elements.d8_past_drugs import PastDrug
from shared.icsr.elements.d10_parent import Parent
from shared.icsr.elements.f_tests import Test
from shared.icsr.elements.fda_regional import FdaReport
from shared.icsr.elements.g_drugs import Substance
from shared.icsr.model.dates import TS
from shared.icsr.model.issue import Severity
from shared.icsr.model.message import Batch, Unread
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Unparsed
from shared.icsr.rules.fda_pathway import MORE_NULLS
from shared.icsr.rules.required_with import REQUIREMENTS, Requires
from shared.icsr.rules.walk import Occurrence, declared_element, occurrences, records
from tests.golden.icsr.models import minimal, rich
from tests.unit.icsr.change import changed
from tests.unit.icsr.filled import filled

REPORT = "messages[0].report"
CASE = f"{REPORT}.identification"
REACTION = f"{REPORT}.reactions[0]"
DRUG = f"{REPORT}.drugs[0]"
UNREAD = cast("Any", Unparsed("?"))

# location of the changed fact, its new value, the rules that must speak (and no others)
CASES: list[tuple[str, object, set[str]]] = [
    ("batch_number", None, {"ICH.N.1.2.missing"}),
    ("batch_number", "x" * 101, {"ICH.N.1.2.length"}),
    ("message_type", "2", {"ICH.N.1.1.code"}),
    ("transmission_date", TS("20260401"), {"ICH.N.1.5.precision"}),
    ("messages", (), {"ICH.N.2.r.missing"}),
    ("messages[0].message_id", "SE-ORBIS-9", {"ICH.N.2.r.1.equal"}),
    (f"{CASE}.safety_report_id", None, {"ICH.C.1.1.missing", "ICH.N.2.r.1.equal"}),
    (f"{CASE}.safety_report_id", "XX-ORBIS-0001", {"ICH.C.1.1.country", "ICH.N.2.r.1.equal"}),
    (f"{CASE}.safety_report_id", "SE0001", {"ICH.C.1.1.form", "ICH.N.2.r.1.equal"}),
    (f"{CASE}.creation_date", TS("20260401"), {"ICH.C.1.2.precision", "ICH.N.2.r.4.equal"}),
    (f"{CASE}.report_type", "5", {"ICH.C.1.3.code"}),
    (f"{CASE}.report_type", "2", {"ICH.C.5.4.required"}),
    (f"{CASE}.first_received", TS("202603"), {"ICH.C.1.4.precision"}),
    (f"{CASE}.first_received", TS("20260331"), {"ICH.C.1.5.order"}),
    (f"{CASE}.first_received", "20260330", {"ICH.C.1.4.datatype"}),
    (f"{CASE}.safety_report_id", Unparsed("?"), {"ICH.C.1.1.datatype", "ICH.N.2.r.1.equal"}),
    (f"{CASE}.documents", (HeldDocument(title="a", included=UNREAD),), {"ICH.C.1.6.1.r.2.datatype"}),
    (f"{CASE}.most_recent_information", TS("20260403"), {"ICH.C.1.5.future"}),
    (f"{CASE}.expedited", None, {"ICH.C.1.7.missing"}),
    (f"{CASE}.expedited", NullFlavor.UNK, {"ICH.C.1.7.null-flavor"}),
    (f"{CASE}.has_other_identifiers", False, {"ICH.C.1.9.1.code"}),
    (f"{CASE}.has_other_identifiers", True, {"ICH.C.1.9.1.r.required"}),
    (
        f"{CASE}.other_identifiers",
        (OtherCaseIdentifier(source="a", identifier="b"),),
        {"ICH.C.1.9.1.r.required"},
    ),
    (f"{CASE}.nullification_or_amendment", "1", {"ICH.C.1.11.2.required"}),
    (f"{CASE}.nullification_or_amendment_reason", "why", {"ICH.C.1.11.1.required"}),
    (f"{REPORT}.primary_sources", (), {"ICH.C.2.r.missing"}),
    (f"{REPORT}.primary_sources[0].regulatory_purposes", None, {"ICH.C.2.r.5.once"}),
    (f"{REPORT}.primary_sources[0].country", None, {"ICH.C.2.r.3.required"}),
    (f"{REPORT}.primary_sources[0].country", "se", {"ICH.C.2.r.3.code"}),
    (f"{REPORT}.primary_sources[0].qualification", None, {"ICH.C.2.r.4.missing"}),
    (f"{REPORT}.sender.organisation", None, {"ICH.C.3.2.required"}),
    (f"{REPORT}.patient.initials", None, {"ICH.D.1.missing"}),
    (f"{REPORT}.patient.age", Decimal(48), {"ICH.D.2.2b.required"}),
    (f"{REPORT}.patient.age_unit", "a", {"ICH.D.2.2a.required"}),
    (f"{REPORT}.patient.height", Decimal("168.5"), {"ICH.D.4.form", "ICH.D.4.length"}),
    (f"{REPORT}.patient.weight", Decimal("-3"), {"ICH.D.3.form"}),
    (f"{REPORT}.patient.weight", Decimal("NaN"), {"ICH.D.3.form"}),
    (f"{REPORT}.medical_history.narrative", None, {"ICH.D.7.2.required"}),
    (f"{REPORT}.death.death_date", TS("2026"), {"ICH.D.9.3.required"}),
    ("messages[0].message_date", TS("20260401120001+0200"), {"ICH.N.2.r.4.equal"}),
    (f"{CASE}.additional_documents", True, {"ICH.C.1.6.1.r.1.required"}),
    (f"{REPORT}.past_drugs", (PastDrug(mpid="1"),), {"ICH.D.8.r.1.required"}),
    (f"{REPORT}.past_drugs", (PastDrug(name=NullFlavor.NA, mpid="1", phpid="2"),), {"ICH.D.8.r.3b.either"}),
    (f"{REPORT}.parent", Parent(weight=Decimal(60)), {"ICH.D.10.6.required"}),
    (f"{REPORT}.parent", Parent(weight=Decimal(60), sex=NullFlavor.UNK), set()),
    (f"{REPORT}.tests", (Test(name="ALT", result_text="high"),), {"ICH.F.r.1.required"}),
    (f"{REPORT}.tests", (Test(test_date=NullFlavor.UNK, name="ALT"),), {"ICH.F.r.3.4.required"}),
    (f"{REPORT}.tests", (Test(test_date=TS("2026"), comments="c"),), {"ICH.F.r.2.1.required"}),
    (
        f"{REPORT}.tests",
        (Test(test_date=TS("2026"), name="ALT", result_above=Decimal(9), result_below=NullFlavor.PINF),),
        {"ICH.F.r.3.3.required"},
    ),
    (f"{DRUG}.substances", (Substance(name="a", strength=Decimal(5)),), {"ICH.G.k.2.3.r.3b.required"}),
    (f"{REPORT}.reactions", (), {"ICH.E.i.missing"}),
    (f"{REACTION}.results_in_death", False, {"ICH.E.i.3.2a.code"}),
    (f"{REACTION}.other_medically_important", None, {"ICH.E.i.3.2f.missing"}),
    (f"{REACTION}.other_medically_important", NullFlavor.ASKU, {"ICH.E.i.3.2f.null-flavor"}),
    (f"{REACTION}.meddra_code", "990001", {"ICH.E.i.2.1b.form"}),
    (f"{REACTION}.reported_text", "Sturz", {"ICH.E.i.1.1b.required"}),
    (f"{REACTION}.reported_language", "swe", {"ICH.E.i.1.1a.required"}),
    (f"{REPORT}.drugs", (), {"ICH.G.k.missing"}),
    (f"{DRUG}.role", "2", {"ICH.G.k.1.suspect"}),
    (f"{DRUG}.role", None, {"ICH.G.k.1.missing", "ICH.G.k.1.suspect"}),
    (f"{DRUG}.name", " \n", {"ICH.G.k.2.2.blank"}),
    (f"{DRUG}.authorisation_number", "12", {"ICH.G.k.3.2.required"}),
    (f"{REPORT}.narrative.case_narrative", "before\x0bafter", {"ICH.H.1.characters"}),
    (f"{REPORT}.narrative.case_narrative", "\ud800", {"ICH.H.1.characters"}),
    (f"{REPORT}.narrative.case_narrative", "x" * 100_001, {"ICH.H.1.length"}),
    (f"{DRUG}.substances", (Substance(),), {"ICH.G.k.2.3.r.empty"}),
    ("unknown", (Unread("a/b", "c", "no place"),), {"DZ.unknown"}),
]

RICH_CASES: list[tuple[str, object, set[str]]] = [
    ("messages[0].message_receiver", "CDER", {"FDA.R0007"}),
    ("messages[0].message_sender", "OTHER", {"FDA.R0100"}),
    (f"{REPORT}.fda", FdaReport(), {"FDA.C.1.7.1.missing"}),
    (f"{REPORT}.fda.local_criteria_report_type", "3", {"FDA.C.1.7.1.code", "FDA.R0016"}),
    (f"{REPORT}.fda.local_criteria_report_type", "2", {"FDA.R0016"}),
    (f"{CASE}.report_type", "4", {"FDA.R0008", "FDA.R0112"}),
    (f"{DRUG}.role", "4", {"FDA.R0070"}),
    (f"{DRUG}.dosages[0].dose_unit", None, {"ICH.G.k.4.r.1b.required"}),
    (f"{DRUG}.dosages[0].dose", None, {"ICH.G.k.4.r.1a.required"}),
    (f"{DRUG}.dosages[0].dose_unit", "spoon", {"ICH.G.k.4.r.1b.code"}),
    (f"{DRUG}.indications[0].meddra_version", None, {"ICH.G.k.7.r.2a.required"}),
    (f"{DRUG}.indications[0].meddra_code", None, {"ICH.G.k.7.r.2b.required"}),
    (f"{DRUG}.indications[0].meddra_version", "28.1", {"ICH.E.i.2.1a.one-version"}),
    (f"{CASE}.other_identifiers[0].source", None, {"ICH.C.1.9.1.r.1.required"}),
    (f"{CASE}.other_identifiers[0].identifier", None, {"ICH.C.1.9.1.r.2.required"}),
    (f"{REPORT}.study.study_type", None, {"FDA.R0110", "ICH.C.5.4.required"}),
]


def _speaking(batch: Batch) -> set[str]:
    return {issue.rule_id for issue in api.check(batch)}


@pytest.mark.parametrize(("location", "value", "rules"), CASES)
def test_a_changed_fact_breaks_its_rules(location: str, value: object, rules: set[str]) -> None:
    assert _speaking(changed(minimal(), location, value)) == rules


@pytest.mark.parametrize(("location", "value", "rules"), RICH_CASES)
def test_a_changed_fact_of_the_rich_report_breaks_its_rules(location: str, value: object, rules: set[str]) -> None:
    assert _speaking(changed(rich(), location, value)) == rules


def test_every_mandatory_or_required_element_is_missed() -> None:
    """Whatever is declared mandatory or required is reported when taken out, one by one."""
    for found in occurrences(rich()):
        if isinstance(found, Occurrence) and found.element.conformance.value in {"Mandatory", "Required"}:
            issues = api.check(changed(rich(), found.location, None))
            missing = [issue for issue in issues if issue.rule_id.endswith(".missing")]
            assert [(issue.element_id, issue.location) for issue in missing] == [(found.element.id, found.location)]


def test_no_element_takes_a_null_flavor_it_does_not_allow() -> None:
    """Of each flavor, all elements at once; those that say whose rules hold one by one."""
    found = {each.location: each.element for each in occurrences(rich()) if isinstance(each, Occurrence)}
    addresses = [[location] for location in found if location.endswith("_receiver")]
    assert len(addresses) == 2
    together = [location for location in found if [location] not in addresses]
    for flavor, locations in product(NullFlavor, (together, *addresses)):
        batch = rich()
        for location in locations:
            batch = changed(batch, location, flavor)
        told = [(issue.location, issue.rule_id) for issue in api.check(batch)]
        refused = {at for at, rule in told if at in found and rule.endswith(f"{found[at].id}.null-flavor")}
        # The report goes to FDA, which takes some more.
        allowed = {at: found[at].nulls | MORE_NULLS.get(found[at].id, frozenset()) for at in locations}
        assert refused == {at for at, flavors in allowed.items() if flavor not in flavors}, flavor


@pytest.mark.parametrize("line", REQUIREMENTS, ids=lambda line: f"{line.kind.__name__}.{line.when}-{line.needs}")
def test_every_requirement_speaks(line: Requires) -> None:
    """Taken from a report in which everything is said, what another element demands is missed."""
    rule = f"ICH.{declared_element(line.kind, line.needs).id}.required"
    found: Iterator[tuple[str, object]] = records(filled(), line.kind)
    said = [at for at, record in found if getattr(record, line.when) is not None]
    assert said
    for at in said:
        assert rule in {issue.rule_id for issue in api.check(changed(filled(), f"{at}.{line.needs}", None))}


def test_a_null_flavor_does_not_meet_a_requirement_it_is_not_allowed_for() -> None:
    batch = changed(minimal(), f"{REPORT}.sender.organisation", NullFlavor.UNK)
    assert _speaking(batch) == {"ICH.C.3.2.null-flavor"}


def test_doubtful_future_is_a_warning_and_does_not_stop_the_report() -> None:
    """On 1 April at noon in Stockholm it may be the 2nd where the report came in."""
    written = api.write(changed(minimal(), f"{CASE}.most_recent_information", TS("20260402")))
    assert [(issue.rule_id, issue.severity) for issue in written.issues] == [("ICH.C.1.5.future", Severity.WARNING)]
    assert written.xml is not None


def test_an_error_stops_the_report() -> None:
    written = api.write(changed(minimal(), f"{DRUG}.name", None))
    assert written.xml is None
    empty, issue = sorted(written.issues, key=lambda each: each.element_id)
    assert empty.rule_id == "ICH.G.k.empty"
    assert (issue.rule_id, issue.element_id, issue.location) == ("ICH.G.k.2.2.missing", "G.k.2.2", f"{DRUG}.name")
    assert "Medicinal product name" in issue.message
    assert issue.cure == "Give a value."


def test_a_case_is_in_a_batch_once() -> None:
    batch = minimal()
    assert _speaking(replace(batch, messages=batch.messages * 2)) == {"ICH.N.2.r.1.unique"}


def test_two_sources_for_regulatory_purposes_are_one_too_many() -> None:
    batch = minimal()
    sources = batch.messages[0].report.primary_sources
    assert _speaking(changed(batch, f"{REPORT}.primary_sources", sources * 2)) == {"ICH.C.2.r.5.once"}


def _post_market(**identification: object) -> Batch:
    batch = replace(minimal(), batch_receiver="ZZFDATST")
    batch = changed(batch, "messages[0].message_receiver", "CDER")
    batch = changed(batch, f"{REPORT}.fda", FdaReport(local_criteria_report_type="1"))
    for name, value in identification.items():
        batch = changed(batch, f"{CASE}.{name}", value)
    return batch


@pytest.mark.parametrize("group", ["reactions", "drugs"])
def test_an_id_names_one_record(group: str) -> None:
    """Two of one id would be written as a report with another meaning; so would one that was there be told of."""
    first, second = getattr(filled().messages[0].report, group)
    batch = changed(filled(messages=1), f"{REPORT}.{group}[1]", replace(second, id=first.id))
    told = [each for each in api.write(batch).issues if each.rule_id == "DZ.id.unique"]
    assert [(each.location, each.severity) for each in told] == [(f"{REPORT}.{group}[1].id", Severity.ERROR)]
    assert api.write(batch).xml is None
    assert api.render(batch, None).xml is None
    again = api.read(write_batch(batch))
    assert "DZ.id.unique" in _speaking(again)


def test_a_derived_id_is_never_one_that_is_given() -> None:
    batch = changed(minimal(), f"{DRUG}.id", None)
    written = api.read(write_batch(batch)).messages[0].report.drugs[0]
    both = changed(batch, f"{REPORT}.drugs", (replace(written, id=None), written))
    assert len({each.id for each in api.read(write_batch(both)).messages[0].report.drugs}) == 2


@pytest.mark.parametrize(
    "identity", ["a b", " ", "\u00e9", "/", "a/", "/a", '<a>&"', "x\0", "a/\ud800", "\u0661.2", "3.1", "1.02"]
)
def test_an_id_the_schema_refuses_is_an_error(identity: str) -> None:
    batch = changed(minimal(), f"{DRUG}.id", identity)
    assert [(each.rule_id, each.location) for each in api.check(batch)] == [("DZ.id.form", f"{DRUG}.id")]
    assert api.write(batch).xml is None


@pytest.mark.parametrize("identity", [None, "D1", "2.16.840.1/a b/c", "3c91b4d5-e039-4a7a-9c30-67671b0ef9e4"])
def test_an_id_the_schema_takes_is_written(identity: str | None) -> None:
    assert api.write(changed(minimal(), f"{DRUG}.id", identity)).issues == ()


def test_no_cure_is_a_pattern() -> None:
    """Whoever is told to write it otherwise reads words."""
    formed = [each for each in occurrences(filled()) if isinstance(each, Occurrence) and each.element.pattern]
    for found in {each.element.pattern: each for each in formed}.values():
        wrong = Decimal(-1) if found.element.kind is Decimal else "-"
        issues = api.check(changed(filled(), found.location, wrong))
        (cure,) = {each.cure for each in issues if each.rule_id == f"ICH.{found.element.id}.form"}
        assert cure.startswith("Write ")
        assert "\\" not in cure


def test_fda_post_market_rules() -> None:
    assert _speaking(_post_market()) == set()
    assert _speaking(_post_market(expedited=False)) == {"FDA.R0015"}
    assert _speaking(_post_market(expedited=NullFlavor.NI)) == {"FDA.R0011", "FDA.R0015"}
    seven_day = changed(_post_market(), f"{REPORT}.fda.local_criteria_report_type", "6")
    assert _speaking(seven_day) == {"FDA.R0014"}
    assert _speaking(changed(_post_market(), "messages[0].message_receiver", "EMA")) == {"FDA.R0006"}
    drug = _post_market().messages[0].report.drugs[0]
    first_concomitant = changed(_post_market(), f"{REPORT}.drugs", (replace(drug, role="2"), drug))
    assert _speaking(first_concomitant) == {"FDA.W0005"}


def test_fdas_element_is_out_of_place_elsewhere() -> None:
    batch = changed(minimal(), f"{REPORT}.fda", FdaReport(local_criteria_report_type="1"))
    assert [(issue.rule_id, issue.severity) for issue in api.check(batch)] == [
        ("FDA.C.1.7.1.elsewhere", Severity.WARNING)
    ]
