"""The published document is the committed one: a change of the API shows in the diff of a review.

To accept a change: ``python -m tests.golden.intake.test_openapi_golden``.
"""

import json
from pathlib import Path

from intake.api.docs_openapi import document

GOLDEN = Path(__file__).with_name("openapi.json")


def published() -> str:
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def test_the_document_is_the_committed_one() -> None:
    assert published() == GOLDEN.read_text(encoding="utf-8")


if __name__ == "__main__":
    GOLDEN.write_text(published(), encoding="utf-8")
