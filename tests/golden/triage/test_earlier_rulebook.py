"""Records made when 2026.1 was the only rulebook come out byte for byte (DOMAIN 9).

The file was written by the code of that time and is never written anew.
"""

from pathlib import Path

import msgspec
import pytest

from shared.contracts.clinical import CaseContent
from tests.builders import DAY_ZERO, RULEBOOKS, a_reference
from triage.domain.pipeline import assess
from triage.domain.rulebook import in_force

RECORDED = (Path(__file__).parent / "decided_by_2026.1.ndjson").read_bytes().splitlines()


class Recorded(msgspec.Struct, frozen=True):
    """A case, and what was stored of its decisions."""

    case: str
    content: CaseContent
    decisions: msgspec.Raw


@pytest.mark.parametrize("line", RECORDED, ids=lambda line: msgspec.json.decode(line, type=Recorded).case)
def test_a_record_comes_out_byte_for_byte(line: bytes) -> None:
    recorded = msgspec.json.decode(line, type=Recorded)
    rulebook = in_force(RULEBOOKS, DAY_ZERO)
    assert rulebook.version == "2026.1"
    found = assess(recorded.content, DAY_ZERO, "CH", a_reference(rulebook=rulebook))
    assert msgspec.json.encode(found.decisions) == bytes(recorded.decisions)
