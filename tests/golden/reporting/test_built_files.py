"""A built file changes only on purpose: regenerate with ``DAYZERO_GOLDEN=write`` and read the difference."""

import os
import re

import pytest

from tests.golden.reporting.scenes import FOLDER, SCENES


@pytest.mark.parametrize("name", SCENES)
def test_built_file_is_the_golden_one(name: str) -> None:
    built = SCENES[name]()
    golden = FOLDER / f"{name}.xml"
    if os.environ.get("DAYZERO_GOLDEN") == "write":
        golden.write_bytes(built)
    assert built == golden.read_bytes()


def test_a_correction_after_a_rejection_is_no_amendment() -> None:
    """Nothing was accepted yet: C.1.11.1 (code 3 of 1.23) is absent, N.1.2 and C.1.2 are new, C.1.5 is not."""
    first, second = (
        (FOLDER / f"{name}.xml").read_text() for name in ("fda_expedited_fatal", "fda_corrected_after_rejection")
    )
    assert not re.search(r'<code code="3" codeSystem="2\.16\.840\.1\.113883\.3\.989\.2\.1\.1\.23"/>', second)
    assert '<effectiveTime value="20260312093015+0000"/>' in first
    assert '<effectiveTime value="20260312113015+0000"/>' in second
    assert '<availabilityTime value="20260309"/>' in first
    assert '<availabilityTime value="20260309"/>' in second
    numbers = [re.findall(r'3\.22" extension="(\w+)"', text) for text in (first, second)]
    assert numbers[0] != numbers[1]
