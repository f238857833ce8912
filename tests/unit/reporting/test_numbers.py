"""A quantity is rounded to what its element holds; one that would become nothing, or does not fit, blocks by name."""

from decimal import Decimal

import pytest

from reporting.domain.values import Findings


@pytest.mark.parametrize(
    ("value", "length", "written"),
    [
        (72.123456789, 6, "72.123"),
        (47.0, 5, "47"),
        (0.5, 5, "0.5"),
        (0.0, 5, "0"),
        (170.0, 3, "170"),
        (None, 5, "None"),
    ],
)
def test_a_quantity_keeps_the_decimals_that_fit(value: float | None, length: int, written: str) -> None:
    found = Findings()
    assert str(found.number("D.3", value, length)) == written
    assert found.issues == []


@pytest.mark.parametrize("value", [1e-7, 1e-300, 1e300, 1e308, 123456789.0])
def test_what_does_not_fit_blocks_and_is_never_nothing(value: float) -> None:
    found = Findings()
    assert found.number("G.k.4.r.1a", value, 8) is None
    assert [(issue.rule_id, issue.element_id) for issue in found.issues] == [("number_does_not_fit", "G.k.4.r.1a")]
    assert Decimal(0) != found.number("D.3", value, 6)
