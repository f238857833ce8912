"""Every file that reporting builds is accepted by ICH's schema set (guide v5.03, Appendix I (A))."""

import os
from pathlib import Path

import pytest

from shared.icsr.api import check_schema
from tests.golden.reporting.scenes import FOLDER, SCENES
from tests.unit.reporting.cases import approved
from tests.unit.reporting.desk import Desk

REFERENCE = Path(os.environ.get("DAYZERO_REFERENCE", Path(__file__).parents[3] / "shared" / "reference"))
SCHEMAS = REFERENCE / "e2b" / "schemas"


@pytest.mark.parametrize("name", SCENES)
def test_golden_file_is_accepted(name: str) -> None:
    result = check_schema((FOLDER / f"{name}.xml").read_bytes(), SCHEMAS)
    assert (result.checked, result.issues) == (True, ())


def test_a_build_with_the_schema_set_says_so() -> None:
    assert Desk(SCHEMAS).built(approved()).schema_checked


def test_a_broken_file_is_not_accepted() -> None:
    golden = (FOLDER / "fda_expedited_fatal.xml").read_bytes()
    assert check_schema(golden.replace(b"<statusCode", b"<noStatusCode"), SCHEMAS).issues
