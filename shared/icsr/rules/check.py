"""A message is checked against everything the guide demands before it is written (guide v5.03, section 3.4)."""

from __future__ import annotations

from collections.abc import Iterator

from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.message import Batch
from shared.icsr.rules.declared import check_occurrence, rule_id
from shared.icsr.rules.fda import check_fda
from shared.icsr.rules.fda_pathway import MORE_NULLS, addressed
from shared.icsr.rules.ich import check_messages
from shared.icsr.rules.ids import check_ids
from shared.icsr.rules.required_with import check_requirements
from shared.icsr.rules.walk import Members, Occurrence, named, occurrences
from shared.icsr.rules.within_entry import check_entries


def check(batch: Batch) -> tuple[Issue, ...]:
    """All that is wrong with a batch: first element by element, then what holds between elements."""
    return (
        *_elements(batch),
        *check_requirements(batch),
        *check_entries(batch),
        *check_ids(batch),
        *check_messages(batch),
        *check_fda(batch),
    )


def _elements(batch: Batch) -> Iterator[Issue]:
    to_fda = addressed(batch)
    for found in occurrences(batch):
        if to_fda and isinstance(found, Occurrence) and found.value in MORE_NULLS.get(found.element.id, ()):
            continue
        if isinstance(found, Members) or found.element.authority == "ICH" or to_fda:
            yield from check_occurrence(found)
        elif found.value is not None:
            yield _elsewhere(found)


def _elsewhere(found: Occurrence) -> Issue:
    element = found.element
    return Issue(
        Severity.WARNING,
        rule_id(element.id, "elsewhere"),
        element.id,
        found.location,
        f"{named(element)} is {element.authority}'s own, and the batch does not go there.",
        "Leave it out for this receiver.",
    )
