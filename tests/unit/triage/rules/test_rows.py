"""Each row of the tables is decided as it says; paragraphs and dates are typed by hand, from the sources."""

from pathlib import Path

import pytest

from tests.builders import RULES
from tests.unit.triage.rules.cases import Row, decided, differs, rows

ROWS = rows(Path(__file__).parent)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_decided_as_it_says(row: Row) -> None:
    decision = decided(row)
    assert differs(row, decision) is None
    if decision.due is not None:
        assert decision.arithmetic is not None
        assert decision.due.isoformat() in decision.arithmetic


def test_every_active_destination_has_eight_rows() -> None:
    counted = {each.id: sum(row.destination == each.id for row in ROWS) for each in RULES.destinations}
    assert {name: count for name, count in counted.items() if count < 8} == {}
    assert len(ROWS) >= 165
