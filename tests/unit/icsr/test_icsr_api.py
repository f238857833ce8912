"""The facade lists, checks and reads without any schema set."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.icsr import api
from shared.icsr.e2b.writer import write_batch
from tests.golden.icsr.models import minimal, rich
from tests.unit.icsr.change import changed


def test_elements_are_listed_with_the_field_that_holds_them() -> None:
    listed = {info.element.id: info for info in api.elements()}
    assert listed["G.k.1"].field == "messages[].report.drugs[].role"
    assert listed["G.k.4.r.7"].field == "messages[].report.drugs[].dosages[].batch_number"
    assert listed["C.1.2"].field == "messages[].report.identification.creation_date"
    assert listed["FDA.C.1.7.1"].element.authority == "FDA"
    assert listed["C.1.1"].element.authority == "ICH"


def test_without_schemas_nothing_is_claimed() -> None:
    assert api.check_schema(b"anything", None) == api.SchemaResult(checked=False)


def test_a_configured_folder_without_schemas_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="DAYZERO_E2B_SCHEMAS"):
        api.check_schema(write_batch(minimal()), tmp_path)


def test_structure_is_checked_from_the_file() -> None:
    assert api.check_structure(write_batch(rich())) == ()
    broken = write_batch(changed(rich(), "messages[0].report.drugs[1].name", None))
    assert [issue.rule_id for issue in api.check_structure(broken)] == ["ICH.G.k.2.2.missing"]
