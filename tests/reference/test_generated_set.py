"""A generated set of messages, in which every element with a published OID is told more than once, is written, accepted
by ICH's schema set and read back equal (guide v5.03, section 3.4 and Appendix I (A)).

Needs `$DAYZERO_REFERENCE` or `../shared/reference`.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.icsr import api
from shared.icsr.e2b.writer import write_batch
from shared.icsr.element import Element
from shared.icsr.model.message import Batch
from shared.icsr.rules.walk import Occurrence, occurrences
from tests.reference.test_icsr_reference import SCHEMAS
from tests.unit.icsr.filled import filled, value_for


def _every_value(element: Element, n: int) -> object:
    return value_for(element, n)


def _null_where_allowed(element: Element, n: int) -> object:
    nulls = sorted(element.nulls, key=lambda flavor: flavor.value)
    return nulls[n % len(nulls)] if nulls else value_for(element, n)


def _first_members_only(element: Element, n: int) -> object:
    return value_for(element, n) if element.refers or not n % 2 else None


def _mandatory_only(element: Element, n: int) -> object:
    told = element.refers or element.conformance.value in {"Mandatory", "Required"}
    return value_for(element, n) if told else None


SET: dict[str, Callable[[Element, int], object]] = {
    "every value": _every_value,
    "a nullFlavor wherever one is allowed": _null_where_allowed,
    "every other member": _first_members_only,
    "what is mandatory": _mandatory_only,
}


def _told(batch: Batch) -> Counter[str]:
    return Counter(
        f"{each.element.id} {each.element.part}"
        for each in occurrences(batch)
        if isinstance(each, Occurrence) and each.value is not None
    )


@pytest.mark.parametrize("name", SET)
def test_each_message_of_the_set_is_accepted_and_comes_back(name: str) -> None:
    batch = _as_read(filled(SET[name], messages=3))
    written = api.render(batch, SCHEMAS)
    assert written.xml is not None, written.issues
    again = api.read(written.xml)
    assert (again, again.unknown) == (batch, ())


def _as_read(batch: Batch) -> Batch:
    """Without the members that say nothing, which are not written, and what refers to one of them."""
    return replace(api.read(write_batch(batch)), unknown=())


def test_every_element_is_compared_at_more_than_one_repeat() -> None:
    told = sum((_told(_as_read(filled(make, messages=3))) for make in SET.values()), Counter[str]())
    declared = {f"{info.element.id} {info.element.part}" for info in api.elements()}
    assert set(told) == declared
    assert all(told[each] > 1 for each in declared)
    sys.stdout.write(f"generated set: {told.total()} values of {len(declared)} places compared\n")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.1, 0.5, 0.9]))
def test_random_cases_are_accepted_and_come_back(seed: int, chance: float) -> None:
    drawn = Random(seed)  # noqa: S311 - drawing each of a thousand values from hypothesis takes too long

    def make(element: Element, n: int) -> object:
        if element.refers or drawn.random() < chance:
            return value_for(element, n)
        return drawn.choice([None, *sorted(element.nulls, key=lambda flavor: flavor.value)])

    batch = _as_read(filled(make, messages=1))
    written = api.render(batch, SCHEMAS)
    assert written.xml is not None, written.issues
    again = api.read(written.xml)
    assert (again, again.unknown) == (batch, ())
