"""A body that holds any clinical content is accepted, however poor (DOMAIN 1).

The body as received is asked, not its structured form: a reaction written in the wrong form is still a reaction.
"""

from collections.abc import Mapping
from typing import Any

CLINICAL = (
    "patient",
    "reactions",
    "drugs",
    "narrative",
    "reporter_comments",
    "sender_comments",
    "serious",  # with a case id alone it may be the follow-up that makes a case serious
    "seriousness_criteria",
)


def holds_clinical_content(body: Mapping[str, Any]) -> bool:
    """Say whether anything at all is said under a clinical name."""
    return any(_says_something(body.get(name)) for name in CLINICAL)


def _says_something(value: Any) -> bool:
    """Look into lists and objects; the parser has bounded their depth."""
    if isinstance(value, Mapping):
        return any(_says_something(each) for each in value.values())
    if isinstance(value, list):
        return any(_says_something(each) for each in value)
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None
