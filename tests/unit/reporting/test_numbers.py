"""A quantity is rounded to what its element holds; one that would become nothing, or does not fit, blocks by name."""

from decimal import Decimal

import pytest

from reporting.domain.values import Findings
from shared.icsr.elements.d_patient import Patient
from shared.icsr.elements.g_dosage import Dosage


@pytest.mark.parametrize(
    ("value", "field", "written"),
    [
        (72.123456789, "weight", "72.123"),
        (47.0, "age", "47"),
        (0.5, "age", "0.5"),
        (0.0, "age", "0"),
        (170.0, "height", "170"),
        (None, "age", "None"),
    ],
)
def test_a_quantity_keeps_the_decimals_that_fit(value: float | None, field: str, written: str) -> None:
    found = Findings()
    assert str(found.number(Patient, field, value)) == written
    assert found.issues == []


@pytest.mark.parametrize("value", [1e-7, 1e-300, 1e300, 1e308, 123456789.0])
def test_what_does_not_fit_blocks_and_is_never_nothing(value: float) -> None:
    found = Findings()
    assert found.number(Dosage, "dose", value) is None
    assert [(issue.rule_id, issue.element_id) for issue in found.issues] == [("number_does_not_fit", "G.k.4.r.1a")]
    assert Decimal(0) != found.number(Patient, "weight", value)
