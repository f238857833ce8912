"""Case-level seriousness goes to every event without a statement of its own, marked as derived (DOMAIN 4)."""

from typing import Any

import pytest

from shared.contracts.clinical import Reaction
from shared.contracts.code_lists import Criterion
from tests.unit.intake.conftest import read

HOSPITAL = (Criterion.HOSPITALISATION,)
CASE_LEVEL: list[tuple[dict[str, Any], dict[str, Any], Reaction]] = [
    (
        {"serious": True, "seriousness_criteria": ["hospitalisation"]},
        {},
        Reaction(verbatim="x", serious=True, criteria=HOSPITAL, criteria_derived=True),
    ),
    ({"serious": True}, {}, Reaction(verbatim="x", serious=True, criteria_derived=True)),
    ({"serious": False}, {}, Reaction(verbatim="x", serious=False, criteria_derived=True)),
    (
        {"seriousness_criteria": ["hospitalisation"]},
        {},
        Reaction(verbatim="x", criteria=HOSPITAL, criteria_derived=True),
    ),
    (
        {"serious": True, "seriousness_criteria": ["hospitalisation"]},
        {"serious": True},
        Reaction(verbatim="x", serious=True, criteria=HOSPITAL, criteria_derived=True),
    ),
    (
        {"serious": True, "seriousness_criteria": ["hospitalisation"]},
        {"serious": False},
        Reaction(verbatim="x", serious=False),
    ),
    (
        {"serious": True, "seriousness_criteria": ["hospitalisation"]},
        {"criteria": ["results_in_death"]},
        Reaction(verbatim="x", criteria=(Criterion.DEATH,)),
    ),
    ({"serious": False}, {"serious": True}, Reaction(verbatim="x", serious=True)),
    ({}, {}, Reaction(verbatim="x")),
]


@pytest.mark.parametrize(("case", "own", "expected"), CASE_LEVEL)
def test_case_level_seriousness(case: dict[str, Any], own: dict[str, Any], expected: Reaction) -> None:
    assert read({**case, "reactions": [{"verbatim": "x", **own}]}).content.reactions == (expected,)
