"""Every word of a case has its code, and every code is in its element's list (ICH E2B(R3) guide, section 3.4)."""

from enum import StrEnum

import pytest

from shared.contracts import codes
from shared.contracts.code_lists import (
    ActionTaken,
    AgeGroup,
    AgeUnit,
    Criterion,
    DrugRole,
    Outcome,
    Qualification,
    ReportType,
    Sex,
)
from shared.icsr.api import elements

LISTS = {info.element.id: info.element.codes for info in elements()}


@pytest.mark.parametrize(
    ("words", "table", "element_id"),
    [
        (ReportType, codes.REPORT_TYPES, "C.1.3"),
        (Qualification, codes.QUALIFICATIONS, "C.2.r.4"),
        (AgeUnit, codes.AGE_UNITS, "D.2.2b"),
        (AgeGroup, codes.AGE_GROUPS, "D.2.3"),
        (Sex, codes.SEXES, "D.5"),
        (Outcome, codes.OUTCOMES, "E.i.7"),
        (DrugRole, codes.ROLES, "G.k.1"),
        (ActionTaken, codes.ACTIONS_TAKEN, "G.k.8"),
    ],
)
def test_every_word_has_a_code_of_the_list(words: type[StrEnum], table: dict[StrEnum, str], element_id: str) -> None:
    allowed = LISTS[element_id]
    assert allowed is not None
    assert set(table) == set(words)
    assert set(table.values()) <= set(allowed.values)
    assert len(set(table.values())) == len(table)


def test_every_criterion_sets_one_field() -> None:
    assert set(codes.CRITERIA.values()) == set(Criterion)
