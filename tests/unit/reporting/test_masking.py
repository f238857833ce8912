"""EudraVigilance is told thirteen elements as MSK and eleven of the sender not at all; FDA as they are."""

from dataclasses import fields, replace

import pytest

from reporting.domain.masking import masked_for
from shared.icsr.model.message import SafetyReport
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.rules.carry import said
from tests.unit.icsr.filled import filled

MASKED = {
    "C.2.r.1.1", "C.2.r.1.2", "C.2.r.1.3", "C.2.r.1.4", "C.2.r.2.1", "C.2.r.2.2", "C.2.r.2.3", "C.2.r.2.6", "C.2.r.2.7",
    "D.1.1.1", "D.1.1.2", "D.1.1.3", "D.10.1",
}  # fmt: skip
NOT_MASKED = {"D.1", "D.2.1", "D.5", "C.2.r.2.4", "C.2.r.2.5", "C.2.r.3"}


@pytest.fixture
def report() -> SafetyReport:
    return filled(messages=1).messages[0].report


def by_element(report: SafetyReport) -> dict[str, set[object]]:
    found: dict[str, set[object]] = {}
    for each in said(report):
        if each.value is not None:
            found.setdefault(each.element.id, set()).add(each.value)
    return found


def test_thirteen_elements_go_to_the_eu_as_masked(report: SafetyReport) -> None:
    before, after = by_element(report), by_element(masked_for("EMA", report))
    assert {name for name in before if after.get(name) != before[name]} <= MASKED
    assert {name: after[name] for name in MASKED} == {name: {NullFlavor.MSK} for name in MASKED}
    assert {name: after[name] for name in NOT_MASKED} == {name: before[name] for name in NOT_MASKED}


def test_what_has_no_value_is_not_said_to_be_known(report: SafetyReport) -> None:
    source = report.primary_sources[0]
    nobody = replace(source, **{each.name: None for each in fields(source)})
    after = masked_for("EMA", replace(report, primary_sources=(nobody,)))
    assert after.primary_sources == (nobody,)
    unknown = replace(source, title=NullFlavor.ASKU)
    assert masked_for("EMA", replace(report, primary_sources=(unknown,))).primary_sources[0].title is NullFlavor.ASKU


def test_fda_is_told_as_it_is(report: SafetyReport) -> None:
    assert masked_for("FDA", report) == report
