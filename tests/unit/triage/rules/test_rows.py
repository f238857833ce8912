"""Each row of the tables is decided as it says; paragraphs and dates come from the sources, never from the code."""

from pathlib import Path

import pytest

from tests.builders import RULES
from tests.unit.triage.rules.cases import Row, decided, differs, rows
from triage.domain.determination import Confidence

ROWS = rows(Path(__file__).parent)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_decided_as_it_says(row: Row) -> None:
    decision = decided(row)
    assert differs(row, decision) is None
    if decision.due is not None:
        assert decision.arithmetic is not None
        assert decision.due.isoformat() in decision.arithmetic


def test_every_destination_has_ten_rows() -> None:
    counted = {each.id: sum(row.destination == each.id for row in ROWS) for each in RULES.destinations}
    assert {name: count for name, count in counted.items() if count < 10} == {}
    assert len(ROWS) >= 220


def test_every_rule_decides_a_row() -> None:
    assert {rule.id for rule in RULES.rules} - {row.rule for row in ROWS} == set()


def test_what_was_not_read_in_its_source_has_a_row_without_and_one_with_a_sign_off() -> None:
    unread = [rule for rule in RULES.rules if rule.confidence is not Confidence.VERIFIED]
    dormant = {each.id for each in RULES.destinations if each.dormant}
    wanted = {(rule.id, signed) for rule in unread for signed in ("yes", "no")}
    wanted -= {(rule.id, "no") for rule in unread if rule.destination in dormant}  # it takes no part
    found = {(id_, row.case.get("signed", "no")) for row in ROWS for id_ in (row.rule, *row.also)}
    assert wanted - found == set()
